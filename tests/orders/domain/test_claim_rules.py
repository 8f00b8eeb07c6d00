"""Which claims a rule approves, and which wait for a person."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from orders.domain.claim_rules import (
    AutomaticLimits,
    ClaimFacts,
    Obstacle,
    ResidentHistory,
    Risk,
    RiskLimits,
    decide_by_rule,
    is_fast_lane,
    risk_of,
)

LIMITS = AutomaticLimits(amount_max_fen=1_000, per_resident=2)
PLAIN = ClaimFacts(
    asked_fen=1_000,
    automatic_lately=1,
    risk=Risk.LOW,
    is_photo_known=False,
    is_fast_lane=True,
    is_within_tolerance=False,
    has_leader_disagreed=False,
)
DELIVERY = date(2026, 3, 11)
PICKED_UP = datetime(2026, 3, 13, 18, 30, tzinfo=UTC)


def test_a_small_fresh_plain_claim_is_approved() -> None:
    decision = decide_by_rule(PLAIN, LIMITS)

    assert (decision.approves, decision.obstacles) == (True, ())


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"asked_fen": 1_001}, Obstacle.AMOUNT),
        ({"asked_fen": 0}, Obstacle.NOTHING_DUE),
        ({"is_within_tolerance": True}, Obstacle.NOTHING_DUE),
        ({"automatic_lately": 2}, Obstacle.OFTEN),
        ({"risk": Risk.RAISED}, Obstacle.RISK),
        ({"is_photo_known": True}, Obstacle.PHOTO_KNOWN),
        ({"is_fast_lane": False}, Obstacle.LATE),
        ({"has_leader_disagreed": True}, Obstacle.LEADER_DISAGREES),
    ],
)
def test_anything_else_is_left_to_a_person(changes: dict[str, Any], obstacle: Obstacle) -> None:
    decision = decide_by_rule(replace(PLAIN, **changes), LIMITS)

    assert (decision.approves, decision.obstacles) == (False, (obstacle,))


def test_every_reason_is_named() -> None:
    facts = replace(
        PLAIN,
        asked_fen=5_000,
        automatic_lately=9,
        risk=Risk.RAISED,
        is_photo_known=True,
        is_fast_lane=False,
        has_leader_disagreed=True,
    )

    assert set(decide_by_rule(facts, LIMITS).obstacles) == set(Obstacle) - {Obstacle.NOTHING_DUE}


@pytest.mark.parametrize(
    ("lines", "claims", "rejected", "risk"),
    [
        (1, 1, 0, Risk.LOW),
        (2, 2, 0, Risk.LOW),
        (15, 3, 0, Risk.LOW),
        (14, 3, 0, Risk.RAISED),
        (100, 1, 1, Risk.LOW),
        (100, 2, 2, Risk.RAISED),
    ],
)
def test_the_risk_of_a_resident(lines: int, claims: int, rejected: int, risk: Risk) -> None:
    history = ResidentHistory(lines=lines, claims=claims, rejected=rejected)

    assert risk_of(history, RiskLimits(rejected=2, claims=3, share_bp=2_000)) is risk


@pytest.mark.parametrize(("hours", "is_fast"), [(0, True), (24, True), (24.01, False)])
def test_the_fast_lane_is_24_hours_from_the_pickup(hours: float, is_fast: bool) -> None:
    assert (
        is_fast_lane(
            filed_at=PICKED_UP + timedelta(hours=hours),
            delivery_date=DELIVERY,
            picked_up_at=PICKED_UP,
        )
        is is_fast
    )


@pytest.mark.parametrize(("day", "is_fast"), [(11, True), (12, True), (13, False)])
def test_without_a_pickup_it_is_the_delivery_day_and_the_next(day: int, is_fast: bool) -> None:
    filed_at = datetime(2026, 3, day, 23, 59, tzinfo=UTC)

    assert is_fast_lane(filed_at=filed_at, delivery_date=DELIVERY) is is_fast
