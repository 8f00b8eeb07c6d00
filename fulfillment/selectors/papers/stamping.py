"""The identity of the papers of one print: numbers, codes and times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings

from fulfillment.papers.numbering import (
    Document,
    batch_code,
    document_code,
    document_number,
)
from fulfillment.papers.paper import Freeze, Stamp
from fulfillment.papers.template import SHIPPED, PaperTemplate
from orders.domain.control_code import control_code

# What each paper is made from, and whose phone opens its code: staff scan a
# short address inside the platform, leaders and drivers need a link.
FREEZES = {
    Document.PURCHASE_ORDER: Freeze.DEMAND,
    Document.RECEIVING_SHEET: Freeze.DEMAND,
    Document.MASTER_LIST: Freeze.ALLOCATION,
    Document.SOW_CARDS: Freeze.ALLOCATION,
    Document.CHECK_LIST: Freeze.ALLOCATION,
    Document.LOAD_SHEET: Freeze.ROUTE_PLAN,
    Document.ROUTE_SHEET: Freeze.ROUTE_PLAN,
    Document.DELIVERY_NOTE: Freeze.ROUTE_PLAN,
    Document.HAND_OUT_LIST: Freeze.ALLOCATION,
    Document.EXCEPTION_SHEET: Freeze.TOTES,
    Document.DAY_CLOSE: Freeze.TOTES,
    Document.SHOPPING_LIST: Freeze.DEMAND,
    Document.LABELS: Freeze.TOTES,
}
LINKED = {Document.ROUTE_SHEET, Document.DELIVERY_NOTE, Document.HAND_OUT_LIST}
CODE_PATH = "/c/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamper:
    """Stamps papers of one run and revision; `printed_at` is local time."""

    delivery_on: date
    wave: str
    revision: int
    printed_at: datetime
    printed_by: str
    templates: Mapping[Document, PaperTemplate] = field(default_factory=dict)

    @property
    def batch(self) -> str:
        """Day and wave, for instance `0310A`."""
        return batch_code(self.delivery_on, self.wave)

    def stamp(
        self,
        document: Document,
        scope: str,
        quantities: Iterable[tuple[str, int]],
        *,
        freeze: Freeze | None = None,
    ) -> Stamp:
        """The stamp of one paper over its (line, pieces) pairs.

        `freeze` is given where the paper was made from later figures than
        papers of its kind are at first.
        """
        code = document_code(document, self.batch, scope, self.revision)
        if document in LINKED:
            code = f"{settings.SITE_URL.rstrip('/')}{CODE_PATH}{code}"
        return Stamp(
            number=document_number(document, self.batch, scope, self.revision),
            revision=self.revision,
            freeze=freeze or FREEZES[document],
            control_code=control_code(quantities),
            code=code,
            printed_at=self.printed_at,
            printed_by=self.printed_by,
            template=self.template(document),
        )

    def template(self, document: Document) -> PaperTemplate:
        """What the operator changed on this kind of paper."""
        return self.templates.get(document, SHIPPED)
