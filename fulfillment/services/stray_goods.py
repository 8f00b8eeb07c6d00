"""Goods on a truck that nobody ordered: noted, and given back or put aside."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fulfillment.domain.receiving import StrayOutcome
from fulfillment.errors import CountNotPossible
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Cause, ExceptionCase, Stage
from fulfillment.services.exceptions import NOTE_LENGTH, CaseDraft, case_open
from leaders.models.accounts import User

SEPARATOR = " · "
OUTCOME_WORDS = {
    StrayOutcome.RETURNED: _("Given back to the driver"),
    StrayOutcome.HELD: _("Put aside on the hold shelf"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayGoods:
    """Goods nobody ordered; `brought_by` names the supplier, `photo` holds bytes as uploaded."""

    description: str
    qty: int
    outcome: StrayOutcome
    brought_by: str = ""
    photo: bytes | None = None


def stray_goods_record(
    *, run: CutoffRun, goods: StrayGoods, event_id: UUID, actor: User, now: datetime
) -> ExceptionCase:
    """Open a case about goods nobody ordered, once per event; no figure of the night changes.

    Raises `CountNotPossible` for goods without a description or without a
    piece, `PhotoRefused` for what is no photo and `DayClosed` after the day.
    """
    if not goods.description.strip():
        raise CountNotPossible("Describe the goods that nobody ordered.")
    if goods.qty < 1:
        raise CountNotPossible("Say how many pieces nobody ordered.")
    parts = (goods.brought_by, goods.description.strip())
    room = NOTE_LENGTH - len(outcome := str(OUTCOME_WORDS[goods.outcome])) - len(SEPARATOR)
    note = SEPARATOR.join(part for part in parts if part)[:room] + SEPARATOR + outcome
    draft = CaseDraft(
        stage=Stage.RECEIVE,
        cause=Cause.WRONG,
        qty=goods.qty,
        note=note,
        photo=goods.photo,
        event_id=event_id,
    )
    return case_open(run_id=run.pk, draft=draft, actor=actor, now=now)
