"""Reviews of levels: leaders rise at once, and fall one step after a notice."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from fulfillment.selectors.levels import figures_of_leaders, rung_of
from leaders.domain.levels import Decision, Figures, Standing, Verdict, decide
from leaders.domain.lifecycle import LEVEL_REVIEW_LIFECYCLE
from leaders.models.leaders import Leader, LeaderState
from leaders.models.level_reviews import LevelReview, LevelReviewState
from leaders.models.levels import LeaderLevel
from leaders.services.audit import audit
from orders.models.outbox import Topic
from orders.services.outbox import Message, messages_queue

REVIEWED_STATES = (LeaderState.TRIAL, LeaderState.ACTIVE)
_DEEDS: Mapping[Verdict, str] = {
    Verdict.RISE: "level.risen",
    Verdict.ANNOUNCE: "level.fall_announced",
    Verdict.FALL: "level.fallen",
    Verdict.WITHDRAW: "level.fall_withdrawn",
}


def levels_review(*, now: datetime) -> int:
    """Review every working leader; return how many levels changed or were announced to.

    What a review does depends on rows and on the local day only, so it may be
    called at any time and again. Each leader is a transaction of their own.
    """
    levels = list(LeaderLevel.objects.order_by("rank"))
    if not levels:
        return 0
    leaders = list(Leader.objects.filter(state__in=REVIEWED_STATES).order_by("pk"))
    figures = figures_of_leaders(leaders, now)
    reviews = _reviews_of(leaders)
    done = 0
    for leader in leaders:
        own = figures.get(leader.pk, Figures())
        decision = _decision(leader, levels, own, reviews.get(leader.pk, []), _day(now))
        if decision.verdict is not Verdict.STAY:
            done += _review_one(leader.pk, levels, own, now)
    return done


@transaction.atomic
def _review_one(
    leader_id: int, levels: Sequence[LeaderLevel], figures: Figures, now: datetime
) -> bool:
    """Decide again on the locked leader and do it; whether anything was done."""
    leader = Leader.objects.select_for_update(no_key=True).get(pk=leader_id)
    reviews = _reviews_of([leader]).get(leader_id, [])
    decision = _decision(leader, levels, figures, reviews, _day(now))
    if decision.verdict is Verdict.STAY:
        return False
    review = _open_review(reviews)
    if review is not None:
        _close(review, is_applied=decision.verdict is Verdict.FALL, now=now)
    if review is None or decision.verdict is Verdict.RISE:
        review = _write(leader, levels, decision, figures, now)
    if decision.verdict in (Verdict.RISE, Verdict.FALL):
        Leader.objects.filter(pk=leader.pk).update(level=review.to_level_id)
    if decision.verdict is Verdict.ANNOUNCE:
        _tell(leader, review, now)
    audit(
        action=_DEEDS[decision.verdict],
        about=leader,
        actor=None,
        now=now,
        facts={
            "review": review.pk,
            "from_level": review.from_level_id,
            "to_level": review.to_level_id,
            **asdict(figures),
        },
    )
    return True


def _decision(
    leader: Leader,
    levels: Sequence[LeaderLevel],
    figures: Figures,
    reviews: Sequence[LevelReview],
    today: date,
) -> Decision:
    ranks = {level.pk: level.rank for level in levels}
    announced = _open_review(reviews)
    falls = [review for review in reviews if _is_fall(review)]
    standing = Standing(
        rank=None if leader.level_id is None else ranks[leader.level_id],
        announced_for=announced.effective_on if announced else None,
        last_announced_on=max((_day(review.noticed_at) for review in falls), default=None),
        last_fell_on=max(
            (
                _day(review.closed_at)
                for review in falls
                if review.state == LevelReviewState.APPLIED and review.closed_at
            ),
            default=None,
        ),
    )
    return decide([rung_of(level) for level in levels], figures, standing, today=today)


def _reviews_of(leaders: Sequence[Leader]) -> dict[int, list[LevelReview]]:
    """Every change of level by leader, in one query."""
    found: dict[int, list[LevelReview]] = {}
    rows = LevelReview.objects.select_related("from_level", "to_level").filter(
        leader__in=[leader.pk for leader in leaders]
    )
    for review in rows:
        found.setdefault(review.leader_id, []).append(review)
    return found


def _open_review(reviews: Sequence[LevelReview]) -> LevelReview | None:
    return next((review for review in reviews if review.is_open), None)


def _is_fall(review: LevelReview) -> bool:
    return review.from_level is not None and review.to_level.rank < review.from_level.rank


def _write(
    leader: Leader,
    levels: Sequence[LeaderLevel],
    decision: Decision,
    figures: Figures,
    now: datetime,
) -> LevelReview:
    """Keep a change of level: a rise is in force, a fall announced."""
    is_rise = decision.verdict is Verdict.RISE
    return LevelReview.objects.create(
        leader=leader,
        from_level_id=leader.level_id,
        to_level=next(level for level in levels if level.rank == decision.rank),
        state=LevelReviewState.APPLIED if is_rise else LevelReviewState.NOTICED,
        figures=asdict(figures),
        noticed_at=now,
        effective_on=decision.effective_on,
        closed_at=now if is_rise else None,
    )


def _close(review: LevelReview, *, is_applied: bool, now: datetime) -> None:
    state = LevelReviewState.APPLIED if is_applied else LevelReviewState.WITHDRAWN
    LevelReview.objects.filter(
        pk=review.pk, state__in=LEVEL_REVIEW_LIFECYCLE.sources_of(state)
    ).update(state=state, closed_at=now)


def _tell(leader: Leader, review: LevelReview, now: datetime) -> None:
    message = Message(
        topic=Topic.LEVEL_NOTICE,
        dedupe_key=f"level-review-{review.pk}",
        phone=leader.phone,
        facts={
            "level": review.to_level.name,
            "effective_on": review.effective_on.isoformat(),
        },
    )
    messages_queue(messages=[message], now=now)


def _day(at: datetime) -> date:
    """The operator's day of a moment."""
    return timezone.localdate(at)
