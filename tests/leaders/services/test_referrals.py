"""Invite codes are few and short-lived; a referral can be put right until it has paid."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from leaders.errors import InvitesUsedUp, ReferralRefused
from leaders.models.accounts import User
from leaders.models.audit import AuditEvent
from leaders.models.invites import Referral
from leaders.models.leaders import Leader, LeaderState
from leaders.selectors.invites import invites_open
from leaders.services.referrals import invite_make, referral_correct
from tests.factories.care import RecruiterFactory
from tests.factories.leaders import LeaderApplicationFactory, LeaderFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@pytest.fixture
def actor() -> User:
    return RecruiterFactory.create()


@pytest.fixture
def leader() -> Leader:
    return LeaderFactory.create()


def test_a_code_works_once_and_for_two_weeks(actor: User, leader: Leader) -> None:
    invite = invite_make(inviter=leader, actor=actor, now=NOW)

    assert invite.expires_at == NOW + timedelta(days=14)
    assert list(invites_open(NOW)) == [invite]
    LeaderApplicationFactory.create(invite=invite)
    assert list(invites_open(NOW)) == []


def test_codes_have_no_letters_that_are_misread(actor: User) -> None:
    codes = {invite_make(inviter=None, actor=actor, now=NOW).code for _code in range(20)}

    assert len(codes) == 20
    assert not set("".join(codes)) & set("01OIL")


def test_a_leader_has_a_few_unused_codes_at_most(
    actor: User, leader: Leader, settings: Settings
) -> None:
    settings.INVITES_OPEN_MAX = 2
    invite_make(inviter=leader, actor=actor, now=NOW)
    invite_make(inviter=leader, actor=actor, now=NOW)

    with pytest.raises(InvitesUsedUp):
        invite_make(inviter=leader, actor=actor, now=NOW)

    invite_make(inviter=leader, actor=actor, now=NOW + timedelta(days=15))
    invite_make(inviter=None, actor=actor, now=NOW)


def test_who_does_not_work_invites_nobody(actor: User) -> None:
    with pytest.raises(InvitesUsedUp):
        invite_make(inviter=LeaderFactory.create(state=LeaderState.SUSPENDED), actor=actor, now=NOW)


def test_a_referrer_can_be_put_right_with_a_reason(actor: User, leader: Leader) -> None:
    wrong, right = LeaderFactory.create_batch(2)
    Referral.objects.create(referee=leader, referrer=wrong, made_at=NOW)

    referral_correct(referee=leader, referrer=right, reason="抄错了码", actor=actor, now=NOW)

    assert Referral.objects.get(referee=leader).referrer == right
    event = AuditEvent.objects.get(action="referral.corrected")
    assert event.facts == {"from": wrong.code, "to": right.code}
    assert event.reason == "抄错了码"


def test_a_referrer_can_be_nobody(actor: User, leader: Leader) -> None:
    Referral.objects.create(referee=leader, referrer=LeaderFactory.create(), made_at=NOW)

    referral_correct(referee=leader, referrer=None, reason="自己来的", actor=actor, now=NOW)

    assert not Referral.objects.exists()


def test_nobody_refers_themselves(actor: User, leader: Leader) -> None:
    with pytest.raises(ReferralRefused):
        referral_correct(referee=leader, referrer=leader, reason="x", actor=actor, now=NOW)


def test_nobody_is_referred_by_somebody_who_came_later(actor: User, leader: Leader) -> None:
    later = LeaderFactory.create(joined_at=leader.joined_at + timedelta(days=1))

    with pytest.raises(ReferralRefused):
        referral_correct(referee=leader, referrer=later, reason="x", actor=actor, now=NOW)


def test_a_referral_that_has_paid_stays(actor: User, leader: Leader) -> None:
    Referral.objects.create(
        referee=leader,
        referrer=LeaderFactory.create(),
        made_at=NOW,
        bonus_fen=5_000,
        bonus_at=NOW,
    )

    with pytest.raises(ReferralRefused):
        referral_correct(referee=leader, referrer=None, reason="x", actor=actor, now=NOW)
