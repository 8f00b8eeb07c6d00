"""The forecast of a campaign that still sells."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models.campaigns import Offer
from orders.selectors.forecasts import campaign_forecast, campaigns_selling
from orders.services.forecasts import demand_curves_learn
from tests.factories.forecasts import OPENS_AT, campaign_on, past_campaign, sell
from tests.factories.orders import SkuFactory

pytestmark = pytest.mark.django_db

NOON = OPENS_AT + timedelta(hours=8)


def learnt() -> None:
    while demand_curves_learn(now=OPENS_AT):
        pass


def test_without_history_the_page_says_what_is_paid_and_no_more() -> None:
    campaign = campaign_on()
    sku = SkuFactory.create()
    sell(campaign, sku, {0: 3})

    found = campaign_forecast(campaign, NOON)

    assert (found.sold, found.total, found.naive_final, found.learnt_from) == (3, None, None, 0)
    assert [(row.sold, row.forecast, row.final) for row in found.skus] == [(3, None, 3)]
    assert found.points[-1].expected is None


def test_half_of_the_day_is_in_and_the_forecast_lies_between_twice_that_and_last_week() -> None:
    eggs, kale = SkuFactory.create(), SkuFactory.create()
    past_campaign(7, {eggs: {0: 100, 10: 100}, kale: {0: 10, 10: 10}})
    learnt()
    campaign = campaign_on()
    sell(campaign, eggs, {0: 150})

    found = campaign_forecast(campaign, NOON)

    assert (found.sold, found.naive_final, found.last_week, found.learnt_from) == (150, 300, 220, 1)
    assert found.total is not None
    assert 220 < found.total.final < 300
    assert found.total.low < found.total.final < found.total.high
    assert [row.offer.sku for row in found.skus] == [eggs]
    assert (found.skus[0].last_week, found.skus[0].campaigns) == (200, 1)
    assert 200 < found.skus[0].final < 300


def test_at_the_end_of_the_window_the_forecast_is_what_was_sold() -> None:
    eggs = SkuFactory.create()
    past_campaign(7, {eggs: {0: 100, 10: 100}})
    learnt()
    campaign = campaign_on()
    sell(campaign, eggs, {0: 7})

    found = campaign_forecast(campaign, campaign.payments_close_at)

    assert found.total is not None
    assert (found.total.final, found.naive_final, found.skus[0].final) == (7, 7, 7)


def test_caps_and_slots_bound_what_is_expected() -> None:
    capped, over, later = (SkuFactory.create() for _ in range(3))
    past_campaign(7, {sku: {0: 100, 10: 100} for sku in (capped, over, later)})
    learnt()
    campaign = campaign_on()
    for sku in (capped, over):
        sell(campaign, sku, {0: 90})
    sell(campaign, later, {})
    terms = Offer.objects.filter(campaign=campaign)
    terms.filter(sku=capped).update(stock_cap=120)
    terms.filter(sku=over).update(sells_until=campaign.opens_at + timedelta(hours=4))
    terms.filter(sku=later).update(sells_from=campaign.opens_at + timedelta(hours=9))

    found = {row.offer.sku_id: row.final for row in campaign_forecast(campaign, NOON).skus}

    assert found == {capped.pk: 120, over.pk: 90, later.pk: 200}


def test_the_line_of_the_picture_goes_from_what_is_paid_to_what_is_expected() -> None:
    eggs = SkuFactory.create()
    past_campaign(7, {eggs: {0: 100, 10: 100}})
    learnt()
    campaign = campaign_on()
    sell(campaign, eggs, {0: 100})

    found = campaign_forecast(campaign, NOON + timedelta(minutes=1))

    assert found.total is not None
    assert (found.points[0].at, found.points[0].paid) == (campaign.opens_at, 0)
    (present,) = [point for point in found.points if point.paid == point.expected]
    assert (present.at, present.paid) == (NOON + timedelta(minutes=1), 100)
    end = found.points[-1]
    assert end.at == campaign.payments_close_at
    assert (end.low, end.expected, end.high) == (
        found.total.low,
        found.total.final,
        found.total.high,
    )


def test_a_presale_of_days_is_not_forecast() -> None:
    past_campaign(7, {SkuFactory.create(): {0: 100}})
    learnt()
    campaign = campaign_on()
    campaign.opens_at -= timedelta(days=3)

    assert campaign_forecast(campaign, NOON).total is None


def test_other_cities_teach_nothing() -> None:
    past_campaign(7, {SkuFactory.create(): {0: 100}})
    learnt()
    campaign = campaign_on()
    campaign.city = "洛阳"

    assert campaign_forecast(campaign, NOON).learnt_from == 0


def test_a_forecast_needs_three_queries_whatever_was_sold() -> None:
    eggs, kale = SkuFactory.create(), SkuFactory.create()
    past_campaign(7, {eggs: {0: 1}})
    learnt()
    campaign = campaign_on()
    sell(campaign, eggs, {0: 1})
    with CaptureQueriesContext(connection) as few:
        campaign_forecast(campaign, NOON)

    past_campaign(2, {eggs: {0: 1}, kale: {1: 1}})
    learnt()
    for sku in (kale, SkuFactory.create()):
        sell(campaign, sku, {0: 1, 2: 3, 4: 1})
    with CaptureQueriesContext(connection) as many:
        campaign_forecast(campaign, NOON)

    assert len(few.captured_queries) == len(many.captured_queries) == 3


def test_what_closes_first_is_offered_first() -> None:
    later, sooner = campaign_on(0), campaign_on(1)

    assert list(campaigns_selling()) == [sooner, later]
