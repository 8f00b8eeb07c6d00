"""Drafts copied from a day, and made from a preset."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from leaders.models.audit import AuditEvent
from orders.models.campaigns import BelowCostReason, Campaign, CampaignState, StrikeMeaning
from orders.models.presets import PresetLine
from orders.price_errors import CampaignCodeTaken
from orders.services.campaign_drafts import (
    DraftWish,
    campaign_clone,
    campaign_from_preset,
    preset_from_campaign,
)
from tests.factories.drafts import EVENING, logged
from tests.factories.leaders import UserFactory
from tests.factories.orders import CampaignFactory, OfferFactory, SkuFactory
from tests.factories.presets import CampaignPresetFactory

pytestmark = pytest.mark.django_db

WISH = DraftWish(code="C20260317", sells_on=date(2026, 3, 17))


def local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}"


def cloned(source: Campaign, wish: DraftWish = WISH) -> Campaign:
    return campaign_clone(source=source, wish=wish, actor=UserFactory.create(), now=EVENING)


def test_a_copy_keeps_its_hours_on_another_day() -> None:
    campaign = cloned(CampaignFactory.create(city="洛阳"))

    assert campaign.state == CampaignState.DRAFT
    assert campaign.city == "洛阳"
    clocks = (
        campaign.opens_at,
        campaign.orders_close_at,
        campaign.payments_close_at,
        campaign.freeze_at,
    )
    assert [local(clock) for clock in clocks] == [
        "03-17 07:00",
        "03-17 22:58",
        "03-17 23:01",
        "03-17 23:03",
    ]
    assert campaign.delivery_date == date(2026, 3, 18)
    assert AuditEvent.objects.get().action == "campaign.drafted"


def test_a_copy_has_every_term_but_no_reason_to_sell_below_cost() -> None:
    source = CampaignFactory.create()
    OfferFactory.create(
        campaign=source,
        price_fen=390,
        stock_cap=40,
        stock_buckets=4,
        per_resident_limit=2,
        min_group_qty=10,
        sells_from=datetime(2026, 3, 10, 2, 0, tzinfo=UTC),
        sells_until=datetime(2026, 3, 10, 4, 0, tzinfo=UTC),
        commission_rate_bp=500,
        is_all_or_nothing=True,
        strike_price_fen=690,
        strike_meaning=StrikeMeaning.SUGGESTED,
        strike_source="厂家",
        below_cost_reason=BelowCostReason.MARKDOWN,
        below_cost_approved_by=UserFactory.create(),
        below_cost_approved_at=EVENING,
    )
    OfferFactory.create(campaign=source, sku__is_active=False)

    [copy] = cloned(source).offers.all()

    assert (copy.price_fen, copy.stock_cap, copy.stock_buckets) == (390, 40, 4)
    assert (copy.per_resident_limit, copy.min_group_qty) == (2, 10)
    assert (copy.commission_rate_bp, copy.is_all_or_nothing) == (500, True)
    assert (copy.strike_price_fen, copy.strike_meaning) == (690, "suggested")
    assert copy.sells_from is not None
    assert copy.sells_until is not None
    assert (local(copy.sells_from), local(copy.sells_until)) == ("03-17 10:00", "03-17 12:00")
    assert (copy.below_cost_reason, copy.below_cost_approved_by) == ("", None)


def test_a_presale_arrives_later() -> None:
    wish = DraftWish(code="P1", sells_on=date(2026, 3, 17), delivery_days=4)

    assert cloned(CampaignFactory.create(), wish).delivery_date == date(2026, 3, 21)


def test_a_code_is_used_once() -> None:
    source = CampaignFactory.create(code=WISH.code)

    with pytest.raises(CampaignCodeTaken):
        cloned(source)


def test_a_preset_becomes_a_draft_at_the_newest_prices() -> None:
    rule, priced, newest = CampaignPresetFactory.create(), SkuFactory.create(), SkuFactory.create()
    logged(newest, 790, EVENING - timedelta(days=3))
    PresetLine.objects.create(preset=rule, sku=priced, price_fen=690, per_resident_limit=3)
    PresetLine.objects.create(
        preset=rule,
        sku=newest,
        stock_cap=50,
        sells_from_time=time(10),
        sells_until_time=time(12),
    )
    PresetLine.objects.create(preset=rule, sku=SkuFactory.create(is_active=False))

    campaign = campaign_from_preset(preset=rule, wish=WISH, actor=UserFactory.create(), now=EVENING)

    assert (local(campaign.payments_close_at), local(campaign.freeze_at)) == (
        "03-17 23:01",
        "03-17 23:03",
    )
    assert campaign.delivery_date == date(2026, 3, 18)
    plain, flash = campaign.offers.order_by("pk")
    assert (plain.price_fen, plain.per_resident_limit, plain.sells_from) == (690, 3, None)
    assert (flash.price_fen, flash.stock_cap, flash.per_resident_limit) == (790, 50, 20)
    assert flash.sells_from is not None
    assert local(flash.sells_from) == "03-17 10:00"


def test_a_day_that_worked_becomes_a_preset_and_a_draft_again() -> None:
    source = CampaignFactory.create(delivery_date=date(2026, 3, 13))
    offer = OfferFactory.create(
        campaign=source, stock_cap=9, sells_until=datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
    )

    kept = preset_from_campaign(
        campaign=source, name="周二秒杀", weekday=1, actor=UserFactory.create(), now=EVENING
    )

    assert (kept.opens_time, kept.orders_close_time) == (time(7), time(22, 58))
    assert (kept.payment_minutes, kept.freeze_minutes, kept.delivery_days) == (3, 2, 3)
    [line] = kept.lines.all()
    assert (line.sku_id, line.price_fen, line.stock_cap) == (offer.sku_id, None, 9)
    assert (line.sells_from_time, line.sells_until_time) == (None, time(12))
