"""What statements are made of: entries that are due, what was carried, the tax year."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Min, Q, QuerySet, Sum
from django.utils import timezone

from fulfillment.domain.tax import YearSoFar
from fulfillment.models.payouts import TaxWithholding
from fulfillment.models.settlement import (
    DEDUCTIONS,
    CommissionEntry,
    CommissionState,
    SettlementState,
    SettlementStatement,
)
from leaders.models.leaders import Leader
from leaders.models.payees import Payee, PayeeKind


def week_ends_at(until: date) -> datetime:
    """The end of a Sunday, local time."""
    return timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))


def entries_due(until: date) -> QuerySet[CommissionEntry]:
    """Released commission whose hold was over by the end of a week."""
    return CommissionEntry.objects.filter(
        state=CommissionState.RELEASED, hold_until__lt=week_ends_at(until)
    )


def entries_to_settle(leader: Leader, until: date) -> QuerySet[CommissionEntry]:
    """What a leader's statement of a week takes: commission that is due, and every deduction.

    A deduction that is known today is taken today, whatever week it belongs
    to: nobody is paid first for what went back already.
    """
    return CommissionEntry.objects.filter(
        Q(hold_until__lt=week_ends_at(until)) | Q(kind__in=DEDUCTIONS),
        leader=leader,
        state=CommissionState.RELEASED,
    )


def oldest_entry_due() -> date | None:
    """The local day on which the hold of the oldest released commission ended."""
    oldest = CommissionEntry.objects.filter(state=CommissionState.RELEASED).aggregate(
        oldest=Min("hold_until")
    )["oldest"]
    return timezone.localdate(oldest) if oldest else None


def leaders_due(until: date) -> list[int]:
    """Leaders with commission due by the end of a week who have no statement since."""
    settled = SettlementStatement.objects.filter(period_until__gte=until).values("leader_id")
    return list(
        Leader.objects.filter(pk__in=entries_due(until).values("leader_id"))
        .exclude(pk__in=settled)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def statements_carried(leader: Leader) -> QuerySet[SettlementStatement]:
    """Statements of a leader that wait to be carried into the next."""
    return SettlementStatement.objects.filter(
        leader=leader, state=SettlementState.CARRIED, carried_into__isnull=True
    )


def is_taxed(leader: Leader) -> bool:
    """Whether we withhold tax for a leader: for individuals; firms and traders invoice.

    A leader who has not said in which form they earn counts as an individual.
    """
    kind = Payee.objects.filter(leader=leader).values_list("kind", flat=True).first()
    return kind is None or kind == PayeeKind.INDIVIDUAL


def year_so_far(leader: Leader, day: date) -> YearSoFar:
    """What a leader was settled in the calendar year of a day."""
    rows = TaxWithholding.objects.filter(leader=leader, month__year=day.year)
    sums = rows.aggregate(income=Sum("income_fen", default=0), tax=Sum("tax_fen", default=0))
    months = rows.filter(income_fen__gt=0).values_list("month__month", flat=True)
    return YearSoFar(income_fen=sums["income"], withheld_fen=sums["tax"], months=frozenset(months))


def statements_behind(statement_ids: Iterable[int]) -> frozenset[int]:
    """Statements with everything that was carried into them, however far back."""
    found = frozenset(statement_ids)
    newest = found
    while newest:
        newest = frozenset(
            SettlementStatement.objects.filter(carried_into__in=newest).values_list("pk", flat=True)
        )
        found |= newest
    return found
