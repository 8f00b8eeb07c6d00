"""A day in figures: the chain with its gaps, and every count that is missing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fulfillment.domain.cutoff_run import Step
from fulfillment.domain.day_close import Chain, DayChain, SlotChain, chain_of, day_chain
from fulfillment.domain.day_counts import Arrival, Counted
from fulfillment.domain.exceptions import Stage
from fulfillment.models.cutoff_run import CutoffRun, StepState
from fulfillment.models.delivery import Trip
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.day_rows import DayRows, Handed
from orders.models.catalogue import Sku


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingCount:
    """A count that is not entered: of the dock, of a card, of a trip or of one drop.

    `pk` is that of the sort task, the trip or the drop; `pieces` are those of
    the count before it. `what` is one of `dock`, `refunds`, `card`, `load`,
    `stops`, `unrouted`.
    """

    what: str
    stage: Stage
    label: str = ""
    pieces: int = 0
    counted: Counted | None = None
    pk: int | None = None
    open_parts: int = 1

    @property
    def may_be_declared(self) -> bool:
        """Whether the supervisor may say that nobody will ever enter it."""
        return self.counted is not None and self.pk is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRow:
    """The figures of one route; `route_no` is None for drops without a trip."""

    route_no: int | None
    stops: int
    chain: Chain


@dataclass(frozen=True, kw_only=True)
class DayCounts:
    """A day's figures, what is missing, and the names of what they are about."""

    chain: DayChain
    missing: tuple[MissingCount, ...]
    skus: Mapping[int, Sku]
    drops: Mapping[int, Drop]
    routes: tuple[RouteRow, ...]
    is_allocated: bool

    @property
    def is_explained(self) -> bool:
        """Whether the day may be closed."""
        return self.is_allocated and not self.missing and self.chain.is_explained


def day_counts(run: CutoffRun) -> DayCounts:
    """Return the chain of a run with its gaps, and every count that is missing."""
    rows = DayRows(CutoffRun.objects.get(pk=run.pk))
    chain = day_chain(rows.supplies(), rows.slots(), rows.cases())
    return DayCounts(
        chain=chain,
        missing=tuple(_missing(rows, chain)),
        skus=Sku.objects.in_bulk(set(chain.by_sku)),
        drops={point_id: handed.drop for point_id, handed in rows.handed.items()},
        routes=tuple(_routes(chain, rows.handed)),
        is_allocated=rows.is_allocated,
    )


def _missing(rows: DayRows, chain: DayChain) -> Iterator[MissingCount]:
    """Every count that is not entered, in the order of the night."""
    if rows.run.receiving_closed_at is None:
        yield MissingCount(what="dock", stage=Stage.RECEIVE)
    if not rows.run.steps.filter(name=Step.REFUND, state=StepState.DONE).exists():
        yield MissingCount(what="refunds", stage=Stage.RECEIVE)
    carried = [slot for slot in chain.slots if slot.counts.planned]
    yield from _missing_cards(rows, carried)
    yield from _missing_trips(rows, carried)


def _missing_cards(rows: DayRows, slots: Iterable[SlotChain]) -> Iterator[MissingCount]:
    unsorted: defaultdict[int, list[int]] = defaultdict(list)
    for slot in slots:
        if slot.counts.sorted is None:
            unsorted[slot.counts.sku_id].append(slot.counts.planned)
    codes = dict(Sku.objects.filter(pk__in=unsorted).values_list("pk", "code"))
    for sku_id in sorted(unsorted, key=lambda known: codes[known]):
        yield MissingCount(
            what="card",
            stage=Stage.SORT,
            label=codes[sku_id],
            pieces=sum(unsorted[sku_id]),
            counted=Counted.CARD,
            pk=rows.tasks.get(sku_id),
            open_parts=len(unsorted[sku_id]),
        )


def _missing_trips(rows: DayRows, slots: Iterable[SlotChain]) -> Iterator[MissingCount]:
    pieces: Counter[int] = Counter()
    for slot in slots:
        pieces[slot.counts.point_id] += slot.counts.planned
    of_trip: defaultdict[int, list[int]] = defaultdict(list)
    for point_id in pieces:
        handed = rows.handed.get(point_id)
        if handed is None:
            yield MissingCount(what="unrouted", stage=Stage.LOAD, pieces=pieces[point_id])
        elif handed.trip_id is not None:
            of_trip[handed.trip_id].append(point_id)
        elif not handed.is_loaded or handed.arrival is Arrival.UNKNOWN:
            yield MissingCount(
                what="unrouted",
                stage=Stage.HANDOVER if handed.is_loaded else Stage.LOAD,
                label=handed.drop.slot_code or handed.drop.pickup_point.name,
                pieces=pieces[point_id],
                counted=Counted.DROP,
                pk=handed.drop.pk,
            )
    yield from _missing_of_trips(rows, of_trip, pieces)


def _missing_of_trips(
    rows: DayRows, of_trip: Mapping[int, list[int]], pieces: Mapping[int, int]
) -> Iterator[MissingCount]:
    trips = Trip.objects.in_bulk(of_trip)
    for trip in sorted(trips.values(), key=lambda trip: trip.route_no):
        points = of_trip[trip.pk]
        if not rows.handed[points[0]].is_loaded:
            yield MissingCount(
                what="load",
                stage=Stage.LOAD,
                label=str(trip),
                pieces=sum(pieces[point_id] for point_id in points),
                counted=Counted.TRIP,
                pk=trip.pk,
            )
        waiting = [
            point_id for point_id in points if rows.handed[point_id].arrival is Arrival.UNKNOWN
        ]
        if waiting:
            yield MissingCount(
                what="stops",
                stage=Stage.HANDOVER,
                label=str(trip),
                pieces=sum(pieces[point_id] for point_id in waiting),
                counted=Counted.TRIP,
                pk=trip.pk,
                open_parts=len(waiting),
            )


def _routes(chain: DayChain, handed: Mapping[int, Handed]) -> Iterator[RouteRow]:
    """One row per route in driving order; what has no trip comes last."""
    of_route: defaultdict[int | None, list[SlotChain]] = defaultdict(list)
    for slot in chain.slots:
        known = handed.get(slot.counts.point_id)
        of_route[known.route_no if known else None].append(slot)
    for route_no in sorted(of_route, key=lambda number: (number is None, number or 0)):
        slots = of_route[route_no]
        yield RouteRow(
            route_no=route_no,
            stops=len({slot.counts.point_id for slot in slots if slot.counts.planned}),
            chain=chain_of(slots),
        )
