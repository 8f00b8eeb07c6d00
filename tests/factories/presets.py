"""Rows of presets of campaigns."""

from datetime import time

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from orders.models.presets import CampaignPreset, PresetLine
from tests.factories.orders import SkuFactory


class CampaignPresetFactory(DjangoModelFactory[CampaignPreset]):
    """Any day from 7:00 to 22:58, delivered the day after."""

    class Meta:
        model = CampaignPreset

    name = Sequence(lambda n: f"平日{n}")
    city = "郑州"
    opens_time = time(7)
    orders_close_time = time(22, 58)
    payment_minutes = 3
    freeze_minutes = 2


class PresetLineFactory(DjangoModelFactory[PresetLine]):
    """A SKU at its newest price."""

    class Meta:
        model = PresetLine

    preset = SubFactory(CampaignPresetFactory)
    sku = SubFactory(SkuFactory)
