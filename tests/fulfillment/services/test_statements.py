"""Statements that are issued week by week."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import Settings

from fulfillment.models.payouts import TaxWithholding
from fulfillment.models.settlement import (
    CommissionKind,
    CommissionState,
    SettlementState,
    SettlementStatement,
)
from fulfillment.payout_errors import WeekNotOver
from fulfillment.services.statements import statements_issue, statements_issue_due
from leaders.models.leaders import Leader
from leaders.models.payees import PayeeKind
from orders.errors import BooksBroken
from orders.models.ledger import Transfer
from orders.models.reconciliation import BooksCheck
from tests.factories.leaders import LeaderFactory
from tests.factories.payouts import HELD_UNTIL, TUESDAY, PayeeFactory, broken_laws, earn

pytestmark = pytest.mark.django_db

SUNDAY = date(2026, 3, 15)
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _laws_hold() -> Iterator[None]:
    yield
    assert broken_laws() == []


@pytest.fixture
def leader() -> Leader:
    found: Leader = LeaderFactory.create(code="L0012")
    return found


def statement_of(leader: Leader, until: date = SUNDAY) -> SettlementStatement:
    return SettlementStatement.objects.get(leader=leader, period_until=until)


def test_released_commission_is_settled_once(leader: Leader) -> None:
    entries = [earn(leader, 1_200), earn(leader, 800), earn(leader, 5)]
    earn(leader, 300, kind=CommissionKind.CLAWBACK)

    assert statements_issue(until=SUNDAY, now=TUESDAY) == 1
    assert statements_issue(until=SUNDAY, now=TUESDAY) == 0

    statement = statement_of(leader)
    assert statement.statement_no == "JS-20260315-L0012"
    assert (statement.period_from, statement.period_until) == (date(2026, 3, 9), SUNDAY)
    assert (statement.earned_fen, statement.deducted_fen, statement.net_fen) == (2_005, 300, 1_705)
    assert statement.state == SettlementState.ISSUED
    for entry in entries:
        entry.refresh_from_db()
        assert (entry.state, entry.statement) == (CommissionState.SETTLED, statement)


def test_what_is_held_or_released_later_waits(leader: Leader) -> None:
    earn(leader, 5_000)
    held = earn(leader, 100, state=CommissionState.HELD)
    later = earn(leader, 200, held_until=datetime(2026, 3, 15, 16, 0, tzinfo=UTC))

    statements_issue(until=SUNDAY, now=TUESDAY)

    assert statement_of(leader).earned_fen == 5_000
    for entry in (held, later):
        entry.refresh_from_db()
        assert entry.statement is None


def test_a_deduction_that_is_known_is_taken_at_once(leader: Leader) -> None:
    earn(leader, 5_000)
    earn(leader, 700, kind=CommissionKind.CLAWBACK, held_until=TUESDAY - timedelta(hours=1))

    statements_issue(until=SUNDAY, now=TUESDAY)

    assert statement_of(leader).net_fen == 4_300


def test_less_than_ten_yuan_is_carried_until_it_is_enough(leader: Leader) -> None:
    earn(leader, 600)
    statements_issue(until=SUNDAY, now=TUESDAY)
    earn(leader, 300, held_until=HELD_UNTIL + WEEK)
    statements_issue(until=SUNDAY + WEEK, now=TUESDAY + WEEK)
    earn(leader, 400, held_until=HELD_UNTIL + 2 * WEEK)
    statements_issue(until=SUNDAY + 2 * WEEK, now=TUESDAY + 2 * WEEK)

    first, second, third = SettlementStatement.objects.order_by("period_until")
    assert [first.state, second.state] == [SettlementState.CARRIED] * 2
    assert (first.carried_into, second.carried_into) == (second, third)
    assert (second.carried_fen, second.net_fen) == (600, 900)
    assert (third.carried_fen, third.net_fen, third.state) == (900, 1_300, SettlementState.ISSUED)


def test_a_debt_is_taken_from_the_next_statement(leader: Leader) -> None:
    earn(leader, 2_000, kind=CommissionKind.CLAWBACK)
    statements_issue(until=SUNDAY, now=TUESDAY)
    earn(leader, 5_000, held_until=HELD_UNTIL + WEEK)
    statements_issue(until=SUNDAY + WEEK, now=TUESDAY + WEEK)

    assert statement_of(leader).net_fen == -2_000
    assert statement_of(leader, SUNDAY + WEEK).net_fen == 3_000


def test_commission_released_after_its_week_goes_into_the_next(leader: Leader) -> None:
    earn(leader, 2_000)
    statements_issue(until=SUNDAY, now=TUESDAY)
    earn(leader, 1_500)

    assert statements_issue(until=SUNDAY, now=TUESDAY) == 0
    assert statements_issue(until=SUNDAY + WEEK, now=TUESDAY + WEEK) == 1
    assert statement_of(leader, SUNDAY + WEEK).earned_fen == 1_500


def test_a_week_that_is_not_over_is_not_settled() -> None:
    with pytest.raises(WeekNotOver):
        statements_issue(until=SUNDAY, now=datetime(2026, 3, 15, 15, 59, tzinfo=UTC))
    with pytest.raises(WeekNotOver):
        statements_issue(until=SUNDAY - timedelta(days=1), now=TUESDAY)


def test_nothing_is_settled_while_the_books_are_broken(leader: Leader) -> None:
    earn(leader, 2_000)
    BooksCheck.objects.create(checked_at=TUESDAY, violations=1, findings=[{"name": "prepaid"}])

    with pytest.raises(BooksBroken):
        statements_issue(until=SUNDAY, now=TUESDAY)
    assert statements_issue_due(now=TUESDAY) == 0

    BooksCheck.objects.create(checked_at=TUESDAY, violations=0)
    assert statements_issue_due(now=TUESDAY) == 1


def test_weeks_are_due_on_tuesdays_at_ten_and_missed_ones_are_caught_up(leader: Leader) -> None:
    earn(leader, 2_000)
    earn(leader, 3_000, held_until=HELD_UNTIL + WEEK)

    assert statements_issue_due(now=TUESDAY - timedelta(minutes=1)) == 0
    assert statements_issue_due(now=TUESDAY + WEEK) == 2
    assert statements_issue_due(now=TUESDAY + WEEK) == 0
    assert [row.net_fen for row in SettlementStatement.objects.order_by("period_until")] == [
        2_000,
        3_000,
    ]


def test_without_commission_there_is_nothing_to_settle() -> None:
    assert statements_issue_due(now=TUESDAY) == 0


def test_tax_is_withheld_from_an_individual_and_cumulates(leader: Leader) -> None:
    earn(leader, 1_000_000)
    statements_issue(until=SUNDAY, now=TUESDAY)
    earn(leader, 100_000, held_until=HELD_UNTIL + WEEK)
    statements_issue(until=SUNDAY + WEEK, now=TUESDAY + WEEK)

    # 10,000 × 80 % − 5,000 = 3,000, 3 % of it 90; 1,000 more in the same month cost 24.
    first, second = TaxWithholding.objects.order_by("pk")
    assert (first.tax_fen, second.tax_fen) == (9_000, 2_400)
    assert (second.month, second.months, second.year_income_fen) == (date(2026, 3, 1), 1, 1_100_000)
    assert statement_of(leader).net_fen == 991_000
    transfer = Transfer.objects.get(idem_key="tax:JS-20260315-L0012")
    assert (transfer.debit.code, transfer.credit.code, transfer.amount_fen) == (
        "leader_payable:L0012",
        "tax_payable",
        9_000,
    )


@pytest.mark.parametrize("kind", [PayeeKind.COMPANY, PayeeKind.SOLE_TRADER])
def test_who_invoices_is_not_taxed_by_us(leader: Leader, kind: PayeeKind) -> None:
    PayeeFactory.create(leader=leader, kind=kind)
    earn(leader, 1_000_000)

    statements_issue(until=SUNDAY, now=TUESDAY)

    assert statement_of(leader).tax_fen == 0
    assert not TaxWithholding.objects.exists()


def test_with_tax_switched_off_the_year_still_counts(leader: Leader, settings: Settings) -> None:
    settings.TAX_METHOD = "none"
    earn(leader, 1_000_000)
    statements_issue(until=SUNDAY, now=TUESDAY)
    settings.TAX_METHOD = "cumulative"
    earn(leader, 100_000, held_until=HELD_UNTIL + WEEK)
    statements_issue(until=SUNDAY + WEEK, now=TUESDAY + WEEK)

    assert [row.tax_fen for row in TaxWithholding.objects.order_by("pk")] == [0, 11_400]


def test_an_income_of_a_new_year_starts_anew(leader: Leader) -> None:
    earn(leader, 1_000_000)
    statements_issue(until=SUNDAY, now=TUESDAY)
    next_year = 52 * WEEK
    earn(leader, 1_000_000, held_until=HELD_UNTIL + next_year)

    statements_issue(until=SUNDAY + next_year, now=TUESDAY + next_year)

    assert TaxWithholding.objects.latest("pk").year_income_fen == 1_000_000


def test_each_leader_has_a_statement_of_their_own(leader: Leader) -> None:
    earn(leader, 2_000)
    earn(LeaderFactory.create(), 3_000)

    assert statements_issue(until=SUNDAY, now=TUESDAY) == 2
