"""Everything the papers of a run are made from, read once in a fixed number of queries."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from fulfillment.domain.drop_parts import shared_classes
from fulfillment.domain.receiving import own_batch_no
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop, Trip, Vehicle
from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderLine
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.models.warehouse import Drop, Tote, ToteState, Wave
from fulfillment.papers.paper import Totes
from fulfillment.papers.receiving_sheet import ReceivingCount
from fulfillment.selectors.receiving import accepted_by_sku
from fulfillment.selectors.sorting import gone_by_sku
from fulfillment.selectors.totes import (
    OpeningBalances,
    drops_sealed,
    opening_tote_balances,
    totes_sealed_once,
)
from fulfillment.selectors.weighing import WeighLine, weigh_lines
from orders.domain.demand import line_key
from orders.domain.storage import StorageClass
from orders.models.catalogue import Sku

# Given back when the slot was sealed, or lost: no paper sends them anywhere.
NOT_TRAVELLING = (ToteState.FREE, ToteState.LOST)


class AllocatedLine(NamedTuple):
    """One order line with what it gets; lines that get nothing are there too.

    What is given instead of ordered goods is a line of its own. Its pieces
    count as ordered there and not with the goods they replace, so what a line
    ordered and does not get is what is refunded.
    """

    order_no: str
    point_id: int
    sku_id: int
    building: str
    room: str
    pickup_no: int | None
    resident_name: str
    resident_phone: str
    sku_name: str
    unit: str
    ordered_qty: int
    allocated_qty: int
    replaces_sku_id: int | None = None


class PointGoods(NamedTuple):
    """What a pickup point gets of one SKU, ordered as such or given instead of another."""

    sku_id: int
    replaces_sku_id: int | None
    share: "Share"


class Share(NamedTuple):
    """What one pickup point ordered and gets of one SKU."""

    ordered_qty: int
    allocated_qty: int

    @property
    def short_qty(self) -> int:
        """What it does not get."""
        return self.ordered_qty - self.allocated_qty


@dataclass(frozen=True, kw_only=True)
class PaperDay:
    """The rows of one run, and the same figures seen from several sides."""

    run: CutoffRun
    waves: tuple[Wave, ...]
    lines: tuple[AllocatedLine, ...]
    skus: dict[int, Sku]
    drops: tuple[Drop, ...]
    parts: dict[int, tuple[Stop, ...]]
    totes: dict[int, Totes]
    sealed: frozenset[int]
    sealed_totes: dict[int, Totes]
    opening: OpeningBalances
    trips: tuple[Trip, ...]
    purchase_orders: tuple[PurchaseOrder, ...]
    purchase_lines: dict[int, list[PurchaseOrderLine]]
    counted: dict[int, ReceivingCount]
    accepted_of_sku: Counter[int]

    @cached_property
    def shares(self) -> dict[int, dict[int, Share]]:
        """Pickup point → SKU → share, summed over the order lines."""
        ordered: Counter[tuple[int, int]] = Counter()
        allocated: Counter[tuple[int, int]] = Counter()
        for line in self.lines:
            ordered[line.point_id, line.sku_id] += line.ordered_qty
            allocated[line.point_id, line.sku_id] += line.allocated_qty
        shares: dict[int, dict[int, Share]] = defaultdict(dict)
        for (point_id, sku_id), qty in ordered.items():
            shares[point_id][sku_id] = Share(qty, allocated[point_id, sku_id])
        return shares

    def goods_of_point(self, point_id: int) -> list[PointGoods]:
        """What a pickup point gets, substitutes apart from what was ordered."""
        found: dict[tuple[int, int | None], Share] = {}
        for line in self.lines_of_point[point_id]:
            key = line.sku_id, line.replaces_sku_id
            before = found.get(key, Share(0, 0))
            found[key] = Share(
                before.ordered_qty + line.ordered_qty, before.allocated_qty + line.allocated_qty
            )
        return [PointGoods(*key, share) for key, share in found.items()]

    def marked(self, name: str, replaces_sku_id: int | None) -> str:
        """A name of goods as papers write it: substitutes say what they are given for."""
        if replaces_sku_id is None:
            return name
        goods = self.skus[replaces_sku_id].name
        return _("%(name)s (instead of %(goods)s)") % {"name": name, "goods": goods}

    @cached_property
    def gone_of_sku(self) -> Counter[int]:
        """Accepted pieces of each SKU that sorting and weighing found gone since."""
        return gone_by_sku(self.run)

    @cached_property
    def lines_of_point(self) -> dict[int, list[AllocatedLine]]:
        """The order lines of every pickup point."""
        lines: dict[int, list[AllocatedLine]] = defaultdict(list)
        for line in self.lines:
            lines[line.point_id].append(line)
        return lines

    @cached_property
    def weighed(self) -> dict[tuple[str, int], WeighLine]:
        """(order, SKU) → the line, where every portion of it is weighed."""
        return {
            (line.order_no, line.sku_id): line
            for line in weigh_lines(self.run.pk)
            if line.is_weighed
        }

    @cached_property
    def stops(self) -> dict[int, Stop]:
        """Drop → its stop; of a drop in parts the first, whose route sorts and counts it."""
        return {drop_id: parts[0] for drop_id, parts in self.parts.items()}

    @cached_property
    def stops_of_trip(self) -> Counter[int]:
        """Trip → how many stops it has."""
        return Counter(stop.trip_id for parts in self.parts.values() for stop in parts)

    def totes_of(self, stop: Stop) -> Totes:
        """The totes of a stop: all of its drop, or those its part had best take."""
        parts, totes = self.parts[stop.drop_id], self.totes.get(stop.drop_id, Totes())
        if len(parts) == 1:
            return totes
        shares = shared_classes(
            [part.totes for part in parts],
            {
                StorageClass.AMBIENT: totes.ambient,
                StorageClass.CHILL: totes.chill,
                StorageClass.FROZEN: totes.frozen,
            },
            [_cold_room(part.trip.vehicle) for part in parts],
        )
        share = shares[[part.pk for part in parts].index(stop.pk)]
        return Totes(
            ambient=share[StorageClass.AMBIENT],
            chill=share[StorageClass.CHILL],
            frozen=share[StorageClass.FROZEN],
        )

    def also_on(self, stop: Stop) -> str:
        """Where the rest of a drop in parts travels, in words; nothing for a whole drop."""
        words = _("also on %(route)s: %(totes)s totes")
        return " · ".join(
            words % {"route": str(part.trip), "totes": part.totes}
            for part in self.parts[stop.drop_id]
            if part.pk != stop.pk
        )

    @cached_property
    def arrival_of_sku(self) -> dict[int, str]:
        """When each SKU's supplier has its dock slot: the place of goods without a bin."""
        slots = {order.pk: order.supplier.slot_start for order in self.purchase_orders}
        return {
            line.sku_id: f"{slot:%H:%M}" if (slot := slots[line.purchase_order_id]) else ""
            for line in self._lines_bought_last
        }

    @cached_property
    def pack_of_sku(self) -> dict[int, int]:
        """Pieces per pack as bought."""
        return {line.sku_id: line.pack_factor for line in self._lines_bought_last}

    @cached_property
    def _lines_bought_last(self) -> list[PurchaseOrderLine]:
        """All purchase lines; what another supplier brings instead comes after what moved."""
        lines = [line for lines in self.purchase_lines.values() for line in lines]
        return sorted(lines, key=lambda line: (not line.ended_as, line.pk))

    def quantities(self, drops: tuple[Drop, ...]) -> list[tuple[str, int]]:
        """(order line, pieces) of these drops: what their control codes are made of.

        The pairs of all drops together are those of the allocation, so the
        master list carries the code of the whole day.
        """
        return [
            (line_key(line.order_no, self.skus[line.sku_id].code), line.allocated_qty)
            for drop in drops
            for line in self.lines_of_point[drop.pickup_point_id]
        ]


