"""State tables: what a table promises, and the tables of this app."""

from collections.abc import Mapping
from typing import Any

import pytest

from leaders.domain.lifecycle import (
    APPLICATION_LIFECYCLE,
    LEADER_LIFECYCLE,
    ApplicationState,
    LeaderState,
    Lifecycle,
    moves,
)

DOOR: Mapping[str, Any] = {
    "name": "door",
    "initial": frozenset({"shut"}),
    "moves": moves(
        ("shut", ("ajar", "stuck")), ("ajar", ("shut", "gone")), ("stuck", ("shut",)), ("gone", ())
    ),
    "open": frozenset({"shut", "ajar"}),
    "completed": frozenset({"gone"}),
    "failed": frozenset({"stuck"}),
}


def test_a_table_answers_for_its_moves() -> None:
    door = Lifecycle(**DOOR)

    assert door.sources_of("shut") == {"ajar", "stuck"}
    assert door.states == {"shut", "ajar", "stuck", "gone"}


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        pytest.param({"initial": frozenset({"painted"})}, "unknown state", id="unknown_start"),
        pytest.param(
            {"moves": moves(("shut", ("ajar",)))}, "unknown state", id="move_to_an_unknown_state"
        ),
        pytest.param({"failed": frozenset()}, "exactly one group", id="state_in_no_group"),
        pytest.param(
            {"failed": frozenset({"stuck", "gone"})}, "exactly one group", id="state_in_two_groups"
        ),
        pytest.param(
            {"open": frozenset({"shut", "ajar", "gone"}), "completed": frozenset()},
            "no way on",
            id="open_state_that_is_an_end",
        ),
        pytest.param({"initial": frozenset({"gone"})}, "be reached", id="unreachable_state"),
    ],
)
def test_a_table_that_contradicts_itself_cannot_be_made(
    changed: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        Lifecycle(**{**DOOR, **changed})


def test_a_decision_on_an_application_is_final() -> None:
    assert APPLICATION_LIFECYCLE.sources_of(ApplicationState.APPROVED) == {"trained"}
    assert APPLICATION_LIFECYCLE.sources_of(ApplicationState.REJECTED) == APPLICATION_LIFECYCLE.open
    assert APPLICATION_LIFECYCLE.moves[ApplicationState.APPROVED] == frozenset()
    assert APPLICATION_LIFECYCLE.moves[ApplicationState.REJECTED] == frozenset()


def test_a_suspended_leader_may_come_back_and_one_who_quit_may_not() -> None:
    assert {"active", "trial"} <= LEADER_LIFECYCLE.moves[LeaderState.SUSPENDED]
    assert LEADER_LIFECYCLE.moves[LeaderState.QUIT] == frozenset()
