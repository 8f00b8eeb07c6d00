"""The dock of a night: slots with their totes, trips with their loads, in a few queries."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from fulfillment.domain.lifecycle import STOP_LIFECYCLE
from fulfillment.domain.sealing import TotePosition, number_totes
from fulfillment.domain.sorting import parse_slot
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop, Trip
from fulfillment.models.handover import Handover, HandoverState
from fulfillment.models.totes import LoadCheck
from fulfillment.models.warehouse import Drop, Tote, ToteState
from fulfillment.selectors.drop_parts import StopTotes, stops_totes
from fulfillment.selectors.totes import SEALED_OR_LATER, tote_row
from orders.domain.storage import StorageClass

_HERE = (ToteState.SEALED, ToteState.LOADED)


@dataclass(frozen=True, slots=True)
class DockTote:
    """One packed tote and its number among the drop's totes."""

    tote: Tote
    position: TotePosition


@dataclass(frozen=True, slots=True)
class OtherPart:
    """The part of a drop that goes with another trip, and how many totes that takes."""

    route: str
    totes: int
    is_signed: bool


@dataclass(frozen=True, kw_only=True)
class DockDrop:
    """One slot: what is expected of it, what is packed, what is on the vehicle.

    A drop that travels in parts is a slot of each of its trips: `here` are the
    totes of this one, `others` says what goes with the others. `handover` is
    there once the stop is entered; until then `tapped` is what the leader
    alone has said.
    """

    drop: Drop
    stop: Stop | None
    totes: tuple[Tote, ...]
    here: StopTotes | None = None
    others: tuple[OtherPart, ...] = ()
    handover: Handover | None = None
    tapped: Handover | None = None

    @property
    def is_told(self) -> bool:
        """Whether the driver's phone has told of an end that is not entered yet."""
        return bool(
            self.stop and self.handover is None and self.stop.state not in STOP_LIFECYCLE.open
        )

    @cached_property
    def packed(self) -> tuple[DockTote, ...]:
        """The sealed totes in the order of their numbers."""
        rows = [tote for tote in self.totes if tote.state in SEALED_OR_LATER]
        positions = number_totes(tote_row(tote) for tote in rows)
        found = [DockTote(tote, positions[tote.pk]) for tote in rows]
        return tuple(sorted(found, key=lambda at: at.position.k))

    @property
    def counts(self) -> Counter[StorageClass]:
        """Totes per class: the packed ones, or the expected until the slot is sealed."""
        rows = [at.tote for at in self.packed] if self.is_sealed else self._expected
        return Counter(StorageClass(tote.storage) for tote in rows)

    @property
    def total(self) -> int:
        """Totes that go with the trip: those of its part, else all of `counts`."""
        if self.here is not None and self.here.is_part:
            return self.here.wanted
        return self.counts.total()

    @property
    def loaded(self) -> int:
        """Totes on the vehicle."""
        return len(self.on_board)

    @cached_property
    def on_board(self) -> tuple[DockTote, ...]:
        """The totes on the vehicle, in the order of their numbers."""
        here = {tote.pk for tote in self.here.loaded} if self.here else set()
        return tuple(at for at in self.packed if at.tote.pk in here)

    @cached_property
    def waiting(self) -> tuple[DockTote, ...]:
        """Sealed totes that the vehicle still waits for; of a drop in parts any that may come."""
        if self.here is None:
            return tuple(at for at in self.packed if at.tote.state == ToteState.SEALED)
        here = {tote.pk for tote in self.here.waiting}
        return tuple(at for at in self.packed if at.tote.pk in here)[: self.here.missing]

    @property
    def goes_on(self) -> bool:
        """Whether what is missing here goes with another part that is still to be loaded."""
        return any(not other.is_signed for other in self.others)

    @property
    def is_sealed(self) -> bool:
        """Whether no tote is merely expected and goods are packed; empty slots count."""
        expected = any(tote.state == ToteState.ASSIGNED for tote in self.totes)
        return not self.drop.pieces or bool(self.packed and not expected)

    @property
    def is_loaded(self) -> bool:
        """Whether every packed tote has left the slot."""
        return self.is_sealed and not self.waiting

    @property
    def is_under_way(self) -> bool:
        """Whether a tote has left the slot, so that sealing is over."""
        return any(at.tote.state != ToteState.SEALED for at in self.packed)

    @property
    def _expected(self) -> list[Tote]:
        here = (ToteState.ASSIGNED, *_HERE)
        return [tote for tote in self.totes if tote.state in here]


