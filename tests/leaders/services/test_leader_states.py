"""Leaders move along their table, each move with its reason."""

from datetime import UTC, datetime

import pytest

from leaders.errors import LeaderElsewhere
from leaders.models.accounts import User
from leaders.models.audit import AuditEvent
from leaders.models.leaders import LeaderState
from leaders.services.leader_states import leader_activate, leader_resume, leader_suspend
from tests.factories.care import RecruiterFactory
from tests.factories.leaders import LeaderFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@pytest.fixture
def actor() -> User:
    return RecruiterFactory.create()


@pytest.mark.parametrize("before", [LeaderState.TRIAL, LeaderState.ACTIVE])
def test_who_comes_back_is_where_they_were(actor: User, before: LeaderState) -> None:
    leader = LeaderFactory.create(state=before)

    leader_suspend(leader=leader, reason="投诉", actor=actor, now=NOW)
    leader_resume(leader=leader, reason="已整改", actor=actor, now=NOW)

    leader.refresh_from_db()
    assert leader.state == before
    events = list(AuditEvent.objects.order_by("pk").values_list("action", "reason"))
    assert events == [("leader.suspended", "投诉"), ("leader.resumed", "已整改")]


def test_a_trial_ends_well_once(actor: User) -> None:
    leader = LeaderFactory.create(state=LeaderState.TRIAL)

    leader_activate(leader=leader, reason="试用期满", actor=actor, now=NOW)

    leader.refresh_from_db()
    assert leader.state == LeaderState.ACTIVE
    with pytest.raises(LeaderElsewhere):
        leader_activate(leader=leader, reason="试用期满", actor=actor, now=NOW)


def test_only_the_suspended_come_back(actor: User) -> None:
    with pytest.raises(LeaderElsewhere):
        leader_resume(leader=LeaderFactory.create(), reason="x", actor=actor, now=NOW)


def test_nobody_suspends_twice_or_after_the_end(actor: User) -> None:
    for state in (LeaderState.SUSPENDED, LeaderState.QUIT):
        with pytest.raises(LeaderElsewhere):
            leader_suspend(
                leader=LeaderFactory.create(state=state), reason="x", actor=actor, now=NOW
            )

    assert not AuditEvent.objects.exists()
