"""What a phone reports is read strictly; what a stop came to does not hang on the order."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.driving import (
    ClockDoubt,
    EventKind,
    FailReason,
    Reported,
    Told,
    clock_doubt,
    happened_at,
    read_ending,
    read_undone,
    stop_story,
)
from fulfillment.domain.exceptions import Cause
from fulfillment.domain.handover import HandoverMethod
from fulfillment.domain.lifecycle import StopState
from fulfillment.domain.trip_returns import LineDifference
from fulfillment.models.driving import DriverEventKind
from fulfillment.route_errors import DriverEventRefused

SEVEN = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
PROOF = "1b0e7a52-6f0e-4d52-9a53-0d9d3f0f7a21"
BY_CODE = {"method": "code", "code": "123456", "totes": 3, "empties": 2}


def reported(kind: EventKind, body: Mapping[str, object], *, stop_id: int | None = 7) -> Reported:
    return Reported(event_id=uuid4(), kind=kind, stop_id=stop_id, device_at=SEVEN, body=body)


def told(kind: EventKind, minute: int, *, undoes: Told | None = None) -> Told:
    return Told(
        event_id=uuid4(),
        kind=kind,
        device_at=SEVEN + timedelta(minutes=minute),
        undoes=undoes.event_id if undoes else None,
    )


def test_the_kinds_are_those_of_the_table() -> None:
    assert [kind.value for kind in EventKind] == DriverEventKind.values


def test_a_handover_by_code_is_a_delivery() -> None:
    ending = read_ending(reported(EventKind.HAND_OVER, BY_CODE))

    assert (ending.result.stop_id, ending.result.state) == (7, StopState.DELIVERED)
    assert (ending.result.method, ending.result.empties) == (HandoverMethod.CODE, 2)
    assert (ending.totes, ending.code, ending.is_by_code) == (3, "123456", True)


def test_goods_that_are_missing_make_it_a_part_of_one() -> None:
    body = BY_CODE | {
        "back": [11],
        "lost": [12],
        "differences": [{"sku": 5, "qty": 2, "cause": "damaged"}],
    }

    result = read_ending(reported(EventKind.HAND_OVER, body)).result

    assert result.state is StopState.PARTLY
    assert (result.brought_back, result.lost) == (frozenset({11}), frozenset({12}))
    assert result.differences == (LineDifference(sku_id=5, qty=2, cause=Cause.DAMAGED),)


def test_what_is_left_alone_is_unsigned_and_has_a_photo() -> None:
    body = {"method": "left", "totes": 3, "proof": PROOF, "note": "behind the door"}

    ending = read_ending(reported(EventKind.HAND_OVER, body))

    assert not ending.result.is_signed
    assert ending.proof_id == UUID(PROOF)


@pytest.mark.parametrize(
    ("reason", "state"),
    [("absent", StopState.FAILED), ("refused", StopState.REFUSED)],
)
def test_a_failure_says_why_and_shows_it(reason: str, state: StopState) -> None:
    ending = read_ending(reported(EventKind.FAIL, {"reason": reason, "proof": PROOF}))

    assert (ending.result.state, ending.reason) == (state, FailReason(reason))
    assert ending.totes is None


def test_where_nothing_was_loaded_there_is_nothing_to_show() -> None:
    ending = read_ending(reported(EventKind.FAIL, {"reason": "nothing_loaded"}))

    assert ending.proof_id is None


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (EventKind.HAND_OVER, {}),
        (EventKind.HAND_OVER, BY_CODE | {"method": "paper"}),
        (EventKind.HAND_OVER, BY_CODE | {"method": "nod"}),
        (EventKind.HAND_OVER, BY_CODE | {"code": " "}),
        (EventKind.HAND_OVER, BY_CODE | {"totes": None}),
        (EventKind.HAND_OVER, BY_CODE | {"totes": -1}),
        (EventKind.HAND_OVER, BY_CODE | {"totes": True}),
        (EventKind.HAND_OVER, BY_CODE | {"totes": "3"}),
        (EventKind.HAND_OVER, BY_CODE | {"empties": 501}),
        (EventKind.HAND_OVER, BY_CODE | {"back": [11]}),
        (EventKind.HAND_OVER, BY_CODE | {"back": "11"}),
        (EventKind.HAND_OVER, BY_CODE | {"back": ["11"]}),
        (EventKind.HAND_OVER, BY_CODE | {"differences": [5]}),
        (EventKind.HAND_OVER, BY_CODE | {"differences": [{"sku": 5, "cause": "short"}]}),
        (EventKind.HAND_OVER, BY_CODE | {"differences": [{"sku": 5, "qty": 0, "cause": "short"}]}),
        (EventKind.HAND_OVER, BY_CODE | {"differences": [{"sku": 5, "qty": 1, "cause": "bored"}]}),
        (EventKind.HAND_OVER, {"method": "left", "totes": 3, "note": "door"}),
        (EventKind.HAND_OVER, {"method": "left", "totes": 3, "proof": PROOF}),
        (EventKind.HAND_OVER, {"method": "signature", "totes": 3}),
        (EventKind.HAND_OVER, {"method": "signature", "totes": 3, "proof": "mine"}),
        (EventKind.FAIL, {"proof": PROOF}),
        (EventKind.FAIL, {"reason": "absent"}),
        (EventKind.FAIL, {"reason": "other", "proof": PROOF}),
        (EventKind.ARRIVE, {}),
    ],
)
def test_what_cannot_be_meant_is_refused(kind: EventKind, body: Mapping[str, object]) -> None:
    with pytest.raises(DriverEventRefused):
        read_ending(reported(kind, body))


def test_an_ending_without_a_stop_is_refused() -> None:
    with pytest.raises(DriverEventRefused):
        read_ending(reported(EventKind.HAND_OVER, BY_CODE, stop_id=None))


def test_taking_back_names_what_is_taken_back() -> None:
    assert read_undone(reported(EventKind.UNDO, {"event": PROOF})) == UUID(PROOF)
    with pytest.raises(DriverEventRefused):
        read_undone(reported(EventKind.UNDO, {}))


def test_a_stop_that_was_handed_over_has_ended() -> None:
    arrive, hand_over = told(EventKind.ARRIVE, 0), told(EventKind.HAND_OVER, 5)

    story = stop_story([arrive, hand_over])

    assert (story.standing, story.is_at_door) == (hand_over.event_id, True)


def test_taken_back_the_driver_is_at_the_door_again_and_may_end_it_otherwise() -> None:
    hand_over = told(EventKind.HAND_OVER, 5)
    undo = told(EventKind.UNDO, 6, undoes=hand_over)
    fail = told(EventKind.FAIL, 8)

    back, otherwise = stop_story([hand_over, undo]), stop_story([fail, hand_over, undo])

    assert (back.standing, back.is_at_door) == (None, True)
    assert otherwise.standing == fail.event_id
    assert otherwise.undone == {hand_over.event_id}


def test_an_arrival_and_a_failure_on_the_way_can_be_taken_back_whole() -> None:
    arrive, fail = told(EventKind.ARRIVE, 0), told(EventKind.FAIL, 5)
    undone = [told(EventKind.UNDO, 6, undoes=arrive), told(EventKind.UNDO, 6, undoes=fail)]

    story = stop_story([arrive, fail, *undone])

    assert (story.standing, story.is_at_door) == (None, False)


def test_of_two_endings_the_first_stands() -> None:
    first, second = told(EventKind.HAND_OVER, 5), told(EventKind.FAIL, 9)

    story = stop_story([second, first])

    assert story.standing == first.event_id
    assert story.beaten == {second.event_id}


@st.composite
def days_at_a_stop(draw: st.DrawFn) -> list[Told]:
    """Arrivals and endings in any number, some of them taken back."""
    kinds = st.sampled_from([EventKind.ARRIVE, EventKind.HAND_OVER, EventKind.FAIL])
    done = [told(kind, draw(st.integers(0, 9))) for kind in draw(st.lists(kinds, max_size=6))]
    back = draw(st.lists(st.sampled_from(done), unique_by=id)) if done else []
    return done + [told(EventKind.UNDO, 10, undoes=event) for event in back]


@given(st.data())
def test_the_order_of_arrival_and_what_came_twice_change_nothing(data: st.DataObject) -> None:
    events = data.draw(days_at_a_stop())

    assert stop_story(data.draw(st.permutations(events))) == stop_story(events)
    assert stop_story({event.event_id: event for event in events + events}.values()) == stop_story(
        events
    )


@given(days_at_a_stop())
def test_an_ending_stands_is_beaten_or_was_taken_back(events: list[Told]) -> None:
    story = stop_story(events)
    endings = {e.event_id for e in events if e.kind in (EventKind.HAND_OVER, EventKind.FAIL)}
    standing = {story.standing} if story.standing else set()

    assert standing | story.beaten | (story.undone & endings) == endings
    assert len(standing) + len(story.beaten) + len(story.undone & endings) == len(endings)


@pytest.mark.parametrize(
    ("device_at", "doubt"),
    [
        (SEVEN, None),
        (SEVEN + timedelta(minutes=2), None),
        (SEVEN + timedelta(minutes=3), ClockDoubt.AHEAD),
        (SEVEN - timedelta(hours=13), None),
        (SEVEN - timedelta(hours=14), ClockDoubt.BEHIND),
    ],
)
def test_a_clock_that_cannot_be_right_is_noticed(
    device_at: datetime, doubt: ClockDoubt | None
) -> None:
    departs_at = SEVEN - timedelta(hours=1)

    assert clock_doubt(device_at, received_at=SEVEN, departs_at=departs_at) is doubt


def test_such_a_clock_is_not_used() -> None:
    departs_at = SEVEN - timedelta(hours=1)

    def when(minutes: int) -> datetime:
        device_at = SEVEN + timedelta(minutes=minutes)
        return happened_at(device_at, received_at=SEVEN, departs_at=departs_at)

    assert when(-90) == SEVEN - timedelta(minutes=90)
    assert when(1) == SEVEN
    assert when(60) == SEVEN
    assert when(-60 * 24) == SEVEN
