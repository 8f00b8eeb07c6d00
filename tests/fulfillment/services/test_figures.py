"""Figures of a day against the rows it is made of, added up here by other code."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from fulfillment.domain.arrival_window import arrival_window
from fulfillment.domain.kpi_parts import Parts, parts_from_json
from fulfillment.models.delivery import Stop, Trip
from fulfillment.models.figures import (
    CampaignFigures,
    CohortFigures,
    LeaderFigures,
    PointFigures,
    SkuFigures,
)
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.settlement import CommissionEntry, CommissionKind
from fulfillment.services.figures import (
    cohorts_add_up,
    figures_add_up,
    figures_add_up_due,
)
from orders.models.campaigns import Campaign, CampaignState
from orders.models.claims import Claim
from orders.models.ledger import Transfer
from orders.models.orders import Order, OrderLine, OrderState
from orders.models.payments import RefundLine
from tests.factories.figures import LATER, ToldDay, told_day
from tests.factories.orders import CampaignFactory, OrderFactory, ResidentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def day() -> ToldDay:
    """A day that was added up three days after its delivery."""
    told = told_day()
    assert figures_add_up_due(now=LATER) == 1
    return told


def stored() -> Parts:
    return parts_from_json(CampaignFigures.objects.get().parts)


def ledger_fen(*events: str) -> int:
    return sum(Transfer.objects.filter(event__in=events).values_list("amount_fen", flat=True))


def test_sales_are_those_of_the_orders_to_the_fen(day: ToldDay) -> None:
    lines = [line for order in Order.objects.all() for line in order.lines.all()]
    refunds = list(RefundLine.objects.values_list("refund__reason", "amount_fen"))

    parts = stored()

    assert (parts.orders, parts.lines, parts.pieces) == (4, len(lines), 27)
    assert parts.paid_fen == sum(line.qty * line.unit_price_fen for line in lines)
    assert parts.refunded_fen == sum(fen for _reason, fen in refunds) == 3 * 290 + 200
    assert parts.refunds_fen == {"shortage": 870, "after_sales": 200}
    assert parts.claims_by_kind == {"spoiled": 1}


def test_money_is_that_of_the_ledger_to_the_fen(day: ToldDay) -> None:
    parts = stored()

    assert parts.paid_fen == ledger_fen("payment_received")
    assert parts.refunded_fen == ledger_fen("refund_due", "sold_refund_due")
    assert parts.goods_fen == ledger_fen("goods_received")
    assert parts.commission_fen == ledger_fen("commission_held") - ledger_fen("commission_clawback")
    assert parts.fee_fen == parts.net_fen * 60 // 10_000


def test_goods_and_costs_are_those_of_their_rows(day: ToldDay) -> None:
    bought = list(PurchaseOrderLine.objects.all())
    trips = list(Trip.objects.all())

    parts = stored()

    assert parts.bought_pieces == sum(line.packs * line.pack_factor for line in bought)
    # 29 arrived, two of them were rejected.
    assert (parts.accepted_pieces, parts.received_pieces) == (27, 27)
    assert (parts.allocated_pieces, parts.short_pieces) == (24, 3)
    # L1 was given 7 potatoes and tofu of its first order, and nothing of its second.
    assert (parts.handed_pieces, parts.arrived_orders, parts.fetched_orders) == (7, 1, 1)
    assert parts.trips == len(trips)
    assert parts.distance_m == sum(stop.distance_m for stop in Stop.objects.all()) + sum(
        trip.return_distance_m for trip in trips
    )
    assert parts.delivery_fen == sum(_trip_fen(trip) for trip in trips)
    assert (parts.warehouse_fen, parts.packing_fen) == (24 * 30, 24 * 5)
    assert parts.logistics_fen == parts.delivery_fen + 24 * 35


def test_hours_stops_and_answers_are_counted(day: ToldDay) -> None:
    parts = stored()

    # Three cards, two pieces each, two minutes from the first entry to the last.
    assert (parts.sorted_pieces, parts.timed_pieces, parts.sorter_seconds) == (6, 6, 120)
    # Half an hour late is inside the window, an hour is not.
    assert (parts.stops, parts.timed_stops, parts.punctual_stops) == (2, 2, 1)
    assert (parts.first_answers, parts.resolutions) == ({90: 1}, {1: 1})
    assert (parts.selling_leaders, parts.leaders) == (2, 2)
    assert (parts.week_buyers, parts.week_repeaters) == (4, 0)


@pytest.mark.parametrize("minutes", [-20, 34, 36])
def test_the_window_is_the_one_that_leaders_are_told(minutes: int) -> None:
    told = told_day(minutes_late=minutes)
    stop = Stop.objects.get(drop__pickup_point__leader__code="L1")
    at = stop.start_at + timedelta(minutes=minutes)
    window = arrival_window(stop.start_at)

    figures_add_up(campaign_id=told.run.campaign_id, now=LATER)

    is_inside = window.arrive_from <= at <= window.arrive_to
    assert stored().punctual_stops == int(is_inside)


def test_leaders_skus_and_points_add_up_to_the_campaign(day: ToldDay) -> None:
    parts = stored()

    for model in (LeaderFigures, SkuFigures, PointFigures):
        rows = list(model._default_manager.values())
        assert sum(row["paid_fen"] for row in rows) == parts.paid_fen
        assert sum(row["refunded_fen"] for row in rows) == parts.refunded_fen
        assert sum(row["pieces"] for row in rows) == parts.pieces
    assert sum(LeaderFigures.objects.values_list("orders", flat=True)) == parts.orders
    assert sum(LeaderFigures.objects.values_list("claims", flat=True)) == parts.claims
    assert sum(SkuFigures.objects.values_list("cost_fen", flat=True)) == parts.goods_fen
    assert sum(SkuFigures.objects.values_list("short_pieces", flat=True)) == 3
    assert sum(PointFigures.objects.values_list("given_pieces", flat=True)) == 24


def test_one_leader_and_one_sku_by_hand(day: ToldDay) -> None:
    leader = LeaderFigures.objects.get(leader__code="L1")
    tofu = SkuFigures.objects.get(sku__code="K2")

    # O1: 3 of K1 and 4 of K2; O3: 3 of K2, none of which came.
    assert (leader.orders, leader.residents, leader.pieces) == (2, 2, 10)
    assert (leader.paid_fen, leader.refunded_fen) == (3 * 400 + 7 * 290, 870 + 200)
    assert (leader.short_pieces, leader.claims) == (3, 1)
    assert (tofu.lines, tofu.pieces, tofu.short_pieces, tofu.claims) == (3, 9, 3, 1)
    assert tofu.cost_fen == 6 * (290 * 3 // 4)


def test_adding_up_again_changes_nothing_and_what_changed_is_replaced(day: ToldDay) -> None:
    before = CampaignFigures.objects.values_list("parts", flat=True).get()
    rows = Counter(LeaderFigures.objects.values_list("leader", "paid_fen", "claims"))

    figures_add_up(campaign_id=day.run.campaign_id, now=LATER + timedelta(hours=1))

    assert CampaignFigures.objects.get().parts == before
    assert Counter(LeaderFigures.objects.values_list("leader", "paid_fen", "claims")) == rows

    Claim.objects.update(kind="damaged")
    figures_add_up(campaign_id=day.run.campaign_id, now=LATER + timedelta(hours=2))

    assert stored().claims_by_kind == {"damaged": 1}


def test_a_claw_back_and_a_loss_that_others_bear_are_counted(day: ToldDay) -> None:
    sale = CommissionEntry.objects.filter(kind=CommissionKind.SALE).first()
    assert sale is not None
    fields = {
        name: getattr(sale, name)
        for name in ("leader", "order_line", "plan_code", "rate_bp", "hold_until", "created_at")
    }
    for kind, fen in ((CommissionKind.CLAWBACK, 7), (CommissionKind.LOSS, 50)):
        CommissionEntry.objects.create(**fields, kind=kind, cause="R1", base_fen=60, amount_fen=fen)
    commission_fen, base_fen = (
        stored().commission_fen,
        sum(
            CommissionEntry.objects.filter(kind=CommissionKind.SALE).values_list(
                "base_fen", flat=True
            )
        ),
    )
    CommissionEntry.objects.update(state="released")

    figures_add_up(campaign_id=day.run.campaign_id, now=LATER)

    parts = stored()
    assert parts.commission_fen == parts.released_fen == commission_fen - 7
    assert (parts.recovered_fen, parts.released_base_fen) == (50, base_fen - 60)


def test_a_day_is_added_up_when_it_is_over_and_again_while_it_changes() -> None:
    told_day()
    midnight = LATER.replace(day=11, hour=16)

    assert figures_add_up_due(now=midnight - timedelta(minutes=1)) == 0
    assert figures_add_up_due(now=midnight) == 1
    assert figures_add_up_due(now=midnight + timedelta(minutes=59)) == 0
    assert figures_add_up_due(now=midnight + timedelta(minutes=60)) == 1
    assert figures_add_up_due(now=midnight + timedelta(days=14)) == 1
    assert figures_add_up_due(now=midnight + timedelta(days=15)) == 0


def test_a_day_whose_goods_were_never_shared_out_has_no_figures() -> None:
    CampaignFactory.create(delivery_date=date(2026, 3, 1), state=CampaignState.FROZEN)

    assert figures_add_up_due(now=LATER) == 0
    assert not CampaignFigures.objects.exists()


def test_a_campaign_takes_a_fixed_number_of_statements(
    day: ToldDay, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(18):
        figures_add_up(campaign_id=day.run.campaign_id, now=LATER)


def _trip_fen(trip: Trip) -> int:
    vehicle = trip.vehicle
    metres = sum(trip.stops.values_list("distance_m", flat=True)) + trip.return_distance_m
    seconds = (trip.returns_at - trip.departs_at).total_seconds()
    return round(
        vehicle.fixed_cost_fen / vehicle.trips.count()
        + metres * vehicle.cost_per_km_fen / 1_000
        + seconds * vehicle.cost_per_hour_fen / 3_600
    )


def ordered(resident: object, day: date) -> None:
    """An order paid at noon of a day."""
    noon = timezone.make_aware(datetime.combine(day, time(12)))
    OrderFactory.create(
        resident=resident,
        campaign=Campaign.objects.first() or CampaignFactory.create(city="青石"),
        state=OrderState.COMPLETED,
        paid_at=noon,
    )


def test_a_cohort_is_who_came_first_that_week_and_who_came_again() -> None:
    monday = date(2026, 3, 2)
    faithful, once, older = ResidentFactory.create_batch(3)
    for day in (monday, monday + timedelta(days=1), monday + timedelta(days=7)):
        ordered(faithful, day)
    ordered(once, monday + timedelta(days=6))
    ordered(older, monday - timedelta(days=400))
    ordered(older, monday)
    city = Campaign.objects.get().city

    is_new = cohorts_add_up(city=city, today=monday + timedelta(days=15))

    rows = CohortFigures.objects.filter(first_week=monday)
    assert is_new
    assert list(rows.values_list("weeks_after", "residents")) == [(0, 2), (1, 1)]
    assert CohortFigures.objects.count() == 13 * 14 // 2
    assert not cohorts_add_up(city=city, today=monday + timedelta(days=15))
    assert OrderLine.objects.count() == 0
