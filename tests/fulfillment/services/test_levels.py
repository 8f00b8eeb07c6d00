"""Reviews of levels on rows: what changes, what is announced, who is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from fulfillment.services.levels import levels_review
from leaders.models.audit import AuditEvent
from leaders.models.leaders import Leader, LeaderState
from leaders.models.level_reviews import LevelReview, LevelReviewState
from leaders.models.levels import LeaderLevel
from leaders.selectors.commission_plans import plan_of_leader
from orders.models.orders import Order
from orders.models.outbox import OutboxMessage, Topic
from tests.factories.leaders import LeaderFactory
from tests.factories.levels import LevelReviewFactory, ladder, sold_in_bulk

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 13, 2, 0, tzinfo=UTC)
WEEK = timedelta(days=7)

Ladder = tuple[LeaderLevel, LeaderLevel, LeaderLevel]


@pytest.fixture
def levels() -> Ladder:
    return ladder()


def leader_on(level: LeaderLevel | None, **columns: object) -> Leader:
    return LeaderFactory.create(level=level, commission_plan=None, **columns)


def test_without_levels_nothing_is_reviewed() -> None:
    LeaderFactory.create()

    assert levels_review(now=NOW) == 0


def test_who_has_earned_it_rises_at_once_with_plan_and_trace(levels: Ladder) -> None:
    trial, _formal, gold = levels
    lin = leader_on(trial)
    sold_in_bulk(lin, 6)

    assert levels_review(now=NOW) == 1

    lin = Leader.objects.get(pk=lin.pk)
    assert (lin.level, plan_of_leader(lin).rate_bp) == (gold, 1100)
    review = LevelReview.objects.get()
    assert (review.state, review.from_level, review.to_level) == (
        LevelReviewState.APPLIED,
        trial,
        gold,
    )
    assert (review.figures["orders"], review.figures["buyers"]) == (6, 6)
    assert AuditEvent.objects.get().action == "level.risen"
    assert not OutboxMessage.objects.exists()


def test_a_first_level_is_given_without_asking_for_one(levels: Ladder) -> None:
    lin = leader_on(None)

    levels_review(now=NOW)

    assert Leader.objects.get(pk=lin.pk).level == levels[0]


def test_a_fall_is_announced_told_and_only_then_done(levels: Ladder) -> None:
    trial, formal, _gold = levels
    lin = leader_on(formal, phone="19900000007")

    assert levels_review(now=NOW) == 1
    assert levels_review(now=NOW + WEEK - timedelta(days=1)) == 0

    message = OutboxMessage.objects.get(topic=Topic.LEVEL_NOTICE)
    assert message.phone == "19900000007"
    assert message.facts == {"level": trial.name, "effective_on": "2026-03-20"}
    assert Leader.objects.get(pk=lin.pk).level == formal

    assert levels_review(now=NOW + WEEK) == 1

    assert Leader.objects.get(pk=lin.pk).level == trial
    assert LevelReview.objects.get().state == LevelReviewState.APPLIED
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["level.fall_announced", "level.fallen"]


def test_figures_that_recover_take_the_announcement_back(levels: Ladder) -> None:
    _trial, formal, _gold = levels
    lin = leader_on(formal)
    levels_review(now=NOW)
    sold_in_bulk(lin, 3, paid_at=NOW)

    levels_review(now=NOW + WEEK)

    assert Leader.objects.get(pk=lin.pk).level == formal
    assert LevelReview.objects.get().state == LevelReviewState.WITHDRAWN


def test_who_rises_while_a_fall_is_announced_has_one_open_change_less(levels: Ladder) -> None:
    trial, formal, gold = levels
    lin = leader_on(formal)
    LevelReviewFactory.create(leader=lin, from_level=formal, to_level=trial)
    sold_in_bulk(lin, 6)

    levels_review(now=NOW)

    assert Leader.objects.get(pk=lin.pk).level == gold
    states = LevelReview.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [LevelReviewState.WITHDRAWN, LevelReviewState.APPLIED]


def test_from_gold_nobody_falls_further_than_to_formal_within_a_month(levels: Ladder) -> None:
    trial, formal, gold = levels
    lin = leader_on(gold)

    for days in range(31):
        levels_review(now=NOW + timedelta(days=days))
    assert Leader.objects.get(pk=lin.pk).level == formal

    for days in range(31, 38):
        levels_review(now=NOW + timedelta(days=days))
    assert Leader.objects.get(pk=lin.pk).level == trial
    falls = LevelReview.objects.filter(leader=lin).order_by("pk")
    assert [review.effective_on for review in falls] == [date(2026, 3, 20), date(2026, 4, 19)]


def test_a_review_said_twice_does_nothing_twice(levels: Ladder) -> None:
    leader_on(levels[2])

    assert [levels_review(now=NOW), levels_review(now=NOW)] == [1, 0]
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("state", [LeaderState.SUSPENDED, LeaderState.QUIT])
def test_who_does_not_work_is_not_reviewed(levels: Ladder, state: LeaderState) -> None:
    leader_on(levels[2], state=state)

    assert levels_review(now=NOW) == 0


def test_orders_that_another_leader_sold_count_for_nobody(levels: Ladder) -> None:
    lin, reseller = leader_on(levels[0]), leader_on(levels[0])
    sold_in_bulk(lin, 6)
    Order.objects.filter(leader=lin).update(reseller=reseller, resell_rate_bp=500)

    assert levels_review(now=NOW) == 0


def test_ten_leaders_or_one_take_five_queries_to_look_at(
    levels: Ladder, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(10):
        leader_on(levels[0])

    with django_assert_num_queries(5):
        levels_review(now=NOW)
