"""D6 tote label: where the box goes, whose it is, and that none is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from fulfillment.domain.label_codes import LabelCode
from fulfillment.papers.labels.sheet import LabelSheet, Row, draw_label
from fulfillment.papers.labels.sizes import Printing
from fulfillment.papers.paper import RenderedPaper
from orders.domain.storage import StorageClass


@dataclass(frozen=True, slots=True, kw_only=True)
class ToteLabel:
    """One sealed tote.

    `tote_no` of `totes` comes from the sealed rows, so that a label printed
    again says the same. `pieces` are those of the drop's totes of this
    storage class together: nobody counts a box again. A drop no route could
    take has `stop_seq` 0. A tote of a drop in parts may go with any of its
    trips; `also_on` names the others.
    """

    code: LabelCode
    slot: str
    leader_name: str
    stop_seq: int
    stops: int
    tote_no: int
    totes: int
    storage: StorageClass
    class_totes: int
    pieces: int
    delivery_on: date
    also_on: str = ""


def storage_mark(storage: StorageClass) -> str:
    """The temperature class as the shortest word."""
    marks = {
        StorageClass.AMBIENT: _("AMBIENT"),
        StorageClass.CHILL: _("CHILLED"),
        StorageClass.FROZEN: _("FROZEN"),
    }
    return marks[storage]


def render_tote_labels(
    title: str, labels: Sequence[ToteLabel], printing: Printing
) -> RenderedPaper:
    """Draw the labels in the given order into one file."""
    sheet = LabelSheet(title, printing)
    for label in labels:
        draw_label(sheet, label.slot, _rows(label), label.code, mark=storage_mark(label.storage))
    pieces = {(label.slot, label.storage): label.pieces for label in labels}
    return RenderedPaper(
        pdf=sheet.finish(), pages=sheet.pages, lines=sheet.labels, pieces=sum(pieces.values())
    )


def _rows(label: ToteLabel) -> tuple[Row, ...]:
    stop = (
        _("Stop %(stop)s") % {"stop": f"{label.stop_seq}/{label.stops}"}
        if label.stop_seq
        else _("not on a route")
    )
    count = _("%(pieces)d pieces in %(totes)d of them") % {
        "pieces": label.pieces,
        "totes": label.class_totes,
    }
    return (
        Row(
            _("Tote %(number)d of %(total)d") % {"number": label.tote_no, "total": label.totes},
            strong=True,
        ),
        Row(label.leader_name, strong=True, lines=2, key="tote.leader"),
        Row(f"{stop} {label.also_on}".strip() + f"  {label.delivery_on:%m-%d}", key="tote.stop"),
        Row(count, key="tote.pieces"),
    )
