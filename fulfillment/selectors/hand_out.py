"""What a leader hands out: the allocation, resident by resident, in three sorts."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from fulfillment.domain.hand_out import HandOutSort, hand_out_order
from fulfillment.domain.sorting import natural_key
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.leader_arrivals import drops_of_leader
from leaders.domain.phones import mask_name, phone_last4
from leaders.models.leaders import Leader


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOutLine:
    """What one resident gets of one SKU; `instead_of` names ordered goods it is given for."""

    order_id: int
    building: str
    room: str
    pickup_no: int | None
    resident: str
    phone_last4: str
    sku_code: str
    sku_name: str
    unit: str
    qty: int
    short_qty: int
    instead_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOutSection:
    """Lines that belong together on the second level: a product or a household."""

    title: str
    first: HandOutLine
    lines: tuple[HandOutLine, ...]

    @property
    def pieces(self) -> int:
        """Pieces of the section."""
        return sum(line.qty for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOutGroup:
    """Sections that belong together on the first level: a building or a product."""

    title: str
    sections: tuple[HandOutSection, ...]

    @property
    def pieces(self) -> int:
        """Pieces of the group."""
        return sum(section.pieces for section in self.sections)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOutCheck:
    """Residents' pieces against the pieces on the delivery note."""

    resident_pieces: int
    note_pieces: int

    @property
    def is_equal(self) -> bool:
        """The two figures must be the same."""
        return self.resident_pieces == self.note_pieces


def hand_out_lines(leader: Leader, run: CutoffRun) -> list[HandOutLine]:
    """Every allocated line of the points the leader minds that day; lines cut to nothing stay."""
    here = drops_of_leader(leader, run).values("pickup_point")
    return lines_of_allocations(
        Allocation.objects.filter(order_line__order__pickup_point__in=here, run=run)
    )


def lines_of_allocations(allocations: QuerySet[Allocation]) -> list[HandOutLine]:
    """What residents get by these allocations, by pickup number."""
    rows = allocations.select_related(
        "order_line__order", "order_line__sku", "substitute_sku"
    ).order_by("order_line__order__pickup_no", "order_line__line_no", "pk")
    return [line for row in rows for line in _lines(row)]


def hand_out_check(leader: Leader, run: CutoffRun, lines: Sequence[HandOutLine]) -> HandOutCheck:
    """The check at the foot of the list; the drops were counted by other code."""
    return HandOutCheck(
        resident_pieces=sum(line.qty for line in lines),
        note_pieces=sum(drop.pieces for drop in drops_of_leader(leader, run)),
    )


def hand_out_groups(lines: Sequence[HandOutLine], sort: HandOutSort) -> list[HandOutGroup]:
    """The lines in one of the three sorts."""
    outer, inner = _LEVELS[sort]
    groups: dict[Hashable, dict[Hashable, list[HandOutLine]]] = {}
    for line in sorted(lines, key=lambda line: _order(sort, line)):
        groups.setdefault(outer.key(line), defaultdict(list))[inner.key(line)].append(line)
    return [
        HandOutGroup(
            title=outer.title(next(iter(sections.values()))[0]),
            sections=tuple(
                HandOutSection(title=inner.title(own[0]), first=own[0], lines=tuple(own))
                for own in sections.values()
            ),
        )
        for sections in groups.values()
    ]


def _lines(row: Allocation) -> Iterator[HandOutLine]:
    """What an order line gets; what is given instead of it is a line of its own."""
    order = row.order_line.order
    own = HandOutLine(
        order_id=order.pk,
        building=order.building,
        room=order.room,
        pickup_no=order.pickup_no,
        resident=mask_name(order.resident_name),
        phone_last4=phone_last4(order.resident_phone),
        sku_code=row.order_line.sku.code,
        sku_name=row.order_line.sku_name,
        unit=row.order_line.unit,
        qty=row.allocated_qty,
        short_qty=row.short_qty,
    )
    yield own
    substitute = row.substitute_sku
    if substitute is not None and row.substitute_qty:
        yield replace(
            own,
            sku_code=f"{substitute.code}+{own.sku_code}",
            sku_name=substitute.name,
            unit=substitute.unit,
            qty=row.substitute_qty,
            short_qty=0,
            instead_of=own.sku_name,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """How lines are grouped: what makes a group, and what it is called."""

    key: Callable[[HandOutLine], Hashable]
    title: Callable[[HandOutLine], str]


_product = _Level(key=lambda line: line.sku_code, title=lambda line: line.sku_name)
_building = _Level(key=lambda line: natural_key(line.building), title=lambda line: line.building)
_household = _Level(key=lambda line: line.order_id, title=lambda line: line.room)
_LEVELS = {
    HandOutSort.HOUSEHOLD: (_building, _household),
    HandOutSort.BUILDING: (_building, _product),
    HandOutSort.PRODUCT: (_product, _building),
}


def _order(sort: HandOutSort, line: HandOutLine) -> tuple[object, ...]:
    return hand_out_order(
        sort,
        building=line.building,
        room=line.room,
        pickup_no=str(line.pickup_no or ""),
        resident=line.resident,
        sku_code=line.sku_code,
    )
