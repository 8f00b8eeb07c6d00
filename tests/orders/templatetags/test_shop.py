"""How shop pages word days, times and changes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from orders.domain.shelf import BasketChange, ChangeKind
from orders.templatetags.shop import (
    change_word,
    day_word,
    left_word,
    progress_percent,
    seconds_left,
    time_word,
)

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False), timezone.override("Asia/Shanghai"):
        yield


def test_today_and_tomorrow_are_said_with_their_date() -> None:
    words = [day_word(date(2026, 3, day)) for day in (10, 11, 12)]

    assert all(f"3月{day}日" in word for word, day in zip(words, (10, 11, 12), strict=True))
    assert words[0] != "3月10日"
    assert words[1] != "3月11日"
    assert words[2] == "3月12日"


def test_a_time_of_another_day_carries_its_date() -> None:
    assert time_word(datetime(2026, 3, 10, 14, 58, tzinfo=UTC)) == "22:58"
    assert time_word(datetime(2026, 3, 11, 14, 58, tzinfo=UTC)) == "3月11日 22:58"


@pytest.mark.parametrize(
    ("left", "figures"),
    [
        pytest.param(timedelta(days=2, hours=3, minutes=4), ["2", "3"], id="days"),
        pytest.param(timedelta(hours=3, minutes=12, seconds=59), ["3", "12"], id="hours"),
        pytest.param(timedelta(minutes=5), ["5"], id="minutes"),
        pytest.param(timedelta(seconds=-1), ["0"], id="over"),
    ],
)
def test_the_time_left_is_said_in_its_two_largest_units(
    left: timedelta, figures: list[str]
) -> None:
    word = left_word(NOON + left)

    assert [part for part in word.split() if part.isdigit()] == figures


def test_a_script_gets_the_seconds_by_our_clock() -> None:
    assert seconds_left(NOON + timedelta(minutes=1, microseconds=5)) == 60
    assert seconds_left(NOON - timedelta(minutes=1)) == 0


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        (BasketChange(ChangeKind.GONE, "嫩豆腐", 2, 0), ["嫩豆腐"]),
        (BasketChange(ChangeKind.FEWER, "嫩豆腐", 5, 3), ["嫩豆腐", "5", "3"]),
        (BasketChange(ChangeKind.PRICE, "嫩豆腐", 290, 350), ["嫩豆腐", "¥2.90", "¥3.50"]),
    ],
)
def test_a_change_names_the_goods_and_the_figures(change: BasketChange, parts: list[str]) -> None:
    assert all(part in change_word(change) for part in parts)


def test_goods_nobody_knows_any_more_are_told_all_the_same() -> None:
    assert change_word(BasketChange(ChangeKind.GONE, "", 1, 0))


@pytest.mark.parametrize(
    ("done", "whole", "percent"), [(0, 30, 0), (21, 30, 70), (40, 30, 100), (3, None, 0)]
)
def test_progress_stays_within_the_bar(done: int, whole: int | None, percent: int) -> None:
    assert progress_percent(done, whole) == percent
