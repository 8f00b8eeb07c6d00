"""Which trip of a new plan goes on as which trip of the old one.

Slots never change, so a route number should stay with the goods that stand in
its lane: a new trip takes the number of the trip it shares most stops with,
whoever drives it.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TripShape:
    """A trip as it can be compared: who drives it, its number, its stops."""

    vehicle_code: str
    trip_no: int
    stop_keys: frozenset[tuple[int, int]]


def trips_matched(old: Mapping[int, TripShape], new: Mapping[int, TripShape]) -> dict[int, int]:
    """Return new trip → the old trip it goes on as; trips without one are left out.

    A pair needs a stop in common, or the same vehicle and number. The pair
    that shares most comes first; at a tie the same vehicle, then the same
    number, then the older trip.
    """
    pairs = [
        (_shared(before, after), old_id, new_id)
        for old_id, before in old.items()
        for new_id, after in new.items()
    ]
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for shared, old_id, new_id in sorted(pairs, key=lambda pair: (_descending(pair[0]), pair[1:])):
        stays = shared[0] or (shared[1] and shared[2])
        if stays and old_id not in taken and new_id not in matched:
            matched[new_id] = old_id
            taken.add(old_id)
    return matched


def _shared(before: TripShape, after: TripShape) -> tuple[int, bool, bool]:
    is_same_vehicle = before.vehicle_code == after.vehicle_code
    is_same_number = before.trip_no == after.trip_no
    return len(before.stop_keys & after.stop_keys), is_same_vehicle, is_same_number


def _descending(shared: tuple[int, bool, bool]) -> tuple[int, bool, bool]:
    return -shared[0], not shared[1], not shared[2]
