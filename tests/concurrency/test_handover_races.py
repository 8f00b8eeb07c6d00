"""Two words about one delivery: neither is lost, and a count is entered or refused."""

import pytest

from tests.concurrency.handover_races import (
    same_count,
    silence_against_count,
    tap_against_entry,
)


def test_a_tap_and_the_drivers_word_at_once_are_both_kept() -> None:
    result = tap_against_entry(rounds=8)

    assert (result.signed, result.by_tap, result.lost, result.broken) == (8, 8, 0, [])


@pytest.mark.control
def test_without_the_runs_lock_a_word_is_lost() -> None:
    result = tap_against_entry(rounds=8, guarded=False)

    assert result.lost > 0
    assert result.by_tap < 8


def test_a_count_at_the_end_of_its_window_is_entered_or_refused() -> None:
    counted, swallowed = silence_against_count(rounds=8)

    assert swallowed == 0
    assert counted <= 8


def test_the_same_count_sent_by_many_is_entered_once() -> None:
    assert same_count(senders=4) == (1, 0)
