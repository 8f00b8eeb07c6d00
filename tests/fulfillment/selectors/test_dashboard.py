"""The leader's home: only their own, and always the same number of queries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.dashboard import leader_home
from fulfillment.selectors.leader_arrivals import newest_run_of_leader
from leaders.models.leaders import Leader
from orders.models.campaigns import CampaignState
from orders.models.catalogue import Storage
from tests.factories.care import SubstitutionFactory
from tests.factories.fulfillment import (
    CommissionEntryFactory,
    CutoffRunFactory,
    DropFactory,
    StopFactory,
    ToteFactory,
    WaveFactory,
)
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.levels import ladder, sold_in_bulk
from tests.factories.orders import (
    CampaignFactory,
    OrderLineFactory,
    RefundFactory,
    RefundLineFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 22, 0, tzinfo=UTC)


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create(code="L0001")


@pytest.fixture
def run() -> CutoffRun:
    return CutoffRunFactory.create(
        campaign=CampaignFactory.create(code="C1", state=CampaignState.FULFILLING)
    )


def sell(leader: Leader, run: CutoffRun, orders: int = 1) -> None:
    """Sell to so many residents, with a shortage and commission on each order."""
    for _ in range(orders):
        line = OrderLineFactory.create(order__leader=leader, order__campaign=run.campaign)
        refund = RefundFactory.create(payment__order=line.order)
        RefundLineFactory.create(refund=refund, order_line=line, qty=1, amount_fen=500)
        CommissionEntryFactory.create(order_line=line, amount_fen=50, base_fen=500)


def bring(leader: Leader, run: CutoffRun) -> None:
    """Plan a stop at 7:20 at a point of the leader, with three totes."""
    drop = DropFactory.create(
        wave__run=run, pickup_point=PickupPointFactory.create(leader=leader), slot_code="3-07"
    )
    ToteFactory.create_batch(2, drop=drop, storage=Storage.AMBIENT)
    ToteFactory.create(drop=drop, storage=Storage.CHILL)
    StopFactory.create(drop=drop, trip__delivery_run__cutoff_run=run)


def test_an_empty_platform_has_an_empty_home(lin: Leader) -> None:
    home = leader_home(lin, NOW)

    assert (home.campaign, home.clock, home.glance, home.arriving) == (None, None, None, None)
    assert (home.arrivals, home.recent, home.standing.levels) == ((), (), ())
    assert home.matters.is_nothing_to_do
    assert home.commission.held_fen == 0


def test_the_home_shows_sales_arrival_shortages_and_commission(lin: Leader, run: CutoffRun) -> None:
    sell(lin, run, orders=2)
    bring(lin, run)

    home = leader_home(lin, NOW)

    assert home.glance is not None
    assert (home.glance.now.orders, home.glance.now.paid_fen) == (2, 2000)
    assert (home.matters.short_pieces, home.matters.short_refund_fen) == (2, 1000)
    assert home.commission.held_fen == 100
    [arrival] = home.arrivals
    assert arrival.slot_code == "3-07"
    assert arrival.totes_count == 3
    assert [count for _label, count in arrival.totes] == [2, 1]
    assert arrival.window is not None
    assert arrival.window.arrive_from == datetime(2026, 3, 10, 23, 5, tzinfo=UTC)


def test_nothing_of_another_leader_is_on_the_home(lin: Leader, run: CutoffRun) -> None:
    other = LeaderFactory.create()
    sell(other, run)
    bring(other, run)

    home = leader_home(lin, NOW)

    assert home.glance is not None
    assert home.glance.now.orders == 0
    assert (home.arrivals, home.recent) == ((), ())
    assert home.matters.short_pieces == 0
    assert home.commission.held_fen == 0


def test_yesterdays_goods_arrive_while_todays_campaign_sells(lin: Leader, run: CutoffRun) -> None:
    bring(lin, run)
    today = CampaignFactory.create(
        opens_at=datetime(2026, 3, 10, 23, 0, tzinfo=UTC),
        orders_close_at=datetime(2026, 3, 11, 14, 0, tzinfo=UTC),
        payments_close_at=datetime(2026, 3, 11, 15, 0, tzinfo=UTC),
        freeze_at=datetime(2026, 3, 11, 15, 0, tzinfo=UTC),
        delivery_date=date(2026, 3, 12),
    )

    home = leader_home(lin, NOW)

    assert home.campaign == today
    assert home.arriving == run.campaign


def test_a_drop_without_a_route_has_no_window(lin: Leader, run: CutoffRun) -> None:
    DropFactory.create(
        wave=WaveFactory.create(run=run),
        pickup_point=PickupPointFactory.create(leader=lin),
        unserved_reason="no_vehicle",
    )

    [arrival] = leader_home(lin, NOW).arrivals

    assert (arrival.stop, arrival.window) == (None, None)
    assert arrival.unserved_reason == "no_vehicle"


def test_the_newest_run_is_the_one_that_comes_to_the_leader(lin: Leader, run: CutoffRun) -> None:
    bring(lin, run)
    later = CutoffRunFactory.create(campaign__delivery_date=date(2026, 3, 20))
    bring(LeaderFactory.create(), later)

    assert newest_run_of_leader(lin) == run


def test_who_minds_a_point_that_day_sees_its_arrival_and_its_leader_does_not(
    lin: Leader, run: CutoffRun
) -> None:
    bring(lin, run)
    substitute = LeaderFactory.create()
    day = run.campaign.delivery_date
    SubstitutionFactory.create(
        pickup_point=lin.pickup_points.get(), substitute=substitute, from_date=day, until_date=day
    )

    assert newest_run_of_leader(substitute) == run
    assert len(leader_home(substitute, NOW).arrivals) == 1
    assert leader_home(lin, NOW).arrivals == ()


def test_the_next_clock_is_the_one_that_strikes_next(lin: Leader) -> None:
    campaign = CampaignFactory.create()

    before = leader_home(lin, campaign.orders_close_at - timedelta(minutes=1)).clock
    after = leader_home(lin, campaign.freeze_at).clock

    assert before is not None
    assert before.at == campaign.orders_close_at
    assert after is None


def test_the_home_takes_eleven_queries_however_much_was_sold(
    lin: Leader, run: CutoffRun, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ladder()
    sell(lin, run)
    bring(lin, run)
    sold_in_bulk(lin, 10, campaign=run.campaign)

    with django_assert_num_queries(11):
        leader_home(lin, NOW)

    sold_in_bulk(lin, 2_000, campaign=CampaignFactory.create(code="C2"))
    with django_assert_num_queries(11):
        home = leader_home(lin, NOW)
    assert [day.orders for day in home.recent] == [11, 2_000]
