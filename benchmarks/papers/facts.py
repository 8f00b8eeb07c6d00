"""What the rows of a run say its papers must show.

Read straight from the tables, with nothing of what makes the papers but the
control code, which is what two papers prove their agreement by.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.receiving import accepted_by_sku
from orders.domain.control_code import control_code
from orders.domain.demand import line_key
from orders.models.catalogue import Sku


@dataclass(frozen=True, slots=True)
class Line:
    """One order line with what it gets."""

    order_no: str
    sku: str
    last4: str
    ordered: int
    allocated: int


@dataclass(frozen=True, slots=True)
class Facts:
    """The figures of a run, by the words its papers name them with."""

    lines_of_slot: dict[str, list[Line]]
    lost: list[Line]
    route_of_slot: dict[str, str]
    phone_of_slot: dict[str, str]
    accepted: dict[str, int]
    bought: dict[str, dict[str, int]]

    @property
    def lines(self) -> list[Line]:
        """Every order line, of points without a drop, too."""
        return [line for lines in self.lines_of_slot.values() for line in lines] + self.lost

    def slots_of(self, route: str) -> list[str]:
        """The slots on a route."""
        return [slot for slot, on in self.route_of_slot.items() if on == route]

    def pieces_of(self, slots: list[str]) -> int:
        """Pieces in these slots."""
        return sum(line.allocated for slot in slots for line in self.lines_of_slot[slot])

    def code_of(self, slots: list[str]) -> str:
        """The control code of what lies in these slots."""
        return control_code(
            (line_key(line.order_no, line.sku), line.allocated)
            for slot in slots
            for line in self.lines_of_slot[slot]
        )

    def shares_of(self, slot: str) -> dict[str, tuple[int, int]]:
        """SKU → (ordered, allocated) in a slot."""
        ordered: Counter[str] = Counter()
        allocated: Counter[str] = Counter()
        for line in self.lines_of_slot[slot]:
            ordered[line.sku] += line.ordered
            allocated[line.sku] += line.allocated
        return {sku: (qty, allocated[sku]) for sku, qty in ordered.items()}

    def sown(self, sku: str) -> dict[str, int]:
        """Slot → pieces of a SKU, of slots that get any."""
        return {
            slot: shares[sku][1]
            for slot in self.lines_of_slot
            if (shares := self.shares_of(slot)).get(sku, (0, 0))[1]
        }

    def totals(self) -> dict[str, tuple[int, int, int]]:
        """SKU → (needed, accepted, allocated)."""
        need: Counter[str] = Counter()
        allocated: Counter[str] = Counter()
        for line in self.lines:
            need[line.sku] += line.ordered
            allocated[line.sku] += line.allocated
        return {sku: (qty, self.accepted.get(sku, 0), allocated[sku]) for sku, qty in need.items()}


def facts_of(run: CutoffRun) -> Facts:
    """Read the figures of a run."""
    slot_of_point: dict[int, str] = {}
    phones: dict[str, str] = {}
    for drop in Drop.objects.filter(wave__run=run).select_related("pickup_point__leader"):
        slot_of_point[drop.pickup_point_id] = drop.slot_code
        phones[drop.slot_code] = drop.pickup_point.leader.phone
    lines: dict[str, list[Line]] = {slot: [] for slot in phones}
    lost: list[Line] = []
    rows = Allocation.objects.filter(run=run).values_list(
        "order_line__order__pickup_point_id",
        "order_line__order__order_no",
        "order_line__sku__code",
        "order_line__order__resident_phone",
        "ordered_qty",
        "allocated_qty",
    )
    for point_id, order_no, sku, phone, ordered, allocated in rows:
        slot = slot_of_point.get(point_id)
        (lost if slot is None else lines[slot]).append(
            Line(order_no, sku, phone[-4:], ordered, allocated)
        )
    stops = Stop.objects.filter(drop__wave__run=run).select_related("trip", "drop")
    codes = dict(Sku.objects.values_list("pk", "code"))
    return Facts(
        lines_of_slot=lines,
        lost=lost,
        route_of_slot={stop.drop.slot_code: str(stop.trip) for stop in stops},
        phone_of_slot=phones,
        accepted={codes[sku_id]: qty for sku_id, qty in accepted_by_sku(run).items()},
        bought=_bought(run),
    )


def _bought(run: CutoffRun) -> dict[str, dict[str, int]]:
    """Supplier → SKU → pieces on order."""
    bought: dict[str, dict[str, int]] = defaultdict(dict)
    rows = PurchaseOrderLine.objects.filter(purchase_order__run=run, ended_as="").values_list(
        "purchase_order__supplier__code", "sku__code", "pack_factor", "packs"
    )
    for supplier, sku, pack_factor, packs in rows:
        bought[supplier][sku] = bought[supplier].get(sku, 0) + pack_factor * packs
    return dict(bought)
