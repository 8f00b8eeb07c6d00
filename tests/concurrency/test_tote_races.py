"""Every tote is moved once, by whoever was first, and a load is signed for once."""

import pytest

from tests.concurrency.tote_races import load_against_seal, same_tote, two_signatures


def test_a_tote_scanned_by_many_loaders_is_loaded_once() -> None:
    result = same_tote(loaders=4)

    assert (result.scans, result.loaded_now, result.events) == (16, 4, 4)


@pytest.mark.control
def test_a_tote_that_is_looked_at_before_it_is_moved_is_loaded_again_and_again() -> None:
    result = same_tote(loaders=4, guarded=False)

    assert result.events > 4


def test_a_tote_is_loaded_or_given_back_and_never_both() -> None:
    result = load_against_seal(rounds=6)

    assert (result.both, result.broken) == (0, [])


@pytest.mark.control
def test_without_the_locks_a_tote_that_was_given_back_is_loaded() -> None:
    result = load_against_seal(rounds=6, guarded=False)

    assert result.both > 0
    assert "tote_moves" in result.broken


def test_a_load_is_signed_for_once() -> None:
    assert two_signatures(signers=4) == (1, 4, 3)
