"""A leader's money matters: refunds for shortages, and commission."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    Min,
    Q,
    QuerySet,
    Sum,
    When,
)

from fulfillment.models.settlement import DEDUCTIONS, CommissionEntry, CommissionState
from leaders.domain.phones import mask_name, phone_last4
from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign
from orders.models.payments import RefundLine, RefundReason, RefundState

# A claw-back or a loss takes from what sales earned.
SIGNED_FEN = Case(
    When(
        kind__in=DEDUCTIONS,
        then=ExpressionWrapper(-F("amount_fen"), output_field=BigIntegerField()),
    ),
    default=F("amount_fen"),
    output_field=BigIntegerField(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortLine:
    """Pieces of one order line that were refunded because they never came."""

    order_id: int
    pickup_no: int | None
    door: str
    resident: str
    phone_last4: str
    sku_name: str
    unit: str
    ordered_qty: int
    qty: int
    refund_fen: int
    is_paid_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionHeld:
    """Commission that is earned and not paid out yet: held, due, or in a statement."""

    held_fen: int
    next_release_at: datetime | None
    released_fen: int
    settled_fen: int

    @property
    def due_fen(self) -> int:
        """What is to be paid out now, in a statement or for the next one."""
        return self.released_fen + self.settled_fen


class CommissionDay(NamedTuple):
    """One campaign's commission in one state."""

    code: str
    delivery_date: date
    state: str
    hold_until: datetime
    lines: int
    base_fen: int
    amount_fen: int

    @property
    def is_held(self) -> bool:
        """Still waiting for its day."""
        return self.state == CommissionState.HELD

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(CommissionState(self.state).label)


def short_lines_of_leader(leader: Leader, campaign: Campaign) -> tuple[ShortLine, ...]:
    """The refunds for shortages of the leader's residents, by product and door.

    Later losses of a line are refunded by a refund of their own; here they
    are one line.
    """
    rows = (
        RefundLine.objects.filter(
            refund__reason=RefundReason.SHORTAGE,
            order_line__order__leader=leader,
            order_line__order__campaign=campaign,
        )
        .select_related("refund", "order_line__order")
        .order_by("order_line__sku_name", "order_line__order__pickup_no", "pk")
    )
    of_line: dict[int, list[RefundLine]] = {}
    for row in rows:
        of_line.setdefault(row.order_line_id, []).append(row)
    return tuple(_short_line(own) for own in of_line.values())


def commission_held_of_leader(leader: Leader) -> CommissionHeld:
    """What the leader has earned and will be paid, in one query."""
    held = Q(state=CommissionState.HELD)
    figures = _signed(leader).aggregate(
        held_fen=Sum("signed_fen", filter=held, default=0),
        next_release_at=Min("hold_until", filter=held),
        released_fen=Sum("signed_fen", filter=Q(state=CommissionState.RELEASED), default=0),
        settled_fen=Sum("signed_fen", filter=Q(state=CommissionState.SETTLED), default=0),
    )
    return CommissionHeld(**figures)


def commission_days_of_leader(leader: Leader) -> list[CommissionDay]:
    """Commission on sales campaign by campaign, the newest first."""
    rows = (
        _signed(leader)
        .filter(order_line__isnull=False)
        .values("state", "hold_until", "order_line__order__campaign")
        .annotate(
            code=F("order_line__order__campaign__code"),
            day=F("order_line__order__campaign__delivery_date"),
            lines=Count("pk"),
            base=Sum("base_fen"),
            amount=Sum("signed_fen"),
        )
        .order_by("-day", "code", "state", "hold_until")
        .values_list("code", "day", "state", "hold_until", "lines", "base", "amount")
    )
    return [CommissionDay._make(row) for row in rows]


def _signed(leader: Leader) -> QuerySet[CommissionEntry]:
    return CommissionEntry.objects.filter(leader=leader).annotate(signed_fen=SIGNED_FEN)


def _short_line(rows: list[RefundLine]) -> ShortLine:
    line = rows[0].order_line
    order = line.order
    return ShortLine(
        order_id=order.pk,
        pickup_no=order.pickup_no,
        door=f"{order.building} {order.room}".strip(),
        resident=mask_name(order.resident_name),
        phone_last4=phone_last4(order.resident_phone),
        sku_name=line.sku_name,
        unit=line.unit,
        ordered_qty=line.qty,
        qty=sum(row.qty for row in rows),
        refund_fen=sum(row.amount_fen for row in rows),
        is_paid_out=all(row.refund.state == RefundState.SUCCEEDED for row in rows),
    )