def paper_day(run_id: int) -> PaperDay:
    """Read the rows of a run for all of its papers."""
    run = CutoffRun.objects.select_related("campaign", "warehouse").get(pk=run_id)
    orders = PurchaseOrder.objects.filter(run=run).select_related("supplier")
    drop_ids = list(Drop.objects.filter(wave__run=run).values_list("pk", flat=True))
    purchase_lines: dict[int, list[PurchaseOrderLine]] = defaultdict(list)
    for line in PurchaseOrderLine.objects.filter(purchase_order__run=run).order_by("pk"):
        purchase_lines[line.purchase_order_id].append(line)
    return PaperDay(
        run=run,
        waves=tuple(Wave.objects.filter(run=run).order_by("code")),
        lines=_allocated_lines(run),
        skus=Sku.objects.in_bulk(),
        drops=tuple(
            Drop.objects.filter(wave__run=run)
            .select_related("pickup_point__leader")
            .order_by("pickup_point__code", "pk")
        ),
        parts=_parts(run),
        totes=_totes(Tote.objects.exclude(state__in=NOT_TRAVELLING), run),
        sealed=frozenset(drops_sealed(drop_ids)),
        sealed_totes=_totes(totes_sealed_once(), run),
        opening=opening_tote_balances(run),
        trips=tuple(
            Trip.objects.filter(delivery_run__cutoff_run=run, stops__isnull=False)
            .distinct()
            .select_related("vehicle", "delivery_run")
            .order_by("route_no")
        ),
        purchase_orders=tuple(orders.order_by("supplier__code", "seq")),
        purchase_lines=purchase_lines,
        counted=_counted(run),
        accepted_of_sku=Counter(accepted_by_sku(run)),
    )


