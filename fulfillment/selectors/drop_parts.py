"""Drops that travel in parts: which totes are on which trip, and which may still join it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from fulfillment.domain.lifecycle import STOP_LIFECYCLE
from fulfillment.models.delivery import Stop
from fulfillment.models.totes import ToteEvent
from fulfillment.models.warehouse import Tote, ToteState


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTotes:
    """The totes of one stop.

    Attributes
    ----------
    is_part
        The drop travels in parts; maybe others of them are in no trip.
    others
        The drop's other parts, in their order.
    loaded
        On the vehicle of the stop's trip.
    waiting
        Sealed, in the warehouse. Of a drop in parts any of them may still come.
    """

    stop: Stop
    is_part: bool
    others: tuple[Stop, ...]
    loaded: tuple[Tote, ...]
    waiting: tuple[Tote, ...]

    @property
    def wanted(self) -> int:
        """How many totes the trip takes of the drop."""
        return self.stop.totes if self.is_part else len(self.loaded) + len(self.waiting)

    @property
    def missing(self) -> int:
        """How many of them are not on the vehicle."""
        return max(0, self.wanted - len(self.loaded))

    @property
    def is_certain(self) -> bool:
        """Whether all waiting totes are this stop's: nothing else can come onto the trip."""
        return len(self.waiting) == self.missing


def stops_totes(stops: Collection[Stop], totes: Iterable[Tote]) -> dict[int, StopTotes]:
    """Stop → its totes, from all totes of the stops' drops."""
    rows: dict[int, list[Tote]] = defaultdict(list)
    for tote in totes:
        rows[tote.drop_id].append(tote)
    parts = parts_of([stop.drop_id for stop in stops])
    trips = trips_of_totes(
        tote.pk
        for drop_id, of_drop in rows.items()
        if len(parts.get(drop_id, ())) > 1
        for tote in of_drop
    )
    return {
        stop.pk: _stop_totes(stop, parts[stop.drop_id], rows[stop.drop_id], trips) for stop in stops
    }


def stop_totes(stop: Stop, totes: Iterable[Tote]) -> StopTotes:
    """The totes of one stop, from all totes of its drop."""
    return stops_totes([stop], totes)[stop.pk]


def parts_of(drop_ids: Collection[int]) -> dict[int, tuple[Stop, ...]]:
    """Drop → its stops in the order of the parts; drops on no trip are left out."""
    found: dict[int, list[Stop]] = defaultdict(list)
    stops = Stop.objects.filter(drop_id__in=drop_ids).select_related("trip", "drop")
    for stop in stops.order_by("drop_id", "part_no"):
        found[stop.drop_id].append(stop)
    return {drop_id: tuple(of_drop) for drop_id, of_drop in found.items()}


def trips_of_totes(tote_ids: Iterable[int]) -> dict[int, int]:
    """Tote → the trip onto which it was loaded last; totes never loaded are left out."""
    moves = ToteEvent.objects.filter(tote_id__in=list(tote_ids), to_state=ToteState.LOADED)
    last = moves.order_by("tote_id", "-pk").distinct("tote_id")
    return {
        tote_id: trip_id
        for tote_id, trip_id in last.values_list("tote_id", "trip_id")
        if trip_id is not None
    }


def _stop_totes(
    stop: Stop, parts: Sequence[Stop], rows: Sequence[Tote], trips: Mapping[int, int]
) -> StopTotes:
    others = tuple(part for part in parts if part.pk != stop.pk)
    # What another trip has brought back stays until somebody decides about it.
    back = {part.trip_id for part in others if part.state not in STOP_LIFECYCLE.open}
    return StopTotes(
        stop=stop,
        is_part=bool(others or parts[0].drop.unserved_reason),
        others=others,
        loaded=tuple(
            row
            for row in rows
            if row.state == ToteState.LOADED and (not others or trips.get(row.pk) == stop.trip_id)
        ),
        waiting=tuple(
            row for row in rows if row.state == ToteState.SEALED and trips.get(row.pk) not in back
        ),
    )
