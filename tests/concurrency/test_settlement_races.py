"""Commission is settled and paid out once, however many are at it at once."""

from contextlib import AbstractContextManager
from datetime import date, timedelta
from unittest.mock import patch

import pytest

from fulfillment.models.payouts import Payout, PayoutChannel, PayoutState
from fulfillment.models.settlement import CommissionEntry, SettlementStatement
from fulfillment.services import payouts, statements
from fulfillment.services.payout_batches import batch_approve, batch_prepare
from fulfillment.services.payouts import payouts_submit_due
from fulfillment.services.statements import statements_issue
from leaders.models.accounts import Role
from leaders.models.leaders import Leader
from tests.concurrency.race import Outcome, Runner, errors, race, values
from tests.factories.leaders import LeaderFactory, UserFactory
from tests.factories.payouts import TUESDAY, PayeeFactory, broken_laws, earn
from tests.fake_wechat import FakeWechat

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
    broken: dict[str, AbstractContextManager[object]] = {
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


@pytest.fixture
def _approved(fake_wechat: FakeWechat) -> None:
    """Three payouts that are due to be sent."""
    for number in range(3):
        leader = LeaderFactory.create(code=f"LP{number}")
        PayeeFactory.create(leader=leader)
        earn(leader, 2_000)
    statements_issue(until=SUNDAY, now=TUESDAY)
    batch = batch_prepare(
        statement_ids=[statement.pk for statement in SettlementStatement.objects.all()],
        channel=PayoutChannel.WECHAT,
        actor=UserFactory.create(role=Role.FINANCE),
        now=TUESDAY,
    )
    other = UserFactory.create(role=Role.FINANCE)
    batch_approve(batch_id=batch.pk, actor=other, now=TUESDAY)


def send(_runner: Runner) -> int:
    return payouts_submit_due(now=TUESDAY)


@pytest.mark.usefixtures("_approved")
def test_two_processes_send_every_payout_once(fake_wechat: FakeWechat) -> None:
    outcomes = race(send, processes=4, sleep_at={"payout.claimed": 0.03})

    assert errors(outcomes) == []
    assert sum(values(outcomes)) == fake_wechat.calls("transfer") == 3
    assert set(Payout.objects.values_list("state", flat=True)) == {PayoutState.WAIT_CONFIRM}


@pytest.mark.control
@pytest.mark.usefixtures("_approved")
def test_processes_that_claim_nothing_send_payouts_several_times(
    fake_wechat: FakeWechat,
) -> None:
    claim_nothing = patch.object(
        payouts, "_claim_to_send", lambda payout_id, _now: (payouts._order(payout_id), False)
    )

    race(send, processes=4, sleep_at={"payout.claimed": 0.03}, without=[claim_nothing])

    assert fake_wechat.calls("transfer") > 3
    assert len(fake_wechat.transfers()) == 3
