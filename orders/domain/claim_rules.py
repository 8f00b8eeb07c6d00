"""How fast a claim is looked at, and which claims a rule may approve by itself.

A rule approves or leaves the claim to a person; it never rejects. The worked
examples are in docs/algorithms/claims.md.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

# The rules promise 24 hours; who never fetched the goods on record has the next day.
FAST_LANE = timedelta(hours=24)
FAST_LANE_DAYS = timedelta(days=1)
BP = 10_000


class Obstacle(StrEnum):
    """Why a rule leaves a claim to a person."""

    AMOUNT = "amount"
    NOTHING_DUE = "nothing_due"
    OFTEN = "often"
    RISK = "risk"
    PHOTO_KNOWN = "photo_known"
    LATE = "late"
    LEADER_DISAGREES = "leader_disagrees"


class Risk(StrEnum):
    """How a resident's claims look beside what they bought."""

    LOW = "low"
    RAISED = "raised"


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticLimits:
    """What a rule may approve.

    Parameters
    ----------
    amount_max_fen
        The most one claim may ask for.
    per_resident
        How many claims of one resident a rule approves within the days that
        the caller counts.
    """

    amount_max_fen: int
    per_resident: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """What the rule looks at.

    Parameters
    ----------
    asked_fen
        What the claim asks for.
    automatic_lately
        Claims of the same resident that a rule approved in the last days.
    risk
        Of the resident.
    is_photo_known
        A photo of it was seen in another claim.
    is_fast_lane
        It came within the fast lane.
    is_within_tolerance
        It is about weight, and the rules owe nothing for so little.
    has_leader_disagreed
        The leader said so; silence agrees.
    """

    asked_fen: int
    automatic_lately: int
    risk: Risk
    is_photo_known: bool
    is_fast_lane: bool
    is_within_tolerance: bool
    has_leader_disagreed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDecision:
    """What the rule says; without an obstacle it approves all that is asked."""

    obstacles: tuple[Obstacle, ...]

    @property
    def approves(self) -> bool:
        """Return whether the claim is approved without a person."""
        return not self.obstacles


def decide_by_rule(facts: ClaimFacts, limits: AutomaticLimits) -> RuleDecision:
    """Approve a small, fresh, plain claim; name every reason that speaks against it."""
    against = {
        Obstacle.AMOUNT: facts.asked_fen > limits.amount_max_fen,
        Obstacle.NOTHING_DUE: facts.asked_fen <= 0 or facts.is_within_tolerance,
        Obstacle.OFTEN: facts.automatic_lately >= limits.per_resident,
        Obstacle.RISK: facts.risk is not Risk.LOW,
        Obstacle.PHOTO_KNOWN: facts.is_photo_known,
        Obstacle.LATE: not facts.is_fast_lane,
        Obstacle.LEADER_DISAGREES: facts.has_leader_disagreed,
    }
    return RuleDecision(obstacles=tuple(reason for reason, holds in against.items() if holds))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentHistory:
    """A resident's lines and claims of the last weeks, the claim in hand included."""

    lines: int
    claims: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskLimits:
    """From when on a resident's claims are looked at by a person.

    Parameters
    ----------
    rejected
        So many rejected claims raise the risk.
    claims, share_bp
        So many claims do, where they are more than this share of the lines bought.
    """

    rejected: int
    claims: int
    share_bp: int


def risk_of(history: ResidentHistory, limits: RiskLimits) -> Risk:
    """Return the risk; it only sends a claim to a person and is shown to nobody else."""
    is_frequent = (
        history.claims >= limits.claims and history.claims * BP > history.lines * limits.share_bp
    )
    if history.rejected >= limits.rejected or is_frequent:
        return Risk.RAISED
    return Risk.LOW


def is_fast_lane(
    *, filed_at: datetime, delivery_date: date, picked_up_at: datetime | None = None
) -> bool:
    """Say whether a claim came within 24 hours of the pickup.

    Where no pickup is on record, the delivery day and the next count. It is a
    promise of ours to be quick, not a limit: later claims are looked at, too,
    and never refused by a machine.

    Parameters
    ----------
    filed_at
        In the operator's time zone.
    """
    if picked_up_at is not None:
        return filed_at <= picked_up_at + FAST_LANE
    return filed_at.date() <= delivery_date + FAST_LANE_DAYS
