"""Spreadsheets for buyers. Texts are written as inert text, figures as numbers."""

from io import BytesIO
from typing import Any

import xlsxwriter
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fulfillment.models.purchasing import PurchaseOrder
from fulfillment.selectors.purchase_board import purchase_lines_counted
from orders.domain.inert_cells import inert_text
from orders.domain.money import FEN_PER_YUAN

# Excel's own limit is 31 characters; longer titles are refused.
SHEET_TITLE_MAX = 31
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
    return _workbook(_("Purchase orders"), _headings(), rows)


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


def _workbook(title: str, headings: list[tuple[str, int]], rows: list[list[Any]]) -> BytesIO:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet(title[:SHEET_TITLE_MAX])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(headings) - 1)
        for column, (heading, width) in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
            sheet.set_column(column, column, width)
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(at, column, inert_text(value))
                elif value is not None:
                    is_money = isinstance(value, float)
                    sheet.write_number(at, column, value, money if is_money else None)
    target.seek(0)
    return target
