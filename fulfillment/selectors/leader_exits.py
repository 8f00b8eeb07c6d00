"""What is still open between a leader and us; nobody leaves while anything is."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import BigIntegerField, Case, Count, F, Q, Sum, When

from fulfillment.models.payouts import Payout, PayoutState
from fulfillment.models.settlement import (
    DEDUCTIONS,
    CommissionEntry,
    CommissionState,
    SettlementState,
    SettlementStatement,
)
from fulfillment.models.totes import ToteCount
from leaders.models.care import LeaderExit, LeaderExitState
from leaders.models.leaders import Leader
from orders.models.claims import Claim, ClaimState
from orders.models.orders import Order, OrderState

PAYOUTS_IN_FLIGHT = (
    PayoutState.PREPARED,
    PayoutState.APPROVED,
    PayoutState.SUBMITTED,
    PayoutState.WAIT_CONFIRM,
)
# From the order to the end of the after-sales window; what is not paid soon lapses.
ORDERS_OPEN = (
    OrderState.PENDING_PAYMENT,
    OrderState.PAID,
    OrderState.FROZEN,
    OrderState.REFUNDING,
)


class MatterKind(StrEnum):
    """What may be open."""

    HELD = "held"
    RELEASED = "released"
    STATEMENT = "statement"
    PAYOUT = "payout"
    DEBT = "debt"
    ORDERS = "orders"
    CLAIMS = "claims"
    TOTES = "totes"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMatter:
    """One kind of open matter: how many, and the fen where it is money."""

    kind: MatterKind
    count: int
    fen: int | None = None


def open_matters(leader: Leader) -> tuple[OpenMatter, ...]:
    """Everything that keeps a leader from leaving, in six queries; nothing if nothing does.

    Deductions count as negative, so what is due may be less than nothing: a
    debt. Orders are those of the leader's residents, and those that come to
    the leader's points.
    """
    return tuple(_found(leader))


def exit_of(leader: Leader) -> LeaderExit | None:
    """The notice that runs, if one does."""
    return LeaderExit.objects.filter(leader=leader, state=LeaderExitState.NOTICED).first()


def _found(leader: Leader) -> Iterator[OpenMatter]:
    due_fen = 0
    for kind, count, fen in _commission(leader):
        if kind is MatterKind.RELEASED:
            due_fen += fen
        yield OpenMatter(kind=kind, count=count, fen=fen)
    for matter in _statements(leader):
        due_fen += matter.fen or 0
        yield matter
    if due_fen < 0:
        yield OpenMatter(kind=MatterKind.DEBT, count=1, fen=-due_fen)
    flying = Payout.objects.filter(statement__leader=leader, state__in=PAYOUTS_IN_FLIGHT)
    sums = flying.aggregate(count=Count("pk"), fen=Sum("amount_fen"))
    if sums["count"]:
        yield OpenMatter(kind=MatterKind.PAYOUT, count=sums["count"], fen=sums["fen"])
    yield from _goods(leader)


def _commission(leader: Leader) -> Iterator[tuple[MatterKind, int, int]]:
    kinds = {
        CommissionState.HELD.value: MatterKind.HELD,
        CommissionState.RELEASED.value: MatterKind.RELEASED,
    }
    signed = Case(
        When(kind__in=DEDUCTIONS, then=-F("amount_fen")),
        default=F("amount_fen"),
        output_field=BigIntegerField(),
    )
    rows = (
        CommissionEntry.objects.filter(leader=leader, state__in=kinds)
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"), fen=Sum(signed))
    )
    for state, count, fen in sorted(rows):
        yield kinds[state], count, fen


def _statements(leader: Leader) -> Iterator[OpenMatter]:
    """Statements that are not paid out; one that was carried counts until another took it."""
    unpaid = SettlementStatement.objects.filter(
        Q(state__in=[SettlementState.ISSUED, SettlementState.PAYING])
        | (Q(state=SettlementState.CARRIED, carried_into__isnull=True) & ~Q(net_fen=0)),
        leader=leader,
    ).aggregate(count=Count("pk"), fen=Sum("net_fen"))
    if unpaid["count"]:
        yield OpenMatter(kind=MatterKind.STATEMENT, count=unpaid["count"], fen=unpaid["fen"])


def _goods(leader: Leader) -> Iterator[OpenMatter]:
    orders = Order.objects.filter(
        Q(leader=leader) | Q(pickup_point__leader=leader), state__in=ORDERS_OPEN
    ).count()
    if orders:
        yield OpenMatter(kind=MatterKind.ORDERS, count=orders)
    claims = Claim.objects.filter(order_line__order__leader=leader, state=ClaimState.FILED).count()
    if claims:
        yield OpenMatter(kind=MatterKind.CLAIMS, count=claims)
    totes = ToteCount.objects.filter(leader=leader).aggregate(
        held=Sum(F("out_qty") - F("in_qty"), default=0)
    )["held"]
    if totes > 0:
        yield OpenMatter(kind=MatterKind.TOTES, count=totes)
