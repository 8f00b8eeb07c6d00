"""One person behind several rows: who it is, what is open, what is known."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Max, Q, QuerySet

from leaders.domain.phones import phone_digits
from leaders.models.applications import DECIDED_STATES, LeaderApplication
from leaders.models.leaders import Leader
from orders.domain.lifecycle import ORDER_LIFECYCLE, PAYMENT_LIFECYCLE
from orders.models.claims import Claim, ClaimState
from orders.models.orders import Order, OrderState
from orders.models.payments import Payment, Refund, RefundState, Verdict
from orders.models.personal_data import LegalHold, PersonRequest, PersonRequestState
from orders.models.residents import Resident

# A refund that was closed goes on under another number.
REFUNDS_OPEN = (RefundState.REQUESTED, RefundState.SUBMITTED, RefundState.ABNORMAL)
# The states in which a trade came about, whatever became of it.
TRADED_STATES = (
    OrderState.COMPLETED,
    OrderState.REFUNDING,
    OrderState.REFUNDED,
    OrderState.FROZEN,
    OrderState.PAID,
    OrderState.LATE_PAID,
)


class Matter(StrEnum):
    """What keeps a person from being erased."""

    ORDERS = "orders"
    PAYMENTS = "payments"
    REFUNDS = "refunds"
    CLAIMS = "claims"
    APPLICATION = "application"
    LEADER = "leader"


def rows_of_person(resident: Resident) -> QuerySet[Resident]:
    """The resident, and other leaders' rows of the same proved phone, oldest first.

    Leaders and imports write down neighbours by phone; whoever has proved the
    phone is all of them.
    """
    same = Q(pk=resident.pk)
    if resident.phone and resident.phone_verified_at is not None:
        same |= Q(phone=resident.phone)
    return Resident.objects.filter(same).order_by("pk")


def residents_found(text: str) -> list[Resident]:
    """Residents by whole phone, code or order number, for a person who asks in writing."""
    wanted = text.strip()
    if not wanted:
        return []
    found = Resident.objects.filter(
        Q(code=wanted)
        | Q(pk__in=Order.objects.filter(order_no=wanted).values("resident_id"))
        | (Q(phone=phone_digits(wanted)) if phone_digits(wanted) else Q())
    )
    return list(found.select_related("leader").order_by("pk")[:20])


def open_matters(resident_ids: Collection[int], phones: Collection[str]) -> Mapping[Matter, int]:
    """How many things of each kind still need the person's data; empty: none."""
    known = [phone for phone in phones if phone]
    orders = Order.objects.filter(resident_id__in=resident_ids)
    payments = Payment.objects.filter(order__resident_id__in=resident_ids)
    counts = {
        Matter.ORDERS: orders.filter(state__in=ORDER_LIFECYCLE.open).count(),
        Matter.PAYMENTS: payments.filter(
            Q(state__in=PAYMENT_LIFECYCLE.open)
            | Q(verdict=Verdict.HOLD_IN_SUSPENSE, refund_reserved_fen=0)
        ).count(),
        Matter.REFUNDS: Refund.objects.filter(
            payment__order__resident_id__in=resident_ids, state__in=REFUNDS_OPEN
        )
        .exclude(_paid_back_elsewhere())
        .count(),
        Matter.CLAIMS: Claim.objects.filter(
            order_line__order__resident_id__in=resident_ids, state=ClaimState.FILED
        ).count(),
        Matter.APPLICATION: LeaderApplication.objects.filter(phone__in=known)
        .exclude(state__in=DECIDED_STATES)
        .count(),
        Matter.LEADER: Leader.objects.filter(phone__in=known).count(),
    }
    return {matter: count for matter, count in counts.items() if count}


def _paid_back_elsewhere() -> Q:
    """Refunds of imported orders: whoever imported them pays, and nobody tells us."""
    return Q(state=RefundState.REQUESTED, attempts=0, error="", next_attempt_at=None)


def last_trade_on(resident_id: int) -> date | None:
    """The delivery day of a resident's last trade; None if nothing was ever paid."""
    traded = Order.objects.filter(resident_id=resident_id, state__in=TRADED_STATES)
    last: date | None = traded.aggregate(last=Max("campaign__delivery_date"))["last"]
    return last


def requests_open() -> QuerySet[PersonRequest]:
    """What waits for an answer, the earliest due first."""
    waiting = PersonRequest.objects.filter(state=PersonRequestState.OPEN)
    return waiting.select_related("resident__leader").order_by("due_at", "pk")


def requests_answered() -> QuerySet[PersonRequest]:
    """What was answered, the latest first."""
    answered = PersonRequest.objects.exclude(state=PersonRequestState.OPEN)
    return answered.select_related("resident", "handled_by").order_by("-handled_at", "-pk")


def requests_of(resident: Resident) -> QuerySet[PersonRequest]:
    """What one resident asked for, the latest first."""
    return PersonRequest.objects.filter(resident=resident).order_by("-pk")


def holds_due(now: date) -> QuerySet[LegalHold]:
    """Sealed identities whose time is over."""
    return LegalHold.objects.filter(kept_until__lt=now).order_by("pk")


def requests_overdue(now: datetime) -> int:
    """How many open requests should have been answered by now."""
    return PersonRequest.objects.filter(state=PersonRequestState.OPEN, due_at__lt=now).count()