@dataclass(frozen=True, kw_only=True)
class DockTrip:
    """One trip with its slots in stop order, and whether its load is signed for."""

    trip: Trip
    check: LoadCheck | None
    drops: tuple[DockDrop, ...]

    @property
    def load_order(self) -> tuple[DockDrop, ...]:
        """The slots as they go in: the last stop first."""
        return self.drops[::-1]

    @property
    def totes(self) -> int:
        """Totes that are packed for the trip, or expected."""
        return sum(drop.total for drop in self.drops)

    @property
    def loaded(self) -> int:
        """Totes on the vehicle; after the signature those that were signed for."""
        return self.check.loaded_totes if self.check else sum(drop.loaded for drop in self.drops)

    @property
    def sealed_drops(self) -> int:
        """Slots that are sealed."""
        return sum(drop.is_sealed for drop in self.drops)

    @property
    def is_sealed(self) -> bool:
        """Whether every slot is sealed."""
        return self.sealed_drops == len(self.drops)

    @property
    def unsealed(self) -> tuple[DockDrop, ...]:
        """Slots that are still being packed."""
        return tuple(drop for drop in self.drops if not drop.is_sealed)

    @property
    def missing(self) -> tuple[DockDrop, ...]:
        """Sealed slots with totes that are not on the vehicle."""
        return tuple(drop for drop in self.drops if drop.is_sealed and drop.waiting)

    @property
    def entered(self) -> int:
        """Stops whose papers are typed back."""
        return sum(drop.handover is not None for drop in self.drops)

    @property
    def is_back(self) -> bool:
        """Whether all stops are entered."""
        return self.entered == len(self.drops)


@dataclass(frozen=True, kw_only=True)
class DockFloor:
    """All trips of a night, and the slots that no route takes."""

    trips: tuple[DockTrip, ...]
    unrouted: tuple[DockDrop, ...]


def dock_floor(run: CutoffRun) -> DockFloor:
    """Read the dock of a night."""
    totes: dict[int, list[Tote]] = defaultdict(list)
    for tote in Tote.objects.filter(drop__wave__run=run).order_by("pk"):
        totes[tote.drop_id].append(tote)
    stops = list(
        Stop.objects.filter(trip__delivery_run__cutoff_run=run)
        .select_related("handover", "trip")
        .order_by("drop_id", "part_no")
    )
    parts: dict[int, list[Stop]] = defaultdict(list)
    for stop in stops:
        parts[stop.drop_id].append(stop)
    here = stops_totes(stops, [tote for of_drop in totes.values() for tote in of_drop])
    checks = {
        check.trip_id: check
        for check in LoadCheck.objects.filter(trip__delivery_run__cutoff_run=run)
    }
    of_trip: dict[int, list[DockDrop]] = defaultdict(list)
    unrouted = []
    drops = Drop.objects.filter(wave__run=run).exclude(slot_code="")
    for drop in sorted(
        drops.select_related("pickup_point__leader"), key=lambda drop: parse_slot(drop.slot_code)
    ):
        if drop.pk not in parts:
            unrouted.append(DockDrop(drop=drop, stop=None, totes=tuple(totes[drop.pk])))
        for stop in parts[drop.pk]:
            of_trip[stop.trip_id].append(
                _dock_drop(drop, here[stop.pk], tuple(totes[drop.pk]), checks)
            )
    trips = Trip.objects.filter(delivery_run__cutoff_run=run).select_related("vehicle")
    return DockFloor(
        trips=tuple(
            DockTrip(trip=trip, check=checks.get(trip.pk), drops=_in_stop_order(of_trip[trip.pk]))
            for trip in trips.order_by("route_no")
        ),
        unrouted=tuple(unrouted),
    )


def dock_trip(run: CutoffRun, trip_id: int) -> DockTrip | None:
    """One trip of a night; nothing for a trip of another."""
    return next((row for row in dock_floor(run).trips if row.trip.pk == trip_id), None)


def dock_drop(run: CutoffRun, drop_id: int) -> tuple[DockDrop, DockTrip | None] | None:
    """One slot of a night and the trip it is on."""
    floor = dock_floor(run)
    for row in floor.trips:
        for drop in row.drops:
            if drop.drop.pk == drop_id:
                return drop, row
    return next(((drop, None) for drop in floor.unrouted if drop.drop.pk == drop_id), None)


def _dock_drop(
    drop: Drop, here: StopTotes, totes: tuple[Tote, ...], checks: Collection[int]
) -> DockDrop:
    handover: Handover | None = getattr(here.stop, "handover", None)
    is_entered = handover is not None and handover.state != HandoverState.PENDING
    return DockDrop(
        drop=drop,
        stop=here.stop,
        totes=totes,
        here=here,
        others=tuple(
            OtherPart(str(part.trip), part.totes, part.trip_id in checks) for part in here.others
        ),
        handover=handover if is_entered else None,
        tapped=None if is_entered else handover,
    )


def _in_stop_order(drops: list[DockDrop]) -> tuple[DockDrop, ...]:
    return tuple(sorted(drops, key=lambda drop: drop.stop.stop_seq if drop.stop else 0))
