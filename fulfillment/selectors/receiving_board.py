"""What the dock looks at: the orders of a night by their slots, and the lines of one order."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet, Sum
from django.utils import timezone

from fulfillment.domain.receiving import (
    dock_moment,
    expected_pieces,
    is_too_warm,
    needs_temperature,
    sample_cases,
)
from fulfillment.domain.sorting import natural_key
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderLine, PurchaseOrderState
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.papers.ordering import STORAGE_RANK
from fulfillment.selectors.receiving import is_counted
from orders.domain.storage import StorageClass
from orders.models.catalogue import SkuKind


class OrderState(StrEnum):
    """How far the count of one order is; `different` is complete with other figures."""

    NOT_ENTERED = "not_entered"
    PARTLY = "partly"
    COMPLETE = "complete"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class DockOrder:
    """One order at the dock: when it is due and how many of its lines are counted.

    `different` counts lines with other figures than promised; `due_at` is
    None for suppliers without a slot.
    """

    order: PurchaseOrder
    due_at: datetime | None
    lines: int
    counted: int
    different: int
    is_late: bool

    @property
    def state(self) -> OrderState:
        """Where its count stands; blank is never complete."""
        if not self.counted:
            return OrderState.NOT_ENTERED
        if self.counted < self.lines:
            return OrderState.PARTLY
        return OrderState.DIFFERENT if self.different else OrderState.COMPLETE


@dataclass(frozen=True, slots=True, kw_only=True)
class DockLine:
    """One purchase line at the dock with the counts that stand and those taken back."""

    line: PurchaseOrderLine
    expected_qty: int
    counts: tuple[GoodsReceiptLine, ...]
    voided: tuple[GoodsReceiptLine, ...]

    @property
    def is_counted(self) -> bool:
        """Whether anybody counted it; a count of zero is a count."""
        return bool(self.counts)

    @property
    def arrived_qty(self) -> int:
        """Pieces unloaded, over all counts."""
        return sum(row.arrived_qty for row in self.counts)

    @property
    def rejected_qty(self) -> int:
        """Pieces not taken, over all counts."""
        return sum(row.rejected_qty for row in self.counts)

    @property
    def excess_qty(self) -> int:
        """Pieces sent back because nobody ordered so many."""
        return sum(row.excess_qty for row in self.counts)

    @property
    def accepted_qty(self) -> int:
        """Pieces taken, over all counts."""
        return sum(row.accepted_qty for row in self.counts)

    @property
    def difference_qty(self) -> int | None:
        """Good pieces against what was promised, surplus included; None before the count."""
        if not self.counts:
            return None
        return self.accepted_qty + self.excess_qty - self.expected_qty

    @property
    def short_qty(self) -> int:
        """Pieces that were sold and did not come; 0 before the count."""
        return max(self.line.need_qty - self.accepted_qty, 0) if self.counts else 0

    @property
    def expected_packs(self) -> tuple[int, int]:
        """What was promised as full packs and pieces beside them."""
        return divmod(self.expected_qty, self.line.pack_factor)

    @property
    def sample(self) -> int:
        """How many of the promised packs to open and look at."""
        return sample_cases(self.expected_packs[0])

    @property
    def storage(self) -> StorageClass:
        """How the goods are kept."""
        return StorageClass(self.line.sku.storage)

    @property
    def is_measured(self) -> bool:
        """Whether its temperature is asked for."""
        return needs_temperature(self.storage)

    @property
    def is_weighed(self) -> bool:
        """Whether its weight is asked for."""
        return self.line.sku.kind == SkuKind.CATCH_WEIGHT

    @property
    def is_too_warm(self) -> bool:
        """Whether any of it came warmer than it should."""
        return any(
            row.temperature_dc is not None and is_too_warm(self.storage, row.temperature_dc)
            for row in self.counts
        )

    @property
    def lacks_temperature(self) -> bool:
        """Whether somebody counted it without measuring what must be cold."""
        return self.is_measured and any(
            row.temperature_dc is None and row.arrived_qty for row in self.counts
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    """A purchase line nobody counted."""

    line: PurchaseOrderLine
    expected_qty: int


def dock_orders(run: CutoffRun, *, now: datetime, query: str = "") -> list[DockOrder]:
    """The orders of a run that may still arrive, first due first, in three queries.

    `query` finds suppliers, order numbers and goods.
    """
    lines: defaultdict[int, list[PurchaseOrderLine]] = defaultdict(list)
    for line in _lines_awaited(run):
        lines[line.purchase_order_id].append(line)
    counted = _counted_by_line(run)
    orders = PurchaseOrder.objects.filter(run=run).exclude(state=PurchaseOrderState.CANCELLED)
    found = [
        _dock_order(run, order, lines[order.pk], counted, now)
        for order in orders.select_related("supplier")
        if _matches(order, lines[order.pk], query)
    ]
    return sorted(found, key=_due_order)


def dock_order_of(run: CutoffRun, pk: int) -> PurchaseOrder | None:
    """One order of a run with its supplier; nothing for orders of other nights."""
    return PurchaseOrder.objects.filter(run=run, pk=pk).select_related("supplier", "run").first()


def dock_lines(order: PurchaseOrder) -> list[DockLine]:
    """The lines of an order with their counts: cold goods first, then what is needed most."""
    counts: defaultdict[int, list[GoodsReceiptLine]] = defaultdict(list)
    for row in _counts().filter(purchase_line__purchase_order=order):
        counts[row.purchase_line_id].append(row)
    lines = order.lines.select_related("sku__product")
    return sorted((_dock_line(line, counts[line.pk]) for line in lines), key=_unloading_order)


def dock_line_of(order: PurchaseOrder, pk: int) -> DockLine | None:
    """One line of an order with its counts."""
    line = order.lines.select_related("sku__product").filter(pk=pk).first()
    return _dock_line(line, list(_counts().filter(purchase_line=line))) if line else None


def count_of(run: CutoffRun, pk: int) -> GoodsReceiptLine | None:
    """One count of a run with everything a page about it shows."""
    return _counts().filter(pk=pk, receipt__purchase_order__run=run).first()


def lines_not_counted(run: CutoffRun) -> list[OpenLine]:
    """The purchase lines of a run that nobody counted, by order and SKU."""
    lines = (
        _lines_awaited(run)
        .exclude(is_counted())
        .exclude(purchase_order__state=PurchaseOrderState.CANCELLED)
        .select_related("purchase_order__supplier")
        .order_by("purchase_order__po_no", "sku__code")
    )
    return [OpenLine(line=line, expected_qty=_expected(line)) for line in lines]


def _lines_awaited(run: CutoffRun) -> QuerySet[PurchaseOrderLine]:
    """The lines that are still bought from their supplier."""
    return PurchaseOrderLine.objects.filter(purchase_order__run=run, ended_as="").select_related(
        "sku"
    )


def _counted_by_line(run: CutoffRun) -> dict[int, int]:
    """Purchase line → good pieces that came, surplus included; uncounted lines are missing."""
    rows = (
        GoodsReceiptLine.objects.standing()
        .filter(purchase_line__purchase_order__run=run)
        .order_by()
        .values_list("purchase_line_id")
        .annotate(accepted=Sum("accepted_qty"), excess=Sum("excess_qty"))
    )
    return {line_id: accepted + excess for line_id, accepted, excess in rows}


def _counts() -> QuerySet[GoodsReceiptLine]:
    """Counts with everything that is shown of them, oldest first."""
    return GoodsReceiptLine.objects.select_related(
        "batch",
        "void__voided_by",
        "counted_by",
        "receipt__purchase_order",
        "purchase_line__sku__product",
    ).order_by("pk")


def _expected(line: PurchaseOrderLine) -> int:
    return expected_pieces(
        ordered_qty=line.ordered_qty,
        confirmed_qty=line.confirmed_qty,
        is_ended=bool(line.ended_as),
    )


def _dock_order(
    run: CutoffRun,
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    counted: Mapping[int, int],
    now: datetime,
) -> DockOrder:
    due_at = dock_moment(
        order.slot_offered or order.supplier.slot_start,
        delivery_date=run.campaign.delivery_date,
        zone=timezone.get_default_timezone(),
    )
    done = [line for line in lines if line.pk in counted]
    return DockOrder(
        order=order,
        due_at=due_at,
        lines=len(lines),
        counted=len(done),
        different=sum(counted[line.pk] != _expected(line) for line in done),
        is_late=due_at is not None and due_at < now and not done and bool(lines),
    )


def _dock_line(line: PurchaseOrderLine, counts: Sequence[GoodsReceiptLine]) -> DockLine:
    return DockLine(
        line=line,
        expected_qty=_expected(line),
        counts=tuple(row for row in counts if not hasattr(row, "void")),
        voided=tuple(row for row in counts if hasattr(row, "void")),
    )


def _matches(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], query: str) -> bool:
    wanted = query.strip().casefold()
    texts = [order.po_no, order.supplier.code, order.supplier.name]
    texts += [text for line in lines for text in (line.sku.code, line.sku.name)]
    return any(wanted in text.casefold() for text in texts)


def _due_order(row: DockOrder) -> tuple[object, ...]:
    return row.due_at is None, row.due_at, natural_key(row.order.supplier.code), row.order.pk


def _unloading_order(row: DockLine) -> tuple[object, ...]:
    return (
        bool(row.line.ended_as),
        -STORAGE_RANK[row.storage],
        -row.line.need_qty,
        natural_key(row.line.sku.code),
    )
