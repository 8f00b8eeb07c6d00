"""Commission is settled once, however many issue statements at once."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest

from fulfillment.models.settlement import CommissionEntry, SettlementStatement
from fulfillment.services import statements
from fulfillment.services.statements import statements_issue
from leaders.models.leaders import Leader
from tests.concurrency.race import Outcome, Runner, errors, race
from tests.factories.leaders import LeaderFactory
from tests.factories.payouts import TUESDAY, broken_laws, earn

SUNDAY = date(2026, 3, 15)
WEEK = timedelta(days=7)


@pytest.fixture
def _due() -> None:
    """Six leaders with commission that the next two weeks could both settle."""
    for number in range(6):
        leader = LeaderFactory.create(code=f"LR{number}")
        earn(leader, 2_000)
        earn(leader, 3_000 + number)


def issue(runner: Runner) -> int:
    """Half of the processes settle one week, half the week after."""
    return statements_issue(until=SUNDAY + (runner.number % 2) * WEEK, now=TUESDAY + WEEK)


def settled_fen() -> int:
    return sum(statement.earned_fen for statement in SettlementStatement.objects.all())


def earned_fen() -> int:
    return sum(entry.amount_fen for entry in CommissionEntry.objects.all())


def outcomes_without(*guards: str) -> list[Outcome[int]]:
    """The race without the guards that are named."""
    broken = {
        "held": patch.object(statements, "_leader_held", lambda pk: Leader.objects.get(pk=pk)),
        "counted": patch.object(statements, "_entries_settle", _settle_blindly),
    }
    return race(
        issue,
        processes=4,
        sleep_at={"statement.read": 0.05},
        without=[broken[guard] for guard in guards],
    )


def _settle_blindly(statement: SettlementStatement, entry_ids: list[int]) -> None:
    CommissionEntry.objects.filter(pk__in=entry_ids).update(state="settled", statement=statement)


@pytest.mark.usefixtures("_due")
def test_two_issuers_settle_every_entry_once() -> None:
    outcomes = outcomes_without()

    assert errors(outcomes) == []
    assert settled_fen() == earned_fen()
    assert broken_laws() == []


@pytest.mark.control
@pytest.mark.usefixtures("_due")
def test_issuers_that_hold_no_leader_and_count_no_rows_settle_twice() -> None:
    outcomes_without("held", "counted")

    assert settled_fen() > earned_fen()


@pytest.mark.control
@pytest.mark.usefixtures("_due")
def test_issuers_that_hold_no_leader_are_stopped_by_the_count() -> None:
    outcomes = outcomes_without("held")

    assert errors(outcomes)
    assert settled_fen() == earned_fen()
