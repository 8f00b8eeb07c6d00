"""Pieces that come after the routes are planned: only as many as the vehicles can take.

A plan fills a vehicle up to what it may carry. Goods that come late make
drops heavier; what a route's vehicle cannot take goes to somebody on another
route who lacks it, or stays spare.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fulfillment.domain.allocation import LineDemand, ShortageRule, payment_order
from fulfillment.domain.reallocation import HeldLine, reallocate


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleRoom:
    """How many more pieces of one SKU the vehicles can take.

    Parameters
    ----------
    trip_of
        Pickup point → its trip; points on no trip are missing and take any.
    pieces
        Trip → pieces its vehicle can still take, 0 or more.
    """

    trip_of: Mapping[str, int]
    pieces: Mapping[int, int]

    def less(self, trip: int, pieces: int) -> "VehicleRoom":
        """The room once so many pieces are on a trip."""
        return replace(self, pieces={**self.pieces, trip: self.pieces[trip] - pieces})


NO_LIMIT = VehicleRoom(trip_of={}, pieces={})


def reallocate_within(
    lines: Sequence[HeldLine],
    supply_qty: int,
    rule: ShortageRule,
    room: VehicleRoom,
    *,
    is_final: bool = False,
) -> Mapping[str, int]:
    """Share again as `reallocate` does, and load no vehicle with more than it can take.

    On a route whose vehicle is full the lines that were paid first gain what
    still fits; the rest is shared over the other routes.

    Returns
    -------
    Mapping
        Pieces per line key. Raises what `reallocate` raises.
    """
    before = {line.demand.line_key: line.held_qty for line in lines}
    settled = list(lines)
    while True:
        after = reallocate(settled, supply_qty, rule, is_final=is_final)
        trip = _overloaded(lines, before, after, room)
        if trip is None:
            return after
        capped = dict(before)
        own = [line for line in lines if room.trip_of.get(line.demand.point_code) == trip]
        queue = [
            replace(line.demand, qty=max(1, after[line.demand.line_key]))
            for line in own
            if after[line.demand.line_key] > before[line.demand.line_key]
        ]
        serve_within(queue, capped, supply_qty, room)
        of_trip = {line.demand.line_key for line in own}
        settled = [
            replace(line, held_qty=capped[line.demand.line_key], is_fixed=True)
            if line.demand.line_key in of_trip
            else line
            for line in settled
        ]


def serve_within(
    queue: Sequence[LineDemand], quantities: dict[str, int], supply_qty: int, room: VehicleRoom
) -> int:
    """Top lines up in the order of payment, as far as supply and vehicles allow.

    `quantities` is raised in place; what is left of the supply is returned. A
    line that only comes whole is passed over where it would not be whole.
    """
    left = supply_qty
    free = dict(room.pieces)
    for line in sorted(queue, key=payment_order):
        trip = room.trip_of.get(line.point_code)
        limit = left if trip is None else min(left, free[trip])
        lacking = line.qty - quantities[line.line_key]
        if line.is_whole_only and lacking > limit:
            continue
        given = min(lacking, limit)
        quantities[line.line_key] += given
        left -= given
        if trip is not None:
            free[trip] -= given
    return left


def _overloaded(
    lines: Sequence[HeldLine],
    before: Mapping[str, int],
    after: Mapping[str, int],
    room: VehicleRoom,
) -> int | None:
    """The first trip that would get more pieces than its vehicle can take."""
    gained = dict.fromkeys(room.pieces, 0)
    for line in lines:
        trip = room.trip_of.get(line.demand.point_code)
        key = line.demand.line_key
        if trip is not None and after[key] > before[key]:
            gained[trip] += after[key] - before[key]
    return min(
        (trip for trip, pieces in gained.items() if pieces > room.pieces[trip]), default=None
    )
