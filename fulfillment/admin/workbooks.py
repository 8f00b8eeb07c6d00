"""Spreadsheets for buyers."""

from io import BytesIO

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fulfillment.integrations.workbooks import Table, workbook
from fulfillment.models.purchasing import PurchaseOrder
from fulfillment.selectors.purchase_board import purchase_lines_counted
from orders.domain.money import FEN_PER_YUAN

COLUMNS = (
    "purchase_order__po_no",
    "purchase_order__supplier__code",
    "purchase_order__supplier__name",
    "sku__code",
    "sku__name",
    "sku__unit",
    "need_qty",
    "pack_factor",
    "packs",
    "ordered_qty",
    "surplus_qty",
    "arrived_qty",
    "rejected_qty",
    "accepted_qty",
    "missing_qty",
    "unit_cost_fen",
    "amount_fen",
)


def purchase_orders_workbook(orders: QuerySet[PurchaseOrder]) -> BytesIO:
    """One sheet with every line of the orders and its counts, ready to be read.

    A count nobody made is an empty cell; money is in yuan.
    """
    rows = [
        [*cells, unit_cost_fen / FEN_PER_YUAN, amount_fen / FEN_PER_YUAN]
        for *cells, unit_cost_fen, amount_fen in purchase_lines_counted()
        .filter(purchase_order__in=orders.values("pk"))
        .order_by("purchase_order__po_no", "sku__code")
        .values_list(*COLUMNS)
    ]
    return workbook(Table(title=_("Purchase orders"), headings=_headings(), rows=rows))


def _headings() -> list[tuple[str, int]]:
    """Headings with their column widths in characters."""
    return [
        (_("purchase order no."), 22),
        (_("supplier code"), 10),
        (_("supplier"), 24),
        (_("SKU"), 10),
        (_("name and spec"), 32),
        (_("unit"), 6),
        (_("needed"), 8),
        (_("pieces per pack"), 8),
        (_("packs"), 8),
        (_("ordered"), 8),
        (_("surplus"), 8),
        (_("arrived"), 8),
        (_("rejected"), 8),
        (_("accepted"), 8),
        (_("short"), 8),
        (_("cost per piece (¥)"), 12),
        (_("amount (¥)"), 14),
    ]
