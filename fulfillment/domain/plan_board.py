"""A plan as the dispatcher's hands change it: who drives which stops in which order.

Stops are named by their part key and vehicles by their code, so a board outlives
the problem it was planned for. A stop in no trip is unserved. Every change is a
step that remembers the days of the vehicles it touched, before and after, so
undoing is exact however trips were emptied, renumbered or opened.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Trips = tuple[tuple[str, ...], ...]

# Beyond these the oldest steps are forgotten.
STEPS_KEPT = 100


@dataclass(frozen=True, slots=True)
class Board:
    """The trips of each vehicle that drives; no trip is empty."""

    days: Mapping[str, Trips]

    @property
    def stop_keys(self) -> frozenset[str]:
        """Every stop that is on a trip."""
        return frozenset(self.seats())

    def seats(self) -> dict[str, tuple[str, int]]:
        """Return vehicle code and trip number of every stop on a trip."""
        return {
            stop_key: (code, trip_no)
            for code, trips in self.days.items()
            for trip_no, trip in enumerate(trips, start=1)
            for stop_key in trip
        }

    def position(self, stop_key: str) -> int | None:
        """Return which stop of its trip it is, from 1; None for an unserved one."""
        trips = (trip for day in self.days.values() for trip in day)
        return next((trip.index(stop_key) + 1 for trip in trips if stop_key in trip), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Where a stop shall go: a trip of a vehicle and its place on it, both from 1.

    A trip after the last opens one; a place after the last is the last.
    """

    vehicle_code: str
    trip_no: int
    position: int


@dataclass(frozen=True, slots=True)
class BoardStep:
    """One change: the days of the vehicles it touched, before and after."""

    before: Mapping[str, Trips]
    after: Mapping[str, Trips]

    @property
    def reversed(self) -> "BoardStep":
        """The step that takes this one back."""
        return BoardStep(before=self.after, after=self.before)


def stop_moved(board: Board, stop_key: str, seat: Seat | None) -> BoardStep:
    """Return the step that takes a stop to a seat, or off its trip without one.

    The trip number of the seat is that of the board as it is; a trip that loses
    its last stop is gone after the step, and those behind it move up.
    """
    days = {
        code: [[key for key in trip if key != stop_key] for trip in trips]
        for code, trips in board.days.items()
    }
    if seat is not None:
        day = days.setdefault(seat.vehicle_code, [])
        if seat.trip_no > len(day):
            day.append([])
        trip = day[min(seat.trip_no, len(day)) - 1]
        trip.insert(max(0, seat.position - 1), stop_key)
    after = {code: tuple(tuple(trip) for trip in day if trip) for code, day in days.items()}
    touched = [code for code in after if after[code] != board.days.get(code, ())]
    return BoardStep(
        before={code: board.days.get(code, ()) for code in touched},
        after={code: after[code] for code in touched},
    )


def step_applied(board: Board, step: BoardStep) -> Board:
    """Return the board after a step; a vehicle without trips is off it."""
    days = {**board.days, **step.after}
    return Board({code: days[code] for code in sorted(days) if days[code]})


def stops_moved(before: Board, after: Board) -> tuple[str, ...]:
    """Return the stops that change vehicle or trip, or are served on one side only, sorted."""
    was, now = before.seats(), after.seats()
    return tuple(sorted(key for key in was.keys() | now.keys() if was.get(key) != now.get(key)))


def board_read(duties: Iterable[Mapping[str, Any]]) -> Board:
    """Return the board of duties as a draft keeps them."""
    days = {str(duty["vehicle"]): _trips(duty["trips"]) for duty in duties}
    return Board({code: trips for code, trips in days.items() if trips})


def board_written(board: Board) -> list[dict[str, Any]]:
    """Return a board as a draft keeps it; the way back is `board_read`."""
    return [
        {"vehicle": code, "trips": [list(trip) for trip in trips]}
        for code, trips in board.days.items()
    ]


def step_read(kept: Mapping[str, Mapping[str, Any]]) -> BoardStep:
    """Return a step as a draft keeps it."""
    before, after = (
        {code: _trips(trips) for code, trips in kept[side].items()} for side in ("before", "after")
    )
    return BoardStep(before, after)


def step_written(step: BoardStep) -> dict[str, Any]:
    """Return a step as a draft keeps it; the way back is `step_read`."""
    return {
        side: {code: [list(trip) for trip in trips] for code, trips in days.items()}
        for side, days in (("before", step.before), ("after", step.after))
    }


def _trips(kept: Iterable[Iterable[str]]) -> Trips:
    return tuple(tuple(trip) for trip in kept if trip)
