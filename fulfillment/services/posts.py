"""What leaders take to post is counted, so that groups are not flooded."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fulfillment.domain.push_restraint import Push, Restraint, is_same_post, repeated_at
from fulfillment.selectors.posts import pushes_lately, restraint_of
from leaders.domain.crashpoints import crashpoint
from leaders.models.leaders import Leader
from orders.models.kit import Post, PostKind

# Two goods, or two neighbours, are not the same thing said twice.
ONCE_KINDS = (PostKind.OPENING, PostKind.LAST_CALL, PostKind.WAR_REPORT, PostKind.ARRIVAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What a group has heard after a post.

    `repeated_at` is when the same was last posted, if that is less than two
    hours ago; `is_counted` is false where it belongs to a post counted before.
    """

    restraint: Restraint
    repeated_at: datetime | None
    is_counted: bool

    @property
    def is_too_many(self) -> bool:
        """Whether the day now holds more pushes than it should."""
        return self.restraint.pushes > self.restraint.most


@transaction.atomic
def post_record(
    *, leader: Leader, kind: PostKind, campaign_id: int | None, now: datetime
) -> Posted:
    """Note that a leader took something to post; nothing is ever refused.

    Words and picture of one post, and a form sent twice, count once.
    """
    leader_lock(leader)
    push = Push(kind, campaign_id, now)
    before = pushes_lately(leader, now)
    is_counted = not is_same_post(before, push)
    crashpoint("posts.compared")
    if is_counted:
        Post.objects.create(leader=leader, kind=kind, campaign_id=campaign_id, posted_at=now)
    return Posted(
        restraint=restraint_of(leader, now),
        repeated_at=repeated_at(before, push) if is_counted and kind in ONCE_KINDS else None,
        is_counted=is_counted,
    )


def leader_lock(leader: Leader) -> None:
    """Let two taps of one thumb wait for each other; orders of the group do not wait."""
    Leader.objects.select_for_update(no_key=True).get(pk=leader.pk)
