"""Where a code scanned at the dock leads: an order, a line of one, or nowhere."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from fulfillment.domain.label_codes import Labelled, read_label_code
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderLine, PurchaseOrderState
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.papers.numbering import Document, read_code
from fulfillment.selectors.papers.purchasing import order_of_scope
from fulfillment.selectors.run_letters import letter_fits, run_letter
from orders.models.catalogue import Sku

# The part of a link that stands before a paper's code.
LINK_PATH = "/c/"
OF_ORDERS = (Document.PURCHASE_ORDER, Document.RECEIVING_SHEET)


class CodeMeaning(StrEnum):
    """What a code says at the dock."""

    ORDER = "order"
    LINE = "line"
    NOT_BOUGHT = "not_bought"
    OTHER_NIGHT = "other_night"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class DockCode:
    """What a scanned code means; the keys are there where it leads to a row."""

    meaning: CodeMeaning
    text: str
    order_id: int | None = None
    line_id: int | None = None
    sku: Sku | None = None


def dock_code(run: CutoffRun, text: str, *, order: PurchaseOrder | None = None) -> DockCode:
    """Read a purchase order's code or number, a SKU's code or a pallet label.

    A SKU that several orders bring leads to the order that is open, else to
    the first one.
    """
    code = unicodedata.normalize("NFKC", text).strip().rpartition(LINK_PATH)[2].upper()
    return (
        _paper(run, code) or _pallet(run, code) or _sku(run, code, order) or _number(run, code)
    ) or DockCode(meaning=CodeMeaning.UNKNOWN, text=code)


def _paper(run: CutoffRun, code: str) -> DockCode | None:
    parts = read_code(code)
    if parts is None or parts.document not in OF_ORDERS:
        return None
    day = run.campaign.delivery_date
    is_of_day = (parts.month, parts.day) == (day.month, day.day)
    if not is_of_day or not letter_fits(parts.wave, run_letter(run)):
        return DockCode(meaning=CodeMeaning.OTHER_NIGHT, text=code)
    order = order_of_scope(run, parts.scope)
    if order is None:
        return None
    return DockCode(meaning=CodeMeaning.ORDER, text=code, order_id=order.pk)


def _number(run: CutoffRun, code: str) -> DockCode | None:
    named = Q(po_no__iexact=code) | Q(supplier__code__iexact=code)
    order = PurchaseOrder.objects.filter(named, run=run).order_by("-pk").first()
    if order is None:
        return None
    return DockCode(meaning=CodeMeaning.ORDER, text=code, order_id=order.pk)


def _pallet(run: CutoffRun, code: str) -> DockCode | None:
    label = read_label_code(code)
    if label is None or label.labelled is not Labelled.PALLET:
        return None
    row = (
        GoodsReceiptLine.objects.filter(pk=label.number)
        .select_related("purchase_line__purchase_order")
        .first()
    )
    if row is None:
        return None
    if row.purchase_line.purchase_order.run_id != run.pk:
        return DockCode(meaning=CodeMeaning.OTHER_NIGHT, text=code)
    return _at(row.purchase_line, code)


def _sku(run: CutoffRun, code: str, order: PurchaseOrder | None) -> DockCode | None:
    sku = Sku.objects.filter(code__iexact=code).first()
    if sku is None:
        return None
    lines = (
        PurchaseOrderLine.objects.filter(purchase_order__run=run, sku=sku)
        .exclude(purchase_order__state=PurchaseOrderState.CANCELLED)
        .order_by("ended_as", "pk")
    )
    here = lines.filter(purchase_order=order).first() if order else None
    line = here or lines.first()
    if line is None:
        return DockCode(meaning=CodeMeaning.NOT_BOUGHT, text=code, sku=sku)
    return _at(line, code)


def _at(line: PurchaseOrderLine, code: str) -> DockCode:
    return DockCode(
        meaning=CodeMeaning.LINE, text=code, order_id=line.purchase_order_id, line_id=line.pk
    )
