"""D6 weigh label: what one portion weighs, and whether money goes back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fulfillment.domain.label_codes import LabelCode
from fulfillment.papers.figures import kilograms_exact
from fulfillment.papers.labels.sheet import LabelSheet, Row, draw_label
from fulfillment.papers.labels.sizes import Printing
from fulfillment.papers.paper import RenderedPaper


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighLabel:
    """One weighed portion.

    `has_refund` is None until every portion of the line is weighed: only the
    line is settled, never a portion. No amount is printed: it is between the
    resident and us.
    """

    code: LabelCode
    sku_name: str
    slot: str
    portion_no: int
    portions: int
    net_g: int
    sold_g: int
    has_refund: bool | None
    weighed_by: str


def render_weigh_labels(
    title: str, labels: Sequence[WeighLabel], printing: Printing
) -> RenderedPaper:
    """Draw the labels in the given order into one file."""
    sheet = LabelSheet(title, printing)
    for label in labels:
        draw_label(sheet, kilograms_exact(label.net_g), _rows(label), label.code, unit="kg")
    return RenderedPaper(
        pdf=sheet.finish(), pages=sheet.pages, lines=sheet.labels, pieces=len(labels)
    )


def refund_words(has_refund: bool | None) -> str:
    """Whether money goes back, in words."""
    if has_refund is None:
        return _("refund: after the last portion")
    return _("refund: yes") if has_refund else _("refund: no")


def _rows(label: WeighLabel) -> tuple[Row, ...]:
    slot = _("Slot %(slot)s") % {"slot": label.slot or "—"}
    portion = _("portion %(number)s") % {"number": f"{label.portion_no}/{label.portions}"}
    sold = _("sold as %(weight)s kg") % {"weight": kilograms_exact(label.sold_g)}
    return (
        Row(f"{slot}  {portion}", strong=True),
        Row(label.sku_name, lines=2),
        Row(sold, key="portion.sold"),
        Row(refund_words(label.has_refund), key="portion.refund"),
        Row(_("weighed by %(person)s") % {"person": label.weighed_by}, key="portion.weigher"),
    )
