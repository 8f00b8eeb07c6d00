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
from leaders.errors import MoveNotAllowed

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

    assert door.can_move("shut", "ajar")
    assert not door.can_move("shut", "gone")
    assert not door.can_move("painted", "shut")
    assert door.sources_of("shut") == {"ajar", "stuck"}
    assert door.states == {"shut", "ajar", "stuck", "gone"}
    assert door.is_final("gone")
    assert not door.is_final("stuck")


def test_a_move_the_table_lacks_is_refused_with_both_states() -> None:
    door = Lifecycle(**DOOR)

    door.require_move("shut", "ajar")
    with pytest.raises(MoveNotAllowed) as refused:
        door.require_move("gone", "shut")

    assert refused.value.details == {"lifecycle": "door", "old": "gone", "new": "shut"}


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
    assert APPLICATION_LIFECYCLE.sources_of(ApplicationState.APPROVED) == {"submitted"}
    assert APPLICATION_LIFECYCLE.sources_of(ApplicationState.REJECTED) == {"submitted"}
    assert APPLICATION_LIFECYCLE.is_final(ApplicationState.REJECTED)


def test_a_suspended_leader_may_come_back_and_one_who_quit_may_not() -> None:
    assert LEADER_LIFECYCLE.can_move(LeaderState.SUSPENDED, LeaderState.ACTIVE)
    assert LEADER_LIFECYCLE.can_move(LeaderState.SUSPENDED, LeaderState.TRIAL)
    assert LEADER_LIFECYCLE.is_final(LeaderState.QUIT)
