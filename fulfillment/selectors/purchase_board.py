"""What buyers watch: purchase orders against what the dock counted."""

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import (
    LineEnd,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderState,
)
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.selectors.runs import runs_newest_first

# Nobody has approved these; that goods have come does not make it right.
UNAPPROVED = Q(approved_at__isnull=True) & ~Q(state=PurchaseOrderState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerDay:
    """What the buyers have to see about the newest run."""

    run: CutoffRun
    purchase_orders: int
    amount_fen: int
    unapproved: int
    below_minimum: int
    missing_qty: int
    uncounted_lines: int


def purchase_lines_counted() -> QuerySet[PurchaseOrderLine]:
    """Purchase lines with `arrived_qty`, `rejected_qty`, `accepted_qty` and `missing_qty`.

    A line nobody counted has None in all four, until receiving is closed: from
    then on it counts as nothing arrived, as a line that was given up does at
    once. `missing_qty` is what was sold and not accepted; the line that a
    moved one went to misses it.
    """
    uncounted = Case(
        When(purchase_order__run__receiving_closed_at__isnull=False, then=Value(0)),
        When(ended_as=LineEnd.GIVEN_UP, then=Value(0)),
        default=None,
        output_field=IntegerField(),
    )
    return PurchaseOrderLine.objects.annotate(
        arrived_qty=Coalesce(_counted("arrived_qty"), uncounted),
        rejected_qty=Coalesce(_counted("rejected_qty"), uncounted),
        accepted_qty=Coalesce(_counted("accepted_qty"), uncounted),
        # GREATEST ignores nulls, so the unknown is kept apart.
        missing_qty=Case(
            When(ended_as=LineEnd.MOVED, then=Value(0)),
            When(accepted_qty__isnull=True, then=None),
            default=Greatest(F("need_qty") - F("accepted_qty"), Value(0)),
            output_field=IntegerField(),
        ),
    )


def purchase_orders_counted() -> QuerySet[PurchaseOrder]:
    """Purchase orders with the sums of their lines: `line_count`, `need_qty`,
    `ordered_qty`, `surplus_qty`, `accepted_qty`, `missing_qty`, `uncounted_lines`.

    Lines that are no longer bought are in none of the first four sums. The
    sums of counts leave out lines nobody counted yet; they are None when no
    line of the order was counted.
    """
    bought = Q(ended_as="")
    return PurchaseOrder.objects.annotate(
        line_count=_over_lines(Count("pk", filter=bought)),
        need_qty=_over_lines(Sum("need_qty", filter=bought, default=0)),
        ordered_qty=_over_lines(Sum("ordered_qty", filter=bought, default=0)),
        surplus_qty=_over_lines(Sum("surplus_qty", filter=bought, default=0)),
        accepted_qty=_over_lines(Sum("accepted_qty")),
        missing_qty=_over_lines(Sum("missing_qty")),
        uncounted_lines=_over_lines(
            Sum(Case(When(bought, accepted_qty__isnull=True, then=Value(1)), default=Value(0)))
        ),
    )


def buyer_day() -> BuyerDay | None:
    """The newest run in the buyers' figures; nothing before the first run."""
    run = runs_newest_first().first()
    if run is None:
        return None
    sums = (
        purchase_orders_counted()
        .filter(run=run)
        .order_by()
        .aggregate(
            purchase_orders=Count("pk"),
            total_fen=Sum("amount_fen", default=0),
            unapproved=Count("pk", filter=UNAPPROVED),
            below_minimum=Count("pk", filter=Q(min_order_gap_fen__gt=0)),
            total_missing=Sum("missing_qty", default=0),
            total_uncounted=Sum("uncounted_lines", default=0),
        )
    )
    return BuyerDay(
        run=run,
        purchase_orders=sums["purchase_orders"],
        amount_fen=sums["total_fen"],
        unapproved=sums["unapproved"],
        below_minimum=sums["below_minimum"],
        missing_qty=sums["total_missing"],
        uncounted_lines=sums["total_uncounted"],
    )


def _counted(column: str) -> Subquery:
    """A count of one purchase line, summed over all arrivals; what was taken back is out."""
    counts = GoodsReceiptLine.objects.standing().filter(purchase_line=OuterRef("pk")).order_by()
    summed = counts.values("purchase_line").annotate(qty=Sum(column)).values("qty")
    return Subquery(summed, output_field=IntegerField())


def _over_lines(total: Any) -> Subquery:
    lines = purchase_lines_counted().filter(purchase_order=OuterRef("pk")).order_by()
    summed = lines.values("purchase_order").annotate(total=total).values("total")
    return Subquery(summed, output_field=IntegerField())
