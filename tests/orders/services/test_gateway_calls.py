"""Calls to a provider, a few side by side."""

import threading

import pytest

from orders.errors import GatewayRefused, GatewayUnavailable
from orders.services.gateway_calls import calls_make


def square(number: int) -> int:
    if number < 0:
        raise GatewayUnavailable("It does not answer.")
    if number == 0:
        raise GatewayRefused("It says no.")
    return number * number


@pytest.mark.parametrize("at_once", [1, 3])
def test_every_call_brings_an_answer_a_refusal_or_silence_in_order(at_once: int) -> None:
    answered = list(calls_make(square, [1, 0, -1, 2], at_once=at_once))

    assert [one.subject for one in answered] == [1, 0, -1, 2]
    assert [one.answer for one in answered] == [1, None, None, 4]
    assert [one.refusal is not None for one in answered] == [False, True, False, False]
    assert [one.is_heard for one in answered] == [True, True, False, True]


@pytest.mark.parametrize(("at_once", "called"), [(1, 3), (2, 4), (8, 8)])
def test_a_provider_that_answers_nothing_ends_the_round(at_once: int, called: int) -> None:
    answered = list(calls_make(square, [-1] * 20, at_once=at_once))

    assert len(answered) == called


def test_a_single_silence_does_not_end_the_round() -> None:
    answered = list(calls_make(square, [-1, -1, 1, -1, -1, 2], at_once=1))

    assert len(answered) == 6


def test_what_is_left_out_before_its_call_is_not_called() -> None:
    answered = list(calls_make(square, [1, 2, 3], at_once=2, before=lambda number: number != 2))

    assert [one.subject for one in answered] == [1, 3]


def test_one_at_once_stays_in_the_thread_of_the_caller() -> None:
    here = threading.get_ident()

    alone = [one.answer for one in calls_make(lambda _n: threading.get_ident(), [1], at_once=1)]
    beside = [one.answer for one in calls_make(lambda _n: threading.get_ident(), [1], at_once=2)]

    assert alone == [here]
    assert beside != [here]


def test_calls_really_run_side_by_side() -> None:
    meeting = threading.Barrier(4, timeout=10)

    answered = list(calls_make(lambda _n: meeting.wait(), range(4), at_once=4))

    assert sorted(one.answer or 0 for one in answered) == [0, 1, 2, 3]


def test_the_database_part_of_a_call_runs_right_before_its_handful() -> None:
    trail: list[str] = []

    def note(number: int) -> bool:
        trail.append(f"before {number}")
        return True

    calls = calls_make(square, [1, 2, 3], at_once=2, before=note)
    trail.extend(f"after {answered.subject}" for answered in calls)

    assert trail == ["before 1", "before 2", "after 1", "after 2", "before 3", "after 3"]
