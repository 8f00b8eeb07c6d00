"""One draft of a plan is accepted, the others are outdated; a search stops when asked."""

import pytest

from tests.concurrency.plan_races import accepted_at_once, stopped_from_elsewhere


def test_of_drafts_accepted_at_once_one_becomes_the_plan() -> None:
    result = accepted_at_once(drafts=3)

    assert (result.accepted, result.outdated) == (1, 2)
    assert (result.revision, result.moved) == (2, 1)


@pytest.mark.control
def test_without_the_runs_lock_one_draft_undoes_another() -> None:
    result = accepted_at_once(drafts=3, guarded=False)

    assert result.outdated < 2


def test_a_search_is_cancelled_from_another_process_within_seconds() -> None:
    state, seconds = stopped_from_elsewhere()

    assert state == "dropped"
    assert seconds < 20
