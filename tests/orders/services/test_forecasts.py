"""Learning how demand builds up."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.domain.demand_history import STEPS
from orders.models.campaigns import Offer
from orders.models.forecasts import DemandCurve, SkuBuildUp
from orders.models.orders import OrderLine
from orders.services.forecasts import demand_curves_learn
from tests.factories.forecasts import OPENS_AT, campaign_on, past_campaign, sell
from tests.factories.orders import SkuFactory

pytestmark = pytest.mark.django_db

NOW = OPENS_AT + timedelta(hours=2)
STEPS_PER_HOUR = STEPS // 16


def build_up(campaign_id: int) -> dict[int, int]:
    """The steps of the only SKU of a campaign in which something was paid."""
    (row,) = SkuBuildUp.objects.filter(campaign_id=campaign_id)
    return {step: pieces for step, pieces in enumerate(row.pieces_by_step) if pieces}


def test_a_campaign_that_is_over_is_learnt_once() -> None:
    campaign = past_campaign(1, {SkuFactory.create(): {0: 3, 15: 5}})

    assert [demand_curves_learn(now=NOW), demand_curves_learn(now=NOW)] == [1, 0]

    assert build_up(campaign.pk) == {1: 3, 46: 5}
    curve = DemandCurve.objects.get()
    assert (curve.city, curve.weekday, curve.days, curve.error_bp) == ("郑州", None, 1, None)
    assert curve.shares_bp[:2] == [0, 3_750]
    assert curve.shares_bp[45:] == [3_750, 10_000, 10_000]


def test_a_payment_in_the_last_second_counts_in_the_last_step() -> None:
    campaign = past_campaign(1, {SkuFactory.create(): {0: 3}})
    campaign.orders.update(paid_at=campaign.payments_close_at)

    demand_curves_learn(now=NOW)

    assert build_up(campaign.pk) == {STEPS - 1: 3}


def test_void_lines_were_no_demand() -> None:
    campaign = past_campaign(1, {SkuFactory.create(): {0: 3, 2: 4}})
    OrderLine.objects.filter(qty=3).update(is_void=True)

    demand_curves_learn(now=NOW)

    assert build_up(campaign.pk) == {2 * STEPS_PER_HOUR + 1: 4}


def test_campaigns_that_still_sell_or_last_for_days_teach_nothing() -> None:
    sell(campaign_on(), SkuFactory.create(), {0: 3})
    presale = past_campaign(3, {SkuFactory.create(): {0: 3}})
    presale.opens_at -= timedelta(days=2)
    presale.save()

    assert demand_curves_learn(now=NOW) == 0


def test_what_sold_out_or_was_sold_in_a_slot_is_marked() -> None:
    free, gone, slot = (SkuFactory.create() for _ in range(3))
    campaign = past_campaign(1, {free: {0: 3}, gone: {0: 3}, slot: {0: 3}})
    Offer.objects.filter(sku=free).update(stock_cap=4)
    Offer.objects.filter(sku=gone).update(stock_cap=3)
    Offer.objects.filter(sku=slot).update(sells_from=campaign.opens_at + timedelta(hours=1))

    demand_curves_learn(now=NOW)

    bounded = SkuBuildUp.objects.filter(is_bounded=True).values_list("sku", flat=True)
    assert set(bounded) == {gone.pk, slot.pk}


def test_a_weekday_gets_its_own_curve_with_the_third_of_its_kind() -> None:
    sku = SkuFactory.create()
    for days_before in (7, 14, 21, 1):
        past_campaign(days_before, {sku: {0: 10, 10: 10}})

    while demand_curves_learn(now=NOW):
        pass

    curves = list(DemandCurve.objects.order_by("days").values_list("weekday", "days"))
    assert curves == [(1, 3), (None, 4)]
    # Every day sold alike: what the others teach about one of them is hardly off.
    assert not DemandCurve.objects.filter(error_bp__gte=300).exists()
    assert not DemandCurve.objects.filter(error_bp=None).exists()


def test_what_is_older_than_sixty_days_is_forgotten() -> None:
    old = past_campaign(59, {SkuFactory.create(): {0: 3}})
    demand_curves_learn(now=NOW)
    past_campaign(1, {SkuFactory.create(): {0: 3}})

    demand_curves_learn(now=NOW + timedelta(days=3))

    assert not SkuBuildUp.objects.filter(campaign=old).exists()


def test_a_campaign_is_learnt_in_as_many_queries_whatever_it_sold() -> None:
    small = {SkuFactory.create(): {0: 1}}
    large = {SkuFactory.create(): dict.fromkeys(range(6), 2) for _ in range(4)}
    counts = []
    for days_before, sold in ((2, small), (1, large)):
        past_campaign(days_before, sold)
        with CaptureQueriesContext(connection) as captured:
            assert demand_curves_learn(now=NOW) == 1
        counts.append(len(captured.captured_queries))

    assert counts[0] == counts[1]
