"""Contents of the labels that go to a door: one per piece, or one per household.

The numbers on them (piece 4 of 25) are places in the whole list of a point,
so a label printed alone says the same as the one printed with all others.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fulfillment.domain.hand_out import HandOutSort, hand_out_order
from fulfillment.domain.label_codes import LabelCode, Labelled
from fulfillment.domain.sorting import natural_key
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.warehouse import Drop
from fulfillment.papers.labels.household_label import HouseholdLabel, HouseholdLine
from fulfillment.papers.labels.item_label import ItemLabel
from fulfillment.selectors.labels.choice import LabelChoice, drops_chosen


class Given(NamedTuple):
    """Pieces of one SKU that one order gets, a substitute's among them."""

    allocation_id: int
    order_id: int
    point_id: int
    building: str
    room: str
    pickup_no: str
    resident_name: str
    sku_code: str
    sku_name: str
    unit: str
    qty: int

    @property
    def door_order(self) -> tuple[object, ...]:
        """Where it stands in the list by households."""
        return hand_out_order(
            HandOutSort.HOUSEHOLD,
            building=self.building,
            room=self.room,
            pickup_no=self.pickup_no,
            resident=self.resident_name,
            sku_code=self.sku_code,
        )


def item_labels(run: CutoffRun, choice: LabelChoice) -> list[ItemLabel]:
    """One label for each piece at the chosen drops, by slot and door."""
    labels = []
    for drop, given in _given_by_drop(run, choice):
        numbers = _Numbers(given)
        for row in given:
            for _piece in range(row.qty):
                label = _item_label(drop, row, numbers)
                if choice.of in (None, row.allocation_id) and choice.sku_code in (
                    "",
                    row.sku_code,
                ):
                    labels.append(label)
    return labels


def household_labels(run: CutoffRun, choice: LabelChoice) -> list[HouseholdLabel]:
    """One label for each household at the chosen drops, by slot and door.

    Without any choice: of the points whose bags are packed in the warehouse.
    """
    labels = []
    for drop, given in _given_by_drop(run, choice):
        if not choice.is_narrowed and not drop.pickup_point.is_bagged:
            continue
        orders: defaultdict[int, list[Given]] = defaultdict(list)
        for row in given:
            orders[row.order_id].append(row)
        labels += [
            _household_label(drop, rows)
            for order_id, rows in orders.items()
            if choice.of in (None, order_id)
            and (not choice.sku_code or choice.sku_code in {row.sku_code for row in rows})
        ]
    return labels


class _Numbers:
    """Which piece of how many, for the pieces of one point, taken in order."""

    def __init__(self, given: Sequence[Given]) -> None:
        self.of_sku: Counter[str] = Counter()
        self.of_building: Counter[str] = Counter()
        for row in given:
            self.of_sku[row.sku_code] += row.qty
            self.of_building[row.building] += row.qty
        codes = sorted(self.of_sku, key=natural_key)
        self.product_no = {code: number for number, code in enumerate(codes, start=1)}
        self._sku_taken: Counter[str] = Counter()
        self._building_taken: Counter[str] = Counter()

    def take(self, row: Given) -> tuple[int, int]:
        """The next piece's place among its SKU's and among its building's."""
        self._sku_taken[row.sku_code] += 1
        self._building_taken[row.building] += 1
        return self._sku_taken[row.sku_code], self._building_taken[row.building]


def _item_label(drop: Drop, row: Given, numbers: _Numbers) -> ItemLabel:
    piece_no, door_piece_no = numbers.take(row)
    return ItemLabel(
        code=LabelCode(Labelled.ITEM, row.allocation_id),
        building=row.building,
        room=row.room,
        pickup_no=row.pickup_no,
        resident_name=row.resident_name,
        product_no=numbers.product_no[row.sku_code],
        sku_name=row.sku_name,
        unit=row.unit,
        piece_no=piece_no,
        pieces=numbers.of_sku[row.sku_code],
        door_piece_no=door_piece_no,
        door_pieces=numbers.of_building[row.building],
        slot=drop.slot_code,
        leader_name=drop.pickup_point.leader.name,
    )


def _household_label(drop: Drop, rows: Sequence[Given]) -> HouseholdLabel:
    first = rows[0]
    return HouseholdLabel(
        code=LabelCode(Labelled.HOUSEHOLD, first.order_id),
        building=first.building,
        room=first.room,
        pickup_no=first.pickup_no,
        resident_name=first.resident_name,
        slot=drop.slot_code,
        leader_name=drop.pickup_point.leader.name,
        lines=tuple(
            HouseholdLine(sku_name=row.sku_name, unit=row.unit, qty=row.qty) for row in rows
        ),
    )


def _given_by_drop(run: CutoffRun, choice: LabelChoice) -> Iterator[tuple[Drop, list[Given]]]:
    """The chosen drops with everything their residents get, in the order of the doors."""
    drops = drops_chosen(run, choice)
    given: defaultdict[int, list[Given]] = defaultdict(list)
    for row in _given(run, [drop.pickup_point_id for drop in drops]):
        given[row.point_id].append(row)
    for drop in drops:
        yield drop, sorted(given[drop.pickup_point_id], key=lambda row: row.door_order)


def _given(run: CutoffRun, point_ids: Sequence[int]) -> Iterator[Given]:
    """What was ordered and is handed out, and what was given instead."""
    allocations = (
        Allocation.objects.filter(run=run, order_line__order__pickup_point_id__in=point_ids)
        .select_related("order_line__order", "order_line__sku", "substitute_sku")
        .order_by("pk")
    )
    for row in allocations.iterator(chunk_size=2000):
        line = row.order_line
        if row.allocated_qty:
            sold = _Goods(line.sku.code, line.sku_name, line.unit, row.allocated_qty)
            yield _given_row(row, sold)
        if row.substitute_sku is not None and row.substitute_qty:
            sku = row.substitute_sku
            yield _given_row(row, _Goods(sku.code, sku.name, sku.unit, row.substitute_qty))


class _Goods(NamedTuple):
    code: str
    name: str
    unit: str
    qty: int


def _given_row(row: Allocation, goods: _Goods) -> Given:
    order = row.order_line.order
    return Given(
        allocation_id=row.pk,
        order_id=order.pk,
        point_id=order.pickup_point_id,
        building=order.building,
        room=order.room,
        pickup_no="" if order.pickup_no is None else str(order.pickup_no),
        resident_name=order.resident_name,
        sku_code=goods.code,
        sku_name=goods.name,
        unit=goods.unit,
        qty=goods.qty,
    )
