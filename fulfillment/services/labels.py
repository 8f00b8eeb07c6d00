"""Labels drawn when somebody asks for them: small files, and none of them is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fulfillment.domain.label_codes import Labelled
from fulfillment.errors import LabelsTooMany
from fulfillment.integrations.paper_templates import templates_read
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.papers.labels.household_label import render_household_labels
from fulfillment.papers.labels.item_label import render_item_labels
from fulfillment.papers.labels.pallet_label import render_pallet_labels
from fulfillment.papers.labels.sizes import Printing
from fulfillment.papers.labels.tote_label import render_tote_labels
from fulfillment.papers.labels.weigh_label import render_weigh_labels
from fulfillment.papers.numbering import Document
from fulfillment.papers.paper import RenderedPaper
from fulfillment.papers.template import SHIPPED
from fulfillment.selectors.labels.choice import LabelChoice
from fulfillment.selectors.labels.door_labels import household_labels, item_labels
from fulfillment.selectors.labels.warehouse_labels import (
    pallet_labels,
    tote_labels,
    weigh_labels,
)
from fulfillment.services.paper_drawing import drawing

# A roll has 500 to 1,000; more in one file makes somebody wait at the printer.
LABELS_MOST = 2_000

Contents = Callable[[CutoffRun, LabelChoice], Sequence[Any]]
Render = Callable[[str, Sequence[Any], Printing], RenderedPaper]

_KINDS: Mapping[Labelled, tuple[Contents, Render]] = {
    Labelled.TOTE: (tote_labels, render_tote_labels),
    Labelled.PORTION: (weigh_labels, render_weigh_labels),
    Labelled.PALLET: (pallet_labels, render_pallet_labels),
    Labelled.HOUSEHOLD: (household_labels, render_household_labels),
    Labelled.ITEM: (item_labels, render_item_labels),
}


def labels_print(
    *, run: CutoffRun, choice: LabelChoice, printing: Printing
) -> RenderedPaper | None:
    """Draw the chosen labels in the language of the papers; None if there are none.

    Raises `LabelsTooMany` for more than `LABELS_MOST`.
    """
    contents, render = _KINDS[choice.kind]
    labels = contents(run, choice)
    if not labels:
        return None
    if len(labels) > LABELS_MOST:
        raise LabelsTooMany(
            _("That is %(count)d labels. Choose a route or a slot.") % {"count": len(labels)},
            most=LABELS_MOST,
        )
    title = f"{choice.kind.name.lower()} {run.campaign.code}"
    template = templates_read(settings.PAPER_TEMPLATES_DIR).get(Document.LABELS, SHIPPED)
    with drawing():
        return render(title, labels, replace(printing, hidden_lines=template.hidden_lines))
