"""The buyer's desk for one run: what needs a decision first, then every order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fulfillment.domain.purchase_review import GRAVITY, Objection, reasons_needed
from fulfillment.domain.purchasing import needs_of, propose
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import (
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderState,
    Supplier,
    SupplierOffer,
)
from fulfillment.models.supplier_papers import SupplierPaper
from fulfillment.selectors.leftovers import leftovers_used_by_sku
from fulfillment.selectors.purchase_review import LICENCES, objections_by_order
from fulfillment.selectors.purchase_terms import last_costs, minimums, offers_valid, terms_on
from fulfillment.selectors.receiving import is_counted
from orders.models.demand import DemandLine

# Licences are shown when this many days or fewer are left.
EXPIRY_STEPS = (0, 7, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    """A line with its last price, who else offers the goods, and whether it is counted."""

    line: PurchaseOrderLine
    last_cost_fen: int | None
    elsewhere: tuple[Supplier, ...]
    is_counted: bool

    @property
    def is_open(self) -> bool:
        """Whether it is still bought and may be moved or given up."""
        return not self.line.ended_as and not self.is_counted


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskOrder:
    """An order with what speaks against it, the gravest first."""

    order: PurchaseOrder
    lines: tuple[DeskLine, ...]
    objections: tuple[Objection, ...]

    @property
    def is_approvable(self) -> bool:
        """Whether nobody has approved it; goods may have come all the same."""
        return self.order.approved_at is None and self.order.state in (
            PurchaseOrderState.DRAFT,
            PurchaseOrderState.RECEIVED,
        )

    @property
    def needs_reason(self) -> bool:
        """Whether an approval has to say why."""
        return bool(reasons_needed(self.objections))

    @property
    def has_gap(self) -> bool:
        """Whether buying up would close a gap to a minimum."""
        rules = {objection.rule.value for objection in self.objections}
        is_draft = self.order.state == PurchaseOrderState.DRAFT
        return is_draft and bool(rules & {"below_minimum", "below_moq"})

    @property
    def ordered_qty(self) -> int:
        """Pieces of the lines still bought."""
        return sum(row.line.ordered_qty for row in self.lines if not row.line.ended_as)

    @property
    def weight_g(self) -> int:
        """Expected weight of the lines still bought."""
        return sum(
            row.line.ordered_qty * row.line.sku.weight_g
            for row in self.lines
            if not row.line.ended_as
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiringPaper:
    """A licence that runs out, with the days left (below 0: it has)."""

    paper: SupplierPaper
    days_left: int
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseDesk:
    """Everything of one run on the buyer's desk."""

    run: CutoffRun
    orders: tuple[DeskOrder, ...]
    unsourced: tuple[tuple[str, int], ...]
    leftover_pieces: int
    expiring: tuple[ExpiringPaper, ...]

    @property
    def exceptions(self) -> list[DeskOrder]:
        """Orders that something speaks against, the gravest first."""
        found = [row for row in self.orders if row.objections]
        return sorted(found, key=lambda row: (GRAVITY[row.objections[0].rule], row.order.po_no))

    @property
    def unapproved(self) -> list[DeskOrder]:
        """Orders that wait for the buyer."""
        return [row for row in self.orders if row.is_approvable]

    @property
    def amount_fen(self) -> int:
        """What all orders cost."""
        return sum(row.order.amount_fen for row in self.orders)


def purchase_desk(run: CutoffRun, *, now: datetime, today: date) -> PurchaseDesk:
    """Read the desk of a run; before its orders are made it says what nobody offers."""
    orders = list(
        PurchaseOrder.objects.filter(run=run)
        .select_related("supplier", "approved_by")
        .order_by("supplier__code", "seq")
    )
    for order in orders:
        order.run = run
    objections = objections_by_order(run, orders, now=now)
    lines = _lines(run)
    return PurchaseDesk(
        run=run,
        orders=tuple(
            DeskOrder(
                order=order,
                lines=tuple(lines[order.pk]),
                objections=tuple(objections[order.pk]),
            )
            for order in orders
        ),
        unsourced=() if orders else _unsourced(run),
        leftover_pieces=sum(leftovers_used_by_sku(run).values()),
        expiring=tuple(licences_expiring(today)),
    )


def licences_expiring(today: date) -> list[ExpiringPaper]:
    """Licences of active suppliers that run out within 30 days, the most urgent first.

    Of several papers of one kind only the one that holds longest counts.
    """
    latest: dict[tuple[int, str], SupplierPaper] = {}
    papers = SupplierPaper.objects.filter(kind__in=LICENCES, supplier__is_active=True)
    for paper in papers.select_related("supplier").order_by("pk"):
        key = (paper.supplier_id, paper.kind)
        if key not in latest or _is_longer(paper, latest[key]):
            latest[key] = paper
    limit = today + timedelta(days=max(EXPIRY_STEPS))
    expiring = [
        _expiring(paper, paper.expires_on, today)
        for paper in latest.values()
        if paper.expires_on is not None and paper.expires_on <= limit
    ]
    return sorted(expiring, key=lambda row: (row.days_left, row.paper.supplier.code))


def _expiring(paper: SupplierPaper, last_day: date, today: date) -> ExpiringPaper:
    days_left = (last_day - today).days
    step = next(step for step in EXPIRY_STEPS if days_left <= step)
    return ExpiringPaper(paper=paper, days_left=days_left, step=step)


def _is_longer(one: SupplierPaper, other: SupplierPaper) -> bool:
    if other.expires_on is None:
        return False
    return one.expires_on is None or one.expires_on > other.expires_on


def _lines(run: CutoffRun) -> Mapping[int, list[DeskLine]]:
    found = list(
        PurchaseOrderLine.objects.filter(purchase_order__run=run)
        .select_related("sku", "purchase_order")
        .annotate(counted=is_counted())
        .order_by("sku__code", "pk")
    )
    costs = last_costs(run, {line.sku_id for line in found})
    offers = _offers_by_sku(run, found)
    rows: defaultdict[int, list[DeskLine]] = defaultdict(list)
    for line in found:
        supplier_id = line.purchase_order.supplier_id
        rows[line.purchase_order_id].append(
            DeskLine(
                line=line,
                last_cost_fen=costs.get(line.sku_id),
                elsewhere=tuple(
                    offer.supplier
                    for offer in offers[line.sku_id]
                    if offer.supplier_id != supplier_id
                ),
                is_counted=line.counted,
            )
        )
    return rows


def _offers_by_sku(
    run: CutoffRun, lines: Iterable[PurchaseOrderLine]
) -> defaultdict[int, list[SupplierOffer]]:
    offers: defaultdict[int, list[SupplierOffer]] = defaultdict(list)
    skus = {line.sku_id for line in lines}
    for offer in offers_valid(run.campaign.delivery_date).filter(sku_id__in=skus):
        offers[offer.sku_id].append(offer)
    return offers


def _unsourced(run: CutoffRun) -> tuple[tuple[str, int], ...]:
    """What was sold and nobody offers, as (SKU code and name, pieces)."""
    lines: Sequence[DemandLine] = list(
        DemandLine.objects.filter(snapshot__campaign_id=run.campaign_id).select_related(
            "offer__sku"
        )
    )
    names = {line.offer.sku.code: str(line.offer.sku) for line in lines}
    demand = {line.offer.sku.code: line.qty for line in lines}
    plan = propose(needs_of(demand, {}), terms_on(run.campaign.delivery_date), minimums())
    return tuple((names[need.sku_code], need.need_qty) for need in plan.unsourced)
