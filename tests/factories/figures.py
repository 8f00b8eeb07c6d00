"""A played day with everything figures are made of, and figures as rows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from factory.declarations import LazyAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from fulfillment.domain.kpi_parts import Parts, parts_to_json
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop, StopState
from fulfillment.models.driving import (
    DriverEvent,
    DriverEventKind,
    DriverEventOutcome,
    DriverEventResult,
)
from fulfillment.models.figures import CampaignFigures, LeaderFigures, PointFigures, SkuFigures
from fulfillment.models.handover import HandoverState
from fulfillment.models.sorting import SortEvent
from fulfillment.models.warehouse import SortTask
from fulfillment.services.claim_decisions import claim_answer
from leaders.models.accounts import Role, User
from leaders.models.leaders import Leader
from orders.models.claims import Claim, ClaimKind
from orders.models.orders import Order, OrderLine
from orders.services.claims import ClaimDecision
from tests.factories.fulfillment import HandoverFactory
from tests.factories.leaders import LeaderFactory, PickupPointFactory, UserFactory
from tests.factories.orders import CampaignFactory, ClaimFactory, SkuFactory
from tests.factories.pickups import FIVE, PickupFactory
from tests.fulfillment.services.days import played

DAY = date(2026, 3, 11)
# Three days after the delivery, in the morning of Shanghai.
LATER = datetime(2026, 3, 14, 1, 0, tzinfo=UTC)


class CampaignFiguresFactory(DjangoModelFactory[CampaignFigures]):
    """Figures of one day."""

    class Meta:
        model = CampaignFigures

    campaign = SubFactory(CampaignFactory)
    city = LazyAttribute(lambda row: row.campaign.city)
    delivery_date = LazyAttribute(lambda row: row.campaign.delivery_date)
    parts = LazyAttribute(lambda _row: parts_to_json(Parts(orders=2, lines=3, paid_fen=4_000)))
    added_up_at = LATER


class LeaderFiguresFactory(DjangoModelFactory[LeaderFigures]):
    """Figures of one leader."""

    class Meta:
        model = LeaderFigures

    campaign = SubFactory(CampaignFactory)
    leader = SubFactory(LeaderFactory)
    delivery_date = LazyAttribute(lambda row: row.campaign.delivery_date)
    orders = 2
    residents = 2
    pieces = 5
    paid_fen = Sequence(lambda number: 1_000 + number)
    refunded_fen = 0
    short_pieces = 0
    claims = 0


class SkuFiguresFactory(DjangoModelFactory[SkuFigures]):
    """Figures of one SKU."""

    class Meta:
        model = SkuFigures

    campaign = SubFactory(CampaignFactory)
    sku = SubFactory(SkuFactory)
    delivery_date = LazyAttribute(lambda row: row.campaign.delivery_date)
    lines = 3
    pieces = 5
    paid_fen = Sequence(lambda number: 1_000 + number)
    cost_fen = 700
    refunded_fen = 0
    short_pieces = 0
    claims = 0


class PointFiguresFactory(DjangoModelFactory[PointFigures]):
    """Figures of one pickup point."""

    class Meta:
        model = PointFigures

    campaign = SubFactory(CampaignFactory)
    pickup_point = SubFactory(PickupPointFactory)
    delivery_date = LazyAttribute(lambda row: row.campaign.delivery_date)
    orders = 2
    served_orders = 2
    pieces = 5
    given_pieces = 5
    paid_fen = Sequence(lambda number: 1_000 + number)
    refunded_fen = 0


@dataclass(frozen=True, slots=True)
class ToldDay:
    """The tiny day, played, delivered to leader L1 and fetched there, with one claim paid."""

    run: CutoffRun
    worker: User
    claim: Claim
    leader: Leader


def told_day(*, minutes_late: int = 30) -> ToldDay:
    """27 pieces of four orders, three short; the goods of L1 are handed over and fetched.

    The driver comes to L1 so long after the plan, and an hour late to L2.
    """
    run = played()
    worker = UserFactory.create(role=Role.WAREHOUSE)
    _sort(run, worker)
    stop = Stop.objects.get(drop__pickup_point__leader__code="L1")
    _arrive(stop, worker, minutes_late=minutes_late)
    _arrive(Stop.objects.exclude(pk=stop.pk).get(), worker, minutes_late=60)
    Stop.objects.filter(pk=stop.pk).update(state=StopState.DELIVERED)
    HandoverFactory.create(stop=stop, state=HandoverState.SIGNED)
    order = Order.objects.get(source_no="O1")
    PickupFactory.create(order=order, picked_up_at=FIVE, recorded_by=worker)
    return ToldDay(run, worker, _claim(order.lines.get(line_no=2)), order.leader)


def _sort(run: CutoffRun, worker: User) -> None:
    """One sorter puts a piece of every card into the slot of its first drop, minute by minute."""
    drop = run.waves.get().drops.order_by("slot_code")[0]
    for minute, task in enumerate(SortTask.objects.filter(wave__run=run).order_by("pk")):
        SortEvent.objects.create(
            event_id=uuid4(),
            sort_task=task,
            drop=drop,
            qty=2,
            sorter_name="小孟",
            actor=worker,
            at=datetime(2026, 3, 10, 20, minute, tzinfo=UTC),
        )


def _arrive(stop: Stop, worker: User, *, minutes_late: int) -> None:
    """The driver's phone says "arrived" so long after the plan."""
    at = stop.start_at + timedelta(minutes=minutes_late)
    event = DriverEvent.objects.create(
        trip=stop.trip,
        stop=stop,
        kind=DriverEventKind.ARRIVE,
        device_at=at,
        received_at=at,
        actor=worker,
    )
    DriverEventResult.objects.create(event=event, outcome=DriverEventOutcome.APPLIED, changed_at=at)


