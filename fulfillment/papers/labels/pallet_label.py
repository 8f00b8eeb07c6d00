"""D6 pallet label: what lies here, how much of it is good, and which routes want it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from fulfillment.domain.label_codes import LabelCode
from fulfillment.papers.labels.sheet import LabelSheet, Row, draw_label
from fulfillment.papers.labels.sizes import Printing
from fulfillment.papers.labels.tote_label import storage_mark
from fulfillment.papers.paper import RenderedPaper
from orders.domain.storage import StorageClass

SPLIT_LINES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PalletLabel:
    """One count at the dock.

    Attributes
    ----------
    accepted_qty
        Pieces of this count that are kept.
    splits
        Route and pieces of the whole SKU; empty until routes are planned.
    """

    code: LabelCode
    sku_code: str
    sku_name: str
    unit: str
    storage: StorageClass
    accepted_qty: int
    splits: tuple[tuple[str, int], ...]
    batch_no: str
    supplier_name: str
    expires_on: date | None
    received_on: date


def render_pallet_labels(
    title: str, labels: Sequence[PalletLabel], printing: Printing
) -> RenderedPaper:
    """Draw the labels in the given order into one file."""
    sheet = LabelSheet(title, printing)
    for label in labels:
        draw_label(
            sheet,
            str(label.accepted_qty),
            _rows(label),
            label.code,
            unit=label.unit,
            mark=storage_mark(label.storage),
        )
    return RenderedPaper(
        pdf=sheet.finish(),
        pages=sheet.pages,
        lines=sheet.labels,
        pieces=sum(label.accepted_qty for label in labels),
    )


def _rows(label: PalletLabel) -> tuple[Row, ...]:
    batch = _("Batch %(batch)s") % {"batch": label.batch_no} if label.batch_no else ""
    expiry = (
        _("best before %(day)s") % {"day": f"{label.expires_on:%Y-%m-%d}"}
        if label.expires_on
        else ""
    )
    origin = f"{label.supplier_name}  {label.received_on:%m-%d}"
    return (
        Row(label.sku_name, strong=True, lines=3),
        Row(
            "" if label.splits else _("no routes yet"),
            parts=tuple(f"{route} {qty}" for route, qty in label.splits),
            lines=SPLIT_LINES,
        ),
        Row(label.sku_code, key="pallet.sku"),
        Row(batch, key="pallet.batch"),
        Row(expiry, key="pallet.expiry"),
        Row(origin, lines=2, key="pallet.origin"),
    )
