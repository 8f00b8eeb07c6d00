"""A trial without orders ends in a suspension, never in a deletion."""

from datetime import UTC, datetime, timedelta

import pytest

from fulfillment.services.trial_leaders import trial_leaders_suspend_due
from leaders.models.audit import AuditEvent
from leaders.models.leaders import LeaderState
from leaders.services.leader_states import leader_resume
from orders.models.orders import OrderState
from tests.factories.care import RecruiterFactory
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import OrderFactory

pytestmark = pytest.mark.django_db

JOINED = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
NOW = JOINED + timedelta(days=30)


def test_a_trial_of_thirty_quiet_days_is_suspended_once() -> None:
    leader = LeaderFactory.create(state=LeaderState.TRIAL, joined_at=JOINED)

    assert trial_leaders_suspend_due(now=NOW) == 1
    assert trial_leaders_suspend_due(now=NOW) == 0

    leader.refresh_from_db()
    assert leader.state == LeaderState.SUSPENDED
    event = AuditEvent.objects.get(action="leader.suspended_quiet")
    assert (event.actor, event.facts["from"]) == (None, "trial")


def test_a_trial_a_second_short_of_thirty_days_goes_on() -> None:
    LeaderFactory.create(state=LeaderState.TRIAL, joined_at=JOINED)

    assert trial_leaders_suspend_due(now=NOW - timedelta(seconds=1)) == 0


def test_one_order_keeps_a_trial_alive() -> None:
    leader = LeaderFactory.create(state=LeaderState.TRIAL, joined_at=JOINED)
    OrderFactory.create(leader=leader, paid_at=JOINED + timedelta(days=1))

    assert trial_leaders_suspend_due(now=NOW) == 0


@pytest.mark.parametrize("state", [OrderState.PENDING_PAYMENT, OrderState.REFUNDED])
def test_what_was_not_paid_or_given_back_keeps_nobody(state: OrderState) -> None:
    leader = LeaderFactory.create(state=LeaderState.TRIAL, joined_at=JOINED)
    OrderFactory.create(leader=leader, state=state, paid_at=JOINED + timedelta(days=1))

    assert trial_leaders_suspend_due(now=NOW) == 1


def test_active_leaders_are_left_to_people() -> None:
    LeaderFactory.create(state=LeaderState.ACTIVE, joined_at=JOINED)

    assert trial_leaders_suspend_due(now=NOW) == 0


def test_who_came_back_has_thirty_days_again() -> None:
    leader = LeaderFactory.create(state=LeaderState.TRIAL, joined_at=JOINED)
    trial_leaders_suspend_due(now=NOW)
    leader_resume(leader=leader, reason="已开群", actor=RecruiterFactory.create(), now=NOW)

    assert trial_leaders_suspend_due(now=NOW + timedelta(days=29)) == 0
    leader.refresh_from_db()
    assert leader.state == LeaderState.TRIAL
    assert trial_leaders_suspend_due(now=NOW + timedelta(days=30)) == 1
