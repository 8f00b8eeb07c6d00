"""Of changes made on one step of a board one counts; the others are told and nothing is lost."""

import pytest

from tests.concurrency.board_races import moved_at_once


def test_of_moves_made_at_once_one_counts_and_the_others_are_told() -> None:
    result = moved_at_once(dispatchers=3)

    assert (result.made, result.outdated) == (1, 2)
    assert (result.steps, result.moved) == (1, 1)


@pytest.mark.control
def test_without_the_runs_lock_a_move_is_lost() -> None:
    result = moved_at_once(dispatchers=3, guarded=False)

    assert result.made > result.moved
