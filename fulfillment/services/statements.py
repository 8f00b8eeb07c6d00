"""Settlement statements (结算单): every week what leaders are owed is fixed and taxed."""

import logging
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.lifecycle import COMMISSION_LIFECYCLE
from fulfillment.domain.statements import (
    Figures,
    Share,
    statement_figures,
    statement_no,
    week_from,
    week_of,
    weeks_due,
)
from fulfillment.domain.tax import Withheld, untaxed, withhold
from fulfillment.models.payouts import TaxMethod, TaxWithholding
from fulfillment.models.settlement import (
    DEDUCTIONS,
    CommissionEntry,
    CommissionState,
    SettlementState,
    SettlementStatement,
)
from fulfillment.payout_errors import EntriesMoved, WeekNotOver
from fulfillment.selectors.statements import (
    entries_to_settle,
    is_taxed,
    leaders_due,
    oldest_entry_due,
    statements_carried,
    week_ends_at,
    year_so_far,
)
from fulfillment.services.books import payouts_require_clean
from leaders.domain.crashpoints import crashpoint
from leaders.models.leaders import Leader
from orders.domain.payout_postings import tax_withheld
from orders.errors import BooksBroken
from orders.services.ledger import transfers_post

logger = logging.getLogger(__name__)


def statements_issue_due(*, now: datetime) -> int:
    """Issue the statements of every week that is due by now; return how many.

    A week is due on the Tuesday after it. Weeks that were missed are issued
    one by one, the oldest first; while the books do not agree, all wait.
    """
    oldest = oldest_entry_due()
    if oldest is None:
        return 0
    weeks = weeks_due(oldest, timezone.localtime(now))
    try:
        return sum(statements_issue(until=until, now=now) for until in weeks)
    except BooksBroken as broken:
        logger.warning("statements wait: %s", broken)
        return 0


def statements_issue(*, until: date, now: datetime) -> int:
    """Issue the statements of the week that ends on a Sunday; return how many are new.

    Each leader with commission whose hold is over gets one, in a transaction
    of its own. Calling it again issues nothing; commission that is released
    later goes into the next week's.

    Raises
    ------
    WeekNotOver
        If the day is no Sunday, or not over yet.
    BooksBroken
        While the books, or a provider's bill, do not agree.
    """
    if until != week_of(until) or week_ends_at(until) > now:
        raise WeekNotOver(_("A week is settled from Monday to Sunday, once it is over."))
    payouts_require_clean()
    return sum(
        _statement_issue(leader_id, until, now) is not None for leader_id in leaders_due(until)
    )


@transaction.atomic
def _statement_issue(leader_id: int, until: date, now: datetime) -> SettlementStatement | None:
    """Fix what one leader is owed; None if another process did meanwhile."""
    leader = _leader_held(leader_id)
    if SettlementStatement.objects.filter(leader=leader, period_until__gte=until).exists():
        return None
    entries = list(entries_to_settle(leader, until).order_by("pk"))
    if not entries:
        return None
    carried = list(statements_carried(leader).order_by("pk"))
    crashpoint("statement.read")
    month = timezone.localdate(now).replace(day=1)
    figures = statement_figures(
        [
            Share(
                entry_id=entry.pk,
                amount_fen=entry.amount_fen,
                is_deduction=entry.kind in DEDUCTIONS,
            )
            for entry in entries
        ],
        carried_fen=sum(statement.net_fen for statement in carried),
        least_fen=settings.PAYOUT_MIN_FEN,
        tax_of=lambda income_fen: _tax(leader, income_fen, month).tax_fen,
    )
    statement = SettlementStatement.objects.create(
        statement_no=statement_no(leader.code, until),
        leader=leader,
        period_from=week_from(until),
        period_until=until,
        state=SettlementState.CARRIED if figures.is_carried else SettlementState.ISSUED,
        earned_fen=figures.earned_fen,
        deducted_fen=figures.deducted_fen,
        carried_fen=figures.carried_fen,
        tax_fen=figures.tax_fen,
        net_fen=figures.net_fen,
        issued_at=now,
    )
    _entries_settle(statement, [entry.pk for entry in entries])
    _carry(carried, statement)
    if not figures.is_carried and is_taxed(leader):
        _withhold(statement, figures, month, now)
    return statement


def _leader_held(leader_id: int) -> Leader:
    """The leader's row, held: one statement of a leader at a time."""
    return Leader.objects.select_for_update(no_key=True).get(pk=leader_id)


def _entries_settle(statement: SettlementStatement, entry_ids: list[int]) -> None:
    """Put entries in a statement, every one of them or none."""
    moved = CommissionEntry.objects.filter(
        pk__in=entry_ids,
        statement__isnull=True,
        state__in=COMMISSION_LIFECYCLE.sources_of(CommissionState.SETTLED),
    ).update(state=CommissionState.SETTLED, statement=statement)
    if moved != len(entry_ids):
        raise EntriesMoved(_("Another statement took some of this commission just now."))


def _carry(carried: list[SettlementStatement], statement: SettlementStatement) -> None:
    moved = SettlementStatement.objects.filter(
        pk__in=[earlier.pk for earlier in carried],
        state=SettlementState.CARRIED,
        carried_into__isnull=True,
    ).update(carried_into=statement)
    if moved != len(carried):
        raise EntriesMoved(_("Another statement took some of this commission just now."))


def _tax(leader: Leader, income_fen: int, month: date) -> Withheld:
    """The tax on an income of a leader paid in a month, by the method that is set."""
    if not is_taxed(leader):
        return untaxed(income_fen, month=month.month)
    before = year_so_far(leader, month)
    if settings.TAX_METHOD == TaxMethod.NONE:
        return untaxed(income_fen, month=month.month, before=before)
    return withhold(income_fen, month=month.month, before=before)


def _withhold(statement: SettlementStatement, figures: Figures, month: date, now: datetime) -> None:
    """Keep the figures of an individual's tax, and owe the tax office what was withheld."""
    tax = _tax(statement.leader, figures.gross_fen, month)
    TaxWithholding.objects.create(
        statement=statement,
        leader=statement.leader,
        method=settings.TAX_METHOD,
        month=month,
        income_fen=tax.income_fen,
        year_income_fen=tax.year_income_fen,
        months=tax.months,
        year_taxable_fen=tax.year_taxable_fen,
        rate_bp=tax.rate_bp,
        quick_deduction_fen=tax.quick_deduction_fen,
        year_tax_fen=tax.year_tax_fen,
        tax_fen=tax.tax_fen,
    )
    if tax.tax_fen:
        transfers_post(
            drafts=[
                tax_withheld(
                    statement_no=statement.statement_no,
                    leader_code=statement.leader.code,
                    amount_fen=tax.tax_fen,
                    business_date=timezone.localdate(now),
                )
            ],
            now=now,
        )
