"""The weigh station: what is to be weighed, what comes next, what was weighed last."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from fulfillment.domain.catch_weight import Band, Verdict, weight_band
from fulfillment.domain.hand_out import HandOutSort, hand_out_order
from fulfillment.domain.sorting import natural_key
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.warehouse import Drop, SortTask
from fulfillment.models.weighing import Scale, WeighedPortion
from fulfillment.selectors.weighing import WeighLine, portions_standing, weigh_lines
from leaders.domain.phones import mask_name
from orders.models.catalogue import Sku, SkuKind
from orders.models.orders import OrderLine


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighTask:
    """One SKU of the board.

    `weighed` of `pieces` portions stand; `outside` of them went out outside
    their band. `lines_open` are charged as sold until they are weighed.
    """

    pk: int
    sku: Sku
    pieces: int
    weighed: int
    outside: int
    lines_open: int

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to weigh, and nothing to undo."""
        return not self.lines_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One portion to weigh: for which slot and door, and which of the line."""

    allocation_id: int
    number: int
    pieces: int
    slot: str
    building: str
    room: str
    pickup_no: int | None
    resident: str

    @property
    def key(self) -> tuple[int, int]:
        """The line and the portion's number in it."""
        return self.allocation_id, self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One standing portion with its verdict.

    `is_expected` is False for a portion of a piece that its line has lost:
    it has to be undone, or the line is never settled.
    """

    pk: int
    place: Place
    net_g: int
    nominal_g: int
    verdict: Verdict
    is_expected: bool
    weighed_at: datetime
    weighed_by: str

    @property
    def difference_g(self) -> int:
        """Above or below what it was sold as."""
        return self.net_g - self.nominal_g


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One SKU at the scale: places in the order of the floor, the newest weighing first."""

    task: SortTask
    band: Band
    missing: tuple[Place, ...]
    weighed: tuple[Weighed, ...]

    @property
    def total(self) -> int:
        """Portions in all."""
        return len(self.missing) + sum(1 for one in self.weighed if one.is_expected)

    @property
    def last(self) -> Weighed | None:
        """What was weighed last, if anything was."""
        return self.weighed[0] if self.weighed else None

    @property
    def unexpected(self) -> tuple[Weighed, ...]:
        """Portions of pieces that their lines have lost."""
        return tuple(one for one in self.weighed if not one.is_expected)

    def place(self, key: tuple[int, int] | None) -> Place | None:
        """The place asked for while it is to be weighed, else the next one."""
        wanted = (place for place in self.missing if place.key == key)
        return next(wanted, None) or next(iter(self.missing), None)


def weigh_tasks_of_run(run: CutoffRun) -> QuerySet[SortTask]:
    """The sort tasks of goods that are sold by weight."""
    return (
        SortTask.objects.filter(wave__run=run, sku__kind=SkuKind.CATCH_WEIGHT)
        .select_related("sku", "wave__run__campaign")
        .order_by("sku__storage", "sku__code")
    )


def weigh_board(run: CutoffRun) -> list[WeighTask]:
    """Every SKU to weigh with how far it is, in a fixed number of queries."""
    pieces: Counter[int] = Counter()
    weighed: Counter[int] = Counter()
    lines_open: Counter[int] = Counter()
    for line in weigh_lines(run.pk):
        pieces[line.sku_id] += line.pieces
        weighed[line.sku_id] += len(line.portions)
        lines_open[line.sku_id] += _is_open(line)
    approved = (
        portions_standing()
        .filter(allocation__run=run)
        .exclude(approval_note="")
        .values_list("allocation__order_line__sku_id", flat=True)
    )
    outside = Counter(approved)
    return [
        WeighTask(
            pk=task.pk,
            sku=task.sku,
            pieces=pieces[task.sku_id],
            weighed=weighed[task.sku_id],
            outside=outside[task.sku_id],
            lines_open=lines_open[task.sku_id],
        )
        for task in weigh_tasks_of_run(run)
    ]


def weigh_station(task: SortTask) -> Station:
    """One SKU at the scale."""
    run_id = task.wave.run_id
    lines = {
        line.allocation_id: line for line in weigh_lines(run_id, Q(order_line__sku_id=task.sku_id))
    }
    doors = _doors(run_id, lines)
    missing = [
        _place(line, number, doors[line.allocation_id])
        for line in lines.values()
        for number in line.missing
    ]
    portions = (
        portions_standing()
        .filter(allocation_id__in=lines)
        .select_related("weighed_by")
        .order_by("-pk")
    )
    band = weight_band(task.sku.weight_g, task.sku.tolerance_bp)
    return Station(
        task=task,
        band=band,
        missing=tuple(sorted(missing, key=_floor_order)),
        weighed=tuple(
            _weighed(portion, lines[portion.allocation_id], doors, task.sku) for portion in portions
        ),
    )


def scales_verified(run: CutoffRun, on: date) -> QuerySet[Scale]:
    """The scales that may weigh on a day in the run's warehouse."""
    return Scale.objects.filter(
        warehouse_id=run.warehouse_id, is_active=True, verified_until__gte=on
    )


def _is_open(line: WeighLine) -> bool:
    """Whether something of it is to be weighed, or to be undone."""
    return not line.is_weighed and bool(line.pieces or line.portions)


@dataclass(frozen=True, slots=True)
class _Door:
    slot: str
    line: OrderLine


def _doors(run_id: int, lines: dict[int, WeighLine]) -> dict[int, _Door]:
    """Allocation → the slot and the order line it goes to."""
    slots = dict(
        Drop.objects.filter(wave__run_id=run_id).values_list("pickup_point_id", "slot_code")
    )
    order_lines = OrderLine.objects.select_related("order").in_bulk(
        [line.order_line_id for line in lines.values()]
    )
    return {
        line.allocation_id: _Door(slots.get(line.point_id, ""), order_lines[line.order_line_id])
        for line in lines.values()
    }


def _place(line: WeighLine, number: int, door: _Door) -> Place:
    order = door.line.order
    return Place(
        allocation_id=line.allocation_id,
        number=number,
        pieces=line.pieces,
        slot=door.slot,
        building=order.building,
        room=order.room,
        pickup_no=order.pickup_no,
        resident=mask_name(order.resident_name),
    )


def _weighed(
    portion: WeighedPortion, line: WeighLine, doors: dict[int, _Door], sku: Sku
) -> Weighed:
    band = weight_band(portion.nominal_g, sku.tolerance_bp)
    return Weighed(
        pk=portion.pk,
        place=_place(line, portion.portion_no, doors[portion.allocation_id]),
        net_g=portion.net_g,
        nominal_g=portion.nominal_g,
        verdict=band.verdict(portion.net_g),
        is_expected=portion.portion_no <= line.pieces,
        weighed_at=portion.weighed_at,
        weighed_by=portion.weighed_by.get_full_name() or portion.weighed_by.username,
    )


def _floor_order(place: Place) -> tuple[object, ...]:
    """Slot by slot, and within it door by door."""
    door = hand_out_order(
        HandOutSort.HOUSEHOLD,
        building=place.building,
        room=place.room,
        pickup_no="" if place.pickup_no is None else str(place.pickup_no),
        resident=place.resident,
        sku_code="",
    )
    return not place.slot, natural_key(place.slot), door, place.allocation_id, place.number
