"""Restraint sells: how often a leader's group has heard something today.

Nothing is forbidden; a leader who knows better goes on. Moments are aware.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# Copying the words and saving the picture is one post, and so is a form sent twice.
ONE_POST = timedelta(minutes=5)
# Twice the same within this, and the group scrolls past.
REPEATED_WITHIN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Push:
    """One thing a leader took to post: of which kind, about which campaign, when."""

    kind: str
    campaign_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Restraint:
    """How much a group has heard today, and the most it should hear."""

    pushes: int
    most: int

    @property
    def is_used_up(self) -> bool:
        """Whether another push would be one too many."""
        return self.pushes >= self.most

    @property
    def left(self) -> int:
        """Pushes that are left today."""
        return max(0, self.most - self.pushes)


def is_same_post(before: Sequence[Push], push: Push) -> bool:
    """Return whether a push belongs to a post that was counted already."""
    return any(
        known.kind == push.kind
        and known.campaign_id == push.campaign_id
        and push.at - known.at < ONE_POST
        for known in before
    )


def repeated_at(before: Sequence[Push], push: Push) -> datetime | None:
    """Return when the same was last posted, if that is less than two hours ago."""
    same = [
        known.at
        for known in before
        if known.kind == push.kind
        and known.campaign_id == push.campaign_id
        and push.at - known.at < REPEATED_WITHIN
    ]
    return max(same, default=None)
