"""The first look at an application: what speaks for the place, in points with their reasons.

The score orders the recruiter's board and decides nothing: a person reviews
every application. Money is no part of it; nobody pays to become a leader.
"""

from dataclasses import dataclass
from enum import StrEnum

PASS_POINTS = 50
LARGE_GROUP_FROM = 200


class ScoreReason(StrEnum):
    """What may speak for an application."""

    SHOP = "shop"
    GROUP = "group"
    FRIDGE = "fridge"
    GROUND_FLOOR = "ground_floor"
    EXPERIENCE = "experience"


POINTS_OF = {
    ScoreReason.SHOP: 30,
    ScoreReason.GROUP: 20,
    ScoreReason.FRIDGE: 15,
    ScoreReason.GROUND_FLOOR: 10,
    ScoreReason.EXPERIENCE: 10,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantFacts:
    """What an applicant said, as far as the score looks at it.

    Parameters
    ----------
    is_shop
        Whether goods would land in a shop.
    has_hours
        Whether opening hours are given.
    group_size
        People in the applicant's group.
    """

    is_shop: bool = False
    has_hours: bool = False
    has_fridge: bool = False
    is_ground_floor: bool = False
    is_experienced: bool = False
    group_size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePart:
    """One reason, and the points it brought; 0 where it does not hold."""

    reason: ScoreReason
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    """All reasons in a fixed order, heaviest first."""

    parts: tuple[ScorePart, ...]

    @property
    def points(self) -> int:
        """The sum, 0 to 85."""
        return sum(part.points for part in self.parts)

    @property
    def is_passing(self) -> bool:
        """Whether the place looks good enough for a visit."""
        return self.points >= PASS_POINTS


def score(facts: ApplicantFacts) -> Score:
    """Return the score of an application.

    A shop counts only with its hours: without them nobody knows when goods
    can be brought and fetched.
    """
    holds = {
        ScoreReason.SHOP: facts.is_shop and facts.has_hours,
        ScoreReason.GROUP: facts.group_size >= LARGE_GROUP_FROM,
        ScoreReason.FRIDGE: facts.has_fridge,
        ScoreReason.GROUND_FLOOR: facts.is_ground_floor,
        ScoreReason.EXPERIENCE: facts.is_experienced,
    }
    return Score(
        tuple(
            ScorePart(reason=reason, points=points if holds[reason] else 0)
            for reason, points in POINTS_OF.items()
        )
    )
