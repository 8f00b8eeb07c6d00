"""Spreadsheets of suppliers' accounts; texts are inert, money is in yuan."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.integrations.workbooks import Table, workbook
from fulfillment.models.supplier_accounts import SupplierClaim, SupplierStatement
from fulfillment.selectors.supplier_accounts import Days, goods_lines
from orders.domain.money import FEN_PER_YUAN


def supplier_statements_workbook(statements: QuerySet[SupplierStatement]) -> BytesIO:
    """One row per count of accepted goods and per claim deducted, and the sum due."""
    chosen = list(statements.select_related("supplier").order_by("statement_no"))
    due_fen = sum(statement.due_fen for statement in chosen)
    return workbook(
        Table(
            title=_("Supplier statements"),
            headings=[
                (_("statement no."), 20),
                (_("supplier"), 24),
                (_("day"), 12),
                (_("purchase order"), 22),
                (_("SKU"), 10),
                (_("name and spec"), 32),
                (_("pieces"), 8),
                (_("cost per piece (¥)"), 12),
                (_("amount (¥)"), 14),
            ],
            rows=[row for statement in chosen for row in _statement_rows(statement)],
            sums=[_("due"), *[None] * 7, due_fen / FEN_PER_YUAN],
        )
    )


def supplier_claims_workbook(claims: QuerySet[SupplierClaim]) -> BytesIO:
    """One row per claim with what it is about and how it stands."""
    rows = [
        [
            str(claim.supplier),
            claim.purchase_line.purchase_order.po_no,
            claim.purchase_line.sku.code,
            claim.purchase_line.sku.name,
            str(claim.case.get_cause_display()),
            claim.qty,
            claim.amount_fen / FEN_PER_YUAN,
            str(claim.get_state_display()),
            f"{timezone.localtime(claim.raised_at):%Y-%m-%d %H:%M}",
            claim.supplier_note,
            claim.decision_note,
        ]
        for claim in claims.select_related(
            "supplier", "case", "purchase_line__sku", "purchase_line__purchase_order"
        ).order_by("raised_at", "pk")
    ]
    return workbook(
        Table(
            title=_("Supplier claims"),
            headings=[
                (_("supplier"), 24),
                (_("purchase order"), 22),
                (_("SKU"), 10),
                (_("name and spec"), 32),
                (_("cause"), 14),
                (_("pieces"), 8),
                (_("amount (¥)"), 14),
                (_("state"), 12),
                (_("raised at"), 18),
                (_("supplier's note"), 30),
                (_("decision"), 30),
            ],
            rows=rows,
        )
    )


def _statement_rows(statement: SupplierStatement) -> Iterator[list[Any]]:
    days = Days(from_on=statement.from_on, until_on=statement.until_on)
    head = [statement.statement_no, str(statement.supplier)]
    lines = goods_lines(statement.supplier, days).select_related(
        "purchase_line__sku", "purchase_line__purchase_order"
    )
    for line in lines.order_by("counted_at", "pk"):
        bought = line.purchase_line
        yield [
            *head,
            f"{timezone.localtime(line.counted_at):%Y-%m-%d}",
            bought.purchase_order.po_no,
            bought.sku.code,
            bought.sku.name,
            line.accepted_qty,
            bought.unit_cost_fen / FEN_PER_YUAN,
            line.accepted_qty * bought.unit_cost_fen / FEN_PER_YUAN,
        ]
    claims = statement.claims.select_related("purchase_line__sku", "purchase_line__purchase_order")
    for claim in claims.order_by("raised_at", "pk"):
        bought = claim.purchase_line
        yield [
            *head,
            f"{timezone.localtime(claim.raised_at):%Y-%m-%d}",
            bought.purchase_order.po_no,
            bought.sku.code,
            bought.sku.name,
            -claim.qty,
            bought.unit_cost_fen / FEN_PER_YUAN,
            -claim.amount_fen / FEN_PER_YUAN,
        ]
