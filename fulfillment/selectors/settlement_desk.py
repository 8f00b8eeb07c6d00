"""The desk where commission is settled: weeks, what is carried, who cannot be paid yet."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import BigIntegerField, Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from fulfillment.models.payouts import PayoutBatch
from fulfillment.models.settlement import (
    DEDUCTIONS,
    CommissionEntry,
    CommissionState,
    SettlementState,
    SettlementStatement,
)
from leaders.models.leaders import Leader
from leaders.models.payees import Payee

WEEKS_SHOWN = 12
BATCHES_SHOWN = 20

# What an entry adds to its leader's account; claw-backs and losses take away.
SIGNED_ENTRY_FEN = Case(
    When(kind__in=DEDUCTIONS, then=0 - F("amount_fen")),
    default=F("amount_fen"),
    output_field=BigIntegerField(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The statements that end on one Sunday, in sums."""

    until: date
    statements: int
    earned_fen: int
    deducted_fen: int
    tax_fen: int
    to_pay_fen: int
    paid_fen: int
    carried: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Commission that stands in no statement yet."""

    held_fen: int
    released_fen: int
    leaders: int


def weeks_settled() -> tuple[Week, ...]:
    """The newest weeks, the last first."""
    carried = Q(state=SettlementState.CARRIED)
    rows = (
        SettlementStatement.objects.order_by()
        .values(until=F("period_until"))
        .annotate(
            statements=Count("pk"),
            earned_fen=Sum("earned_fen"),
            deducted_fen=Sum("deducted_fen"),
            tax_fen=Sum("tax_fen"),
            to_pay_fen=Coalesce(Sum("net_fen", filter=~carried), 0),
            paid_fen=Coalesce(Sum("net_fen", filter=Q(state=SettlementState.PAID)), 0),
            carried=Count("pk", filter=carried),
        )
        .order_by("-until")[:WEEKS_SHOWN]
    )
    return tuple(Week(**row) for row in rows)


def entries_waiting() -> Waiting:
    """What leaders earned that is still held, or due and not yet in a statement."""
    figures = (
        CommissionEntry.objects.filter(statement__isnull=True)
        .annotate(signed_fen=SIGNED_ENTRY_FEN)
        .aggregate(
            held_fen=Sum("signed_fen", filter=Q(state=CommissionState.HELD), default=0),
            released_fen=Sum("signed_fen", filter=Q(state=CommissionState.RELEASED), default=0),
            leaders=Count("leader", distinct=True),
        )
    )
    return Waiting(**figures)


def statements_payable() -> QuerySet[SettlementStatement]:
    """Statements that wait to be put in a batch, the oldest first."""
    return (
        SettlementStatement.objects.filter(state=SettlementState.ISSUED)
        .select_related("leader__payee")
        .order_by("period_until", "leader__code")
    )


def statements_for_a_person() -> QuerySet[SettlementStatement]:
    """The last statement of every leader who owes more than the next weeks will bring."""
    return (
        SettlementStatement.objects.filter(
            state=SettlementState.CARRIED,
            carried_into__isnull=True,
            net_fen__lt=-settings.SETTLEMENT_REVIEW_DEBT_FEN,
        )
        .select_related("leader")
        .order_by("net_fen")
    )


def payees_unverified() -> QuerySet[Payee]:
    """Payees whom nobody has verified, the longest waiting first."""
    return (
        Payee.objects.filter(verified_at__isnull=True)
        .select_related("leader")
        .order_by("consented_at")
    )


def leaders_without_payee() -> QuerySet[Leader]:
    """Leaders with an issued statement who have not said who is paid."""
    due = SettlementStatement.objects.filter(state=SettlementState.ISSUED).values("leader_id")
    return Leader.objects.filter(pk__in=due, payee__isnull=True).order_by("code")


def batches_newest() -> QuerySet[PayoutBatch]:
    """The newest batches with their sums."""
    return (
        PayoutBatch.objects.select_related("prepared_by", "decided_by")
        .annotate(count=Count("payouts"), sum_fen=Coalesce(Sum("payouts__amount_fen"), 0))
        .order_by("-pk")[:BATCHES_SHOWN]
    )
