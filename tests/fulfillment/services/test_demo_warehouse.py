"""What a demo's warehouse is given."""

from datetime import timedelta

import pytest

from fulfillment.models.supplier_papers import SupplierPaper
from fulfillment.models.weighing import Scale
from fulfillment.services.demo_warehouse import demo_warehouse_equip
from tests.builders import OPENS_AT
from tests.factories.fulfillment import SupplierFactory, WarehouseFactory

pytestmark = pytest.mark.django_db


def test_it_has_a_verified_scale_and_licences_of_which_one_runs_out_soon() -> None:
    WarehouseFactory.create(code="W1")
    SupplierFactory.create_batch(3)

    demo_warehouse_equip(now=OPENS_AT)
    demo_warehouse_equip(now=OPENS_AT)

    today = OPENS_AT.date()
    assert [scale.verified_until > today for scale in Scale.objects.all()] == [True]
    last_days = SupplierPaper.objects.order_by("expires_on").values_list("expires_on", flat=True)
    soon = today + timedelta(days=7)
    assert [last is not None and last <= soon for last in last_days] == [True, False, False]
