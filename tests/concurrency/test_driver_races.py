"""What a phone sends twice at once is stored and entered once, and every sender is answered."""

import pytest

from tests.concurrency.driver_races import entered_at_once, same_batch

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_batch_from_two_processes_is_stored_once_and_answered_twice() -> None:
    same = same_batch(senders=2)

    assert (same.lost, len(same.answers)) == (0, 1)
    assert (same.events, same.results) == (5, 5)


@pytest.mark.control
def test_without_the_runs_lock_a_sender_gets_no_answer() -> None:
    same = same_batch(senders=2, guarded=False)

    assert same.lost > 0


def test_endings_are_entered_once_whoever_is_first() -> None:
    entered = entered_at_once(clocks=3)

    assert (entered.entered, entered.handovers, entered.moves) == (2, 2, 4)
    assert entered.broken == []
