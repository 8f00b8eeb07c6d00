"""What counts as one post, and what a group has heard already."""

from datetime import UTC, datetime, timedelta

import pytest

from fulfillment.domain.push_restraint import Push, Restraint, is_same_post, repeated_at

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def push(minutes_ago: float, kind: str = "opening", campaign: int | None = 1) -> Push:
    return Push(kind, campaign, NOON - timedelta(minutes=minutes_ago))


@pytest.mark.parametrize(
    ("before", "is_same"),
    [
        (push(4), True),
        (push(5), False),
        (push(1, kind="last_call"), False),
        (push(1, campaign=2), False),
    ],
)
def test_words_and_picture_of_one_post_count_once(before: Push, is_same: bool) -> None:
    assert is_same_post([before], push(0)) is is_same


@pytest.mark.parametrize(
    ("before", "is_repeated"),
    [
        ([push(119)], True),
        ([push(120)], False),
        ([push(30, campaign=2)], False),
        ([push(30, kind="war_report")], False),
        ([], False),
    ],
)
def test_the_same_within_two_hours_is_said_twice(before: list[Push], is_repeated: bool) -> None:
    assert (repeated_at(before, push(0)) is not None) is is_repeated


def test_the_last_of_several_is_named() -> None:
    assert repeated_at([push(90), push(30), push(60)], push(0)) == push(30).at


@pytest.mark.parametrize(
    ("pushes", "left", "is_used_up"), [(7, 1, False), (8, 0, True), (9, 0, True)]
)
def test_a_day_has_so_many_pushes(pushes: int, left: int, is_used_up: bool) -> None:
    restraint = Restraint(pushes=pushes, most=8)

    assert (restraint.left, restraint.is_used_up) == (left, is_used_up)