def _claim(line: OrderLine) -> Claim:
    """A claim that is answered after 90 minutes and gives 2.00 yuan back."""
    claim = ClaimFactory.create(
        order_line=line, kind=ClaimKind.SPOILED, asked_fen=290, filed_at=FIVE, qty=1
    )
    claim_answer(
        claim_id=claim.pk,
        decision=ClaimDecision(approve=True, refund_fen=200),
        choice=None,
        actor=UserFactory.create(role=Role.SERVICE),
        now=FIVE + timedelta(minutes=90),
    )
    answered: Claim = Claim.objects.get(pk=claim.pk)
    return answered


def parts_swung(swing: int) -> Parts:
    """The parts of a day that is busier the larger its swing, from 0 to 9."""
    return Parts(
        orders=900 + 40 * swing,
        lines=2_500 + 90 * swing,
        pieces=3_000 + 100 * swing,
        paid_fen=2_900_000 + 110_000 * swing,
        refunded_fen=42_000 + 2_500 * swing,
        refunds_fen={"shortage": 30_000 + 2_500 * swing, "after_sales": 12_000},
        allocated_pieces=2_960 + 97 * swing,
        bought_pieces=3_100 + 100 * swing,
        accepted_pieces=3_020 + 100 * swing,
        slotted_orders=40,
        punctual_orders=37 + swing % 3,
        received_pieces=3_020 + 100 * swing,
        handed_pieces=2_950 + 97 * swing,
        sorted_pieces=2_960 + 97 * swing,
        missorted_pieces=6 + swing,
        timed_pieces=2_960,
        sorter_seconds=34_000 + 300 * swing,
        stops=60,
        timed_stops=60,
        punctual_stops=57 + swing % 4,
        trips=4,
        distance_m=180_000,
        load_ml=31_000_000,
        capacity_ml=40_000_000,
        delivery_fen=150_000 + 5_000 * swing,
        warehouse_fen=90_000,
        packing_fen=15_000,
        logistics_fen=255_000 + 5_000 * swing,
        arrived_orders=890 + 40 * swing,
        fetched_orders=830 + 37 * swing,
        claims=50 + 6 * swing,
        claims_by_kind={"spoiled": 30 + 6 * swing, "missing": 20},
        first_answers={12: 30, 25: 12, 90: 8},
        resolutions={1: 30, 5: 15, 26: 5},
        goods_fen=2_100_000 + 80_000 * swing,
        commission_fen=280_000 + 10_000 * swing,
        fee_fen=17_000,
        released_fen=280_000,
        released_base_fen=2_850_000,
        selling_leaders=24,
        leaders=32,
        former_leaders=24,
        kept_leaders=21,
        week_buyers=3_000,
        week_repeaters=1_390,
        intents=120,
        paid_intents=109,
        po_minutes=4,
        po_days=1,
        label_minutes=38,
        label_days=1,
    )


def weeks_of_figures(until_on: date, *, days: int = 14) -> list[CampaignFigures]:
    """Days of one city whose figures rise and fall, with leaders, SKUs and points behind them."""
    leaders = LeaderFactory.create_batch(8)
    skus = SkuFactory.create_batch(8)
    points = [
        PickupPointFactory.create(leader=one, lng=113.70 + 0.01 * at, lat=34.75 + 0.006 * (at % 3))
        for at, one in enumerate(leaders)
    ]
    made = []
    for back in range(days):
        swing = (back * 7) % 10
        campaign = CampaignFactory.create(
            code=f"F{back}", city="青石", delivery_date=until_on - timedelta(days=back)
        )
        made.append(
            CampaignFiguresFactory.create(
                campaign=campaign, parts=parts_to_json(parts_swung(swing))
            )
        )
        for at in range(len(leaders)):
            fen = (at + 1) * 60_000 + 900 * swing
            LeaderFiguresFactory.create(campaign=campaign, leader=leaders[at], paid_fen=fen)
            SkuFiguresFactory.create(
                campaign=campaign, sku=skus[at], paid_fen=fen, cost_fen=fen * 7 // 10
            )
            PointFiguresFactory.create(campaign=campaign, pickup_point=points[at], paid_fen=fen)
    return made
