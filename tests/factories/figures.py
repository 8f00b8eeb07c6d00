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
