"""A claim is decided once, never against the leader's word, and never too often by rule."""

import pytest

from orders.models.claims import Claim, ClaimState, LeaderStance
from tests.concurrency.claim_races import (
    desk_against_rule,
    leader_against_rule,
    rule_against_rule,
)


def test_a_resident_has_no_more_claims_approved_by_rule_than_the_limit() -> None:
    assert rule_against_rule(processes=3) == 2


@pytest.mark.control
def test_without_the_residents_lock_the_limit_is_passed() -> None:
    assert rule_against_rule(processes=3, guarded=False) == 3


def test_a_leader_who_disagrees_meanwhile_is_heard() -> None:
    assert leader_against_rule() == (ClaimState.FILED, LeaderStance.DISAGREES)


@pytest.mark.control
def test_without_the_condition_the_rule_decides_against_the_leader() -> None:
    assert leader_against_rule(guarded=False) == (ClaimState.APPROVED, LeaderStance.DISAGREES)


def test_desk_and_rule_at_once_decide_once() -> None:
    heard, refunds = desk_against_rule(processes=3)

    claim = Claim.objects.get()
    assert heard == 1
    assert refunds == (claim.state == ClaimState.APPROVED)


@pytest.mark.control
def test_without_the_state_in_the_update_many_decide() -> None:
    heard, _refunds = desk_against_rule(processes=3, guarded=False)

    assert heard > 1
