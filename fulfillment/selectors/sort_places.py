"""Where a code that is scanned at the slots leads."""

import unicodedata
from dataclasses import dataclass

from fulfillment.domain.sorting import SLOT_TEXT, parse_slot
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.warehouse import Drop, SortTask
from fulfillment.papers.numbering import Document, read_code
from fulfillment.selectors.run_letters import letter_fits, run_letter

CARD, SLOT = "sort-card", "check-drop"
# A link on a paper ends in its code.
LINK_PATH = "/c/"


@dataclass(frozen=True, slots=True)
class SortPlace:
    """A card or a slot: the name of its page and the key of its row."""

    view: str
    pk: int


def place_of_code(run: CutoffRun, text: str) -> SortPlace | None:
    """Return the card or slot that a paper's code, a SKU code or a slot code names.

    Papers of another night name nothing here.
    """
    code = unicodedata.normalize("NFKC", text).strip().rpartition(LINK_PATH)[2].upper()
    parts = read_code(code)
    if parts is None:
        return _slot(run, code) if SLOT_TEXT.fullmatch(code) else _card(run, code)
    delivery_date = run.campaign.delivery_date
    if (parts.month, parts.day) != (delivery_date.month, delivery_date.day):
        return None
    if not letter_fits(parts.wave, run_letter(run)):
        return None
    if parts.document == Document.SOW_CARDS:
        return _card(run, parts.scope)
    return _slot(run, parts.scope) if parts.document == Document.CHECK_LIST else None


def _card(run: CutoffRun, sku_code: str) -> SortPlace | None:
    tasks = SortTask.objects.filter(wave__run=run, sku__code__iexact=sku_code)
    pk = tasks.values_list("pk", flat=True).first()
    return None if pk is None else SortPlace(CARD, pk)


def _slot(run: CutoffRun, slot: str) -> SortPlace | None:
    if not SLOT_TEXT.fullmatch(slot):
        return None
    drops = Drop.objects.filter(wave__run=run, slot_code=str(parse_slot(slot)))
    pk = drops.values_list("pk", flat=True).first()
    return None if pk is None else SortPlace(SLOT, pk)