def _parts(run: CutoffRun) -> dict[int, tuple[Stop, ...]]:
    parts: dict[int, list[Stop]] = defaultdict(list)
    stops = Stop.objects.filter(trip__delivery_run__cutoff_run=run)
    for stop in stops.select_related("trip__vehicle").order_by("part_no"):
        parts[stop.drop_id].append(stop)
    return {drop_id: tuple(of_drop) for drop_id, of_drop in parts.items()}


def _cold_room(vehicle: Vehicle) -> int:
    return vehicle.capacity_totes if vehicle.is_chilled else vehicle.insulated_totes


def _counted(run: CutoffRun) -> dict[int, ReceivingCount]:
    rows: dict[int, list[GoodsReceiptLine]] = defaultdict(list)
    standing = GoodsReceiptLine.objects.standing().filter(purchase_line__purchase_order__run=run)
    for row in standing.select_related("batch", "receipt", "purchase_line__sku").order_by("pk"):
        rows[row.purchase_line_id].append(row)
    return {line_id: _counted_of(counts) for line_id, counts in rows.items()}


def _counted_of(rows: list[GoodsReceiptLine]) -> ReceivingCount:
    weights = [row.weight_g for row in rows if row.weight_g is not None]
    warmth = [row.temperature_dc for row in rows if row.temperature_dc is not None]
    packs = [_packs(row) for row in rows]
    batches = dict.fromkeys(_batch(row) for row in rows)
    return ReceivingCount(
        packs=sum(full for full, _loose in packs),
        loose_qty=sum(loose for _full, loose in packs),
        arrived_qty=sum(row.arrived_qty for row in rows),
        rejected_qty=sum(row.rejected_qty for row in rows),
        damaged_qty=sum(row.damaged_qty for row in rows),
        weight_g=sum(weights) if weights else None,
        temperature_dc=max(warmth) if warmth else None,
        batches=tuple(filter(None, batches)),
        has_photo=any(row.photo for row in rows),
    )


def _packs(row: GoodsReceiptLine) -> tuple[int, int]:
    """Full packs and loose pieces; counts that came in pieces only are put into packs."""
    factor = row.purchase_line.pack_factor
    if row.packs * factor + row.loose_qty == row.arrived_qty:
        return row.packs, row.loose_qty
    return divmod(row.arrived_qty, factor)


def _batch(row: GoodsReceiptLine) -> str:
    """The batch as the goods name it, with its last day; nothing where they say neither."""
    if not hasattr(row, "batch"):
        return ""
    batch = row.batch
    ours = batch.batch_no == own_batch_no(row.receipt.receipt_no, row.purchase_line.sku.code)
    number = "" if ours else batch.batch_no
    return f"{number} {batch.expires_on:%m-%d}".strip() if batch.expires_on else number


def _allocated_lines(run: CutoffRun) -> tuple[AllocatedLine, ...]:
    rows = (
        Allocation.objects.filter(run=run)
        .order_by("order_line__order__order_no", "order_line__line_no")
        .values_list(
            "order_line__order__order_no",
            "order_line__order__pickup_point_id",
            "order_line__sku_id",
            "order_line__order__building",
            "order_line__order__room",
            "order_line__order__pickup_no",
            "order_line__order__resident_name",
            "order_line__order__resident_phone",
            "order_line__sku_name",
            "order_line__unit",
            "ordered_qty",
            "allocated_qty",
            "substitute_qty",
            "substitute_sku_id",
            "substitute_sku__name",
            "substitute_sku__unit",
        )
    )
    lines = []
    for *own, given_qty, given_id, given_name, given_unit in rows.iterator(chunk_size=5000):
        line = AllocatedLine._make((*own, None))
        lines.append(line._replace(ordered_qty=line.ordered_qty - given_qty))
        if given_qty:
            lines.append(
                line._replace(
                    sku_id=given_id,
                    sku_name=given_name,
                    unit=given_unit,
                    ordered_qty=given_qty,
                    allocated_qty=given_qty,
                    replaces_sku_id=line.sku_id,
                )
            )
    return tuple(lines)


def _totes(totes: QuerySet[Tote], run: CutoffRun) -> dict[int, Totes]:
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = (
        totes.filter(drop__wave__run=run)
        .values_list("drop_id", "storage")
        .annotate(number=Count("pk", distinct=True))
    )
    for drop_id, storage, number in rows.order_by():
        counts[drop_id][storage] = number
    return {
        drop_id: Totes(
            ambient=by_storage.get("ambient", 0),
            chill=by_storage.get("chill", 0),
            frozen=by_storage.get("frozen", 0),
        )
        for drop_id, by_storage in counts.items()
    }
