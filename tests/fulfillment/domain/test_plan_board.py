"""Moving stops by hand, and taking it back."""

from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.plan_board import (
    Board,
    Seat,
    board_read,
    board_written,
    step_applied,
    step_read,
    step_written,
    stop_moved,
    stops_moved,
)

TWO_VANS = Board({"V1": (("1", "2", "3"), ("4",)), "V2": (("5", "6"),)})
KEYS = [str(number) for number in range(1, 9)]

seats = st.none() | st.builds(
    Seat,
    vehicle_code=st.sampled_from(["V1", "V2", "V3"]),
    trip_no=st.integers(1, 4),
    position=st.integers(1, 9),
)
moves = st.lists(st.tuples(st.sampled_from(KEYS), seats), max_size=12)


def after(board: Board, stop_key: str, seat: Seat | None) -> Board:
    return step_applied(board, stop_moved(board, stop_key, seat))


def test_a_stop_goes_to_its_place_on_another_trip() -> None:
    board = after(TWO_VANS, "2", Seat(vehicle_code="V2", trip_no=1, position=2))

    assert board.days == {"V1": (("1", "3"), ("4",)), "V2": (("5", "2", "6"),)}


def test_a_place_after_the_last_is_the_last() -> None:
    board = after(TWO_VANS, "2", Seat(vehicle_code="V2", trip_no=1, position=99))

    assert board.days["V2"] == (("5", "6", "2"),)


def test_the_place_counts_the_stop_itself_when_it_stays_on_its_trip() -> None:
    board = after(TWO_VANS, "1", Seat(vehicle_code="V1", trip_no=1, position=3))

    assert board.days["V1"] == (("2", "3", "1"), ("4",))


def test_a_trip_after_the_last_opens_one() -> None:
    board = after(TWO_VANS, "3", Seat(vehicle_code="V2", trip_no=2, position=1))

    assert board.days["V2"] == (("5", "6"), ("3",))


def test_a_vehicle_that_stayed_at_home_gets_its_first_trip() -> None:
    board = after(TWO_VANS, "3", Seat(vehicle_code="V3", trip_no=1, position=1))

    assert board.days["V3"] == (("3",),)


def test_a_trip_that_loses_its_last_stop_is_gone() -> None:
    board = after(TWO_VANS, "4", Seat(vehicle_code="V2", trip_no=1, position=1))

    assert board.days["V1"] == (("1", "2", "3"),)


def test_trips_behind_an_emptied_one_move_up() -> None:
    board = Board({"V1": (("1",), ("2", "3"))})

    moved = after(board, "1", Seat(vehicle_code="V1", trip_no=2, position=2))

    assert moved.days == {"V1": (("2", "1", "3"),)}


def test_a_stop_can_leave_every_trip_and_come_back() -> None:
    without = after(TWO_VANS, "5", None)
    back = after(without, "5", Seat(vehicle_code="V2", trip_no=1, position=1))

    assert without.days["V2"] == (("6",),)
    assert back == TWO_VANS


def test_a_vehicle_without_trips_is_off_the_board() -> None:
    board = Board({"V1": (("1",),), "V2": (("2",),)})

    assert after(board, "2", None).days == {"V1": (("1",),)}


def test_moved_are_those_with_another_vehicle_or_trip() -> None:
    reordered = after(TWO_VANS, "1", Seat(vehicle_code="V1", trip_no=1, position=3))
    moved = after(reordered, "5", Seat(vehicle_code="V1", trip_no=2, position=1))

    assert stops_moved(TWO_VANS, reordered) == ()
    assert stops_moved(TWO_VANS, moved) == ("5",)
    assert stops_moved(TWO_VANS, after(TWO_VANS, "6", None)) == ("6",)


def test_a_board_knows_where_a_stop_is() -> None:
    assert TWO_VANS.seats()["4"] == ("V1", 2)
    assert TWO_VANS.position("3") == 3
    assert TWO_VANS.position("8") is None


@given(moves)
def test_no_stop_is_ever_lost_or_doubled(changes: list[tuple[str, Seat | None]]) -> None:
    board = TWO_VANS
    for stop_key, seat in changes:
        before = board.stop_keys
        board = after(board, stop_key, seat)

        on_trips = [key for trips in board.days.values() for trip in trips for key in trip]
        assert len(on_trips) == len(set(on_trips))
        expected = before - {stop_key} if seat is None else before | {stop_key}
        assert board.stop_keys == expected
        assert all(trip for trips in board.days.values() for trip in trips)


@given(moves)
def test_undoing_everything_gives_the_board_back(changes: list[tuple[str, Seat | None]]) -> None:
    board, steps = TWO_VANS, []
    for stop_key, seat in changes:
        step = stop_moved(board, stop_key, seat)
        steps.append(step_read(step_written(step)))
        board = step_applied(board, step)
    final = board

    for step in reversed(steps):
        board = step_applied(board, step.reversed)
    assert board == TWO_VANS
    for step in steps:
        board = step_applied(board, step)
    assert board == final


@given(moves)
def test_what_a_draft_keeps_reads_back(changes: list[tuple[str, Seat | None]]) -> None:
    board = TWO_VANS
    for stop_key, seat in changes:
        board = after(board, stop_key, seat)

    assert board_read(board_written(board)) == board
