"""What the leader and the service desk say of a claim before it is decided."""

from datetime import UTC, datetime, timedelta

import pytest

from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from orders.claim_errors import (
    ClaimLeaderReasonMissing,
    ClaimLeaderTooLate,
    ClaimReplied,
    ClaimWordsMissing,
)
from orders.models.claims import Claim, ClaimState, LeaderStance
from orders.services.claim_words import claim_reply, leader_answer
from tests.factories.leaders import LeaderFactory, UserFactory
from tests.factories.orders import ClaimFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FILED = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
UNTIL = FILED + timedelta(hours=2)


@pytest.fixture
def claim() -> Claim:
    return ClaimFactory.create(filed_at=FILED, leader_until=UNTIL)


@pytest.fixture
def desk() -> User:
    return UserFactory.create(role=Role.SERVICE)


def answered(
    claim: Claim,
    stance: LeaderStance = LeaderStance.AGREES,
    note: str = "",
    now: datetime = UNTIL,
) -> Claim:
    leader = claim.order_line.order.leader
    actor = leader.user or UserFactory.create()
    return leader_answer(
        claim_id=claim.pk, leader=leader, stance=stance, note=note, actor=actor, now=now
    )


def test_the_leader_answers_until_the_last_moment(claim: Claim) -> None:
    said = answered(claim, LeaderStance.DISAGREES, " 我看过，是好的 ")

    assert (said.leader_stance, said.leader_note) == ("disagrees", "我看过，是好的")
    assert said.leader_answered_at == UNTIL
    assert AuditEvent.objects.get().facts == {"stance": "disagrees"}


def test_the_same_word_again_changes_nothing(claim: Claim) -> None:
    answered(claim)
    answered(claim, now=UNTIL + timedelta(hours=5))

    assert AuditEvent.objects.count() == 1


def test_another_word_comes_too_late(claim: Claim) -> None:
    answered(claim)

    with pytest.raises(ClaimLeaderTooLate):
        answered(claim, LeaderStance.DISAGREES, "坏了")


def test_after_the_time_silence_has_agreed(claim: Claim) -> None:
    with pytest.raises(ClaimLeaderTooLate):
        answered(claim, now=UNTIL + timedelta(seconds=1))


def test_a_decided_claim_is_not_answered(claim: Claim) -> None:
    Claim.objects.update(state=ClaimState.REJECTED, decided_at=FILED)

    with pytest.raises(ClaimLeaderTooLate):
        answered(claim)


def test_a_no_needs_a_reason(claim: Claim) -> None:
    with pytest.raises(ClaimLeaderReasonMissing):
        answered(claim, LeaderStance.DISAGREES, "  ")


def test_another_leaders_claim_does_not_exist(claim: Claim) -> None:
    with pytest.raises(Claim.DoesNotExist):
        leader_answer(
            claim_id=claim.pk,
            leader=LeaderFactory.create(),
            stance=LeaderStance.AGREES,
            note="",
            actor=UserFactory.create(),
            now=FILED,
        )


def test_the_desk_says_its_first_word_once(claim: Claim, desk: User) -> None:
    said = claim_reply(claim_id=claim.pk, words=" 正在核实 ", actor=desk, now=UNTIL)

    assert (said.reply, said.replied_at) == ("正在核实", UNTIL)
    with pytest.raises(ClaimReplied):
        claim_reply(claim_id=claim.pk, words="再等等", actor=desk, now=UNTIL)


def test_no_words_are_no_reply(claim: Claim, desk: User) -> None:
    with pytest.raises(ClaimWordsMissing):
        claim_reply(claim_id=claim.pk, words=" ", actor=desk, now=UNTIL)
