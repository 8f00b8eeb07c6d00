"""The order of the day's steps and how a stopped run goes on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.cutoff_run import (
    STEP_LIFECYCLE,
    WAITS_FOR,
    Step,
    StepState,
    next_step,
)
from fulfillment.errors import StepOutOfOrder

IN_ORDER = list(Step)


def test_a_day_has_ten_steps_from_the_freeze_to_the_check() -> None:
    assert [str(step) for step in Step] == [
        "freeze",
        "purchase",
        "receive",
        "allocate",
        "sort",
        "route",
        "print",
        "refund",
        "commission",
        "check",
    ]


def test_every_step_waits_only_for_earlier_ones() -> None:
    for position, step in enumerate(IN_ORDER):
        assert WAITS_FOR[step] <= set(IN_ORDER[:position])


def test_the_check_waits_for_everything() -> None:
    waited_for: set[Step] = set()
    frontier = {Step.CHECK}
    while frontier:
        frontier = {before for step in frontier for before in WAITS_FOR[step]} - waited_for
        waited_for |= frontier

    assert waited_for == set(Step) - {Step.CHECK}


@given(length=st.integers(min_value=0, max_value=len(IN_ORDER)))
def test_a_run_stopped_anywhere_goes_on_with_the_step_after(length: int) -> None:
    expected = IN_ORDER[length] if length < len(IN_ORDER) else None

    assert next_step(set(IN_ORDER[:length])) is expected


def test_papers_do_not_wait_for_refunds() -> None:
    waited_for: set[Step] = set()
    frontier = {Step.PRINT}
    while frontier:
        frontier = {before for step in frontier for before in WAITS_FOR[step]} - waited_for
        waited_for |= frontier

    assert Step.REFUND not in waited_for


# The order of steps while refunds still came before sorting; rows keep it.
EARLIER_ORDER = (
    Step.FREEZE,
    Step.PURCHASE,
    Step.RECEIVE,
    Step.ALLOCATE,
    Step.REFUND,
    Step.COMMISSION,
    Step.SORT,
    Step.ROUTE,
    Step.PRINT,
    Step.CHECK,
)


@given(length=st.integers(min_value=0, max_value=len(EARLIER_ORDER)))
def test_a_run_begun_when_refunds_came_before_sorting_goes_on(length: int) -> None:
    left = set(EARLIER_ORDER[length:])

    following = next_step(set(EARLIER_ORDER[:length]))

    assert (following is None) == (not left)
    assert following is None or following in left


def test_a_gap_is_filled_before_the_run_goes_on() -> None:
    done = {Step.FREEZE, Step.PURCHASE, Step.RECEIVE, Step.ALLOCATE, Step.REFUND}

    assert next_step(done) is Step.SORT


def test_a_step_done_before_what_it_waits_for_stops_the_run() -> None:
    with pytest.raises(StepOutOfOrder) as refused:
        next_step({Step.FREEZE, Step.ALLOCATE})

    assert refused.value.details == {"step": "allocate", "missing": [Step.RECEIVE]}


@given(done=st.sets(st.sampled_from(Step)))
def test_a_set_of_done_steps_is_refused_or_answered_with_a_step_not_done(done: set[Step]) -> None:
    sound = all(WAITS_FOR[step] <= done for step in done)

    if not sound:
        with pytest.raises(StepOutOfOrder):
            next_step(done)
    else:
        following = next_step(done)
        assert following not in done
        assert following is None or WAITS_FOR[following] <= done


def test_a_step_done_is_never_undone() -> None:
    assert STEP_LIFECYCLE.moves[StepState.DONE] == frozenset()


def test_only_a_step_that_ran_is_done_or_failed() -> None:
    assert STEP_LIFECYCLE.sources_of(StepState.DONE) == {StepState.RUNNING}
    assert STEP_LIFECYCLE.sources_of(StepState.FAILED) == {StepState.RUNNING}


def test_a_step_left_running_by_a_killed_process_runs_again() -> None:
    assert StepState.RUNNING in STEP_LIFECYCLE.moves[StepState.RUNNING]
