"""Exceptions (异常): opened where they are found, decided before the day is closed."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from fulfillment.domain import exceptions as rules
from fulfillment.domain.lifecycle import EXCEPTION_CASE_LIFECYCLE
from fulfillment.errors import CaseDecided
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import (
    Bearer,
    Cause,
    ExceptionCase,
    ExceptionCaseState,
    Stage,
)
from fulfillment.models.handover import Handover, HandoverState
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.models.warehouse import Tote, ToteState
from fulfillment.services.day_guard import run_open_locked
from leaders.models.accounts import User
from leaders.services.photos import photo_file

FOLDER = "cases"
NOTE_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """What somebody found: pieces, where, why; `photo` holds the bytes as uploaded.

    The event id makes it happen once: the same find sent again is the same case.
    """

    stage: Stage
    cause: Cause
    qty: int
    sku_id: int | None = None
    drop_id: int | None = None
    tote_id: int | None = None
    purchase_line_id: int | None = None
    weight_g: int | None = None
    note: str = ""
    photo: bytes | None = None
    event_id: UUID | None = None


def case_open(*, run_id: int, draft: CaseDraft, actor: User | None, now: datetime) -> ExceptionCase:
    """Open a case with the bearer that the counts propose, or return the one of its event.

    Raises `DayClosed` after the day, and `PhotoRefused` for what is no photo.
    """
    photo = photo_file(draft.photo) if draft.photo else None
    with ExitStack() as undo, transaction.atomic():
        run = run_open_locked(run_id)
        if draft.event_id and (
            known := ExceptionCase.objects.filter(event_id=draft.event_id).first()
        ):
            return known
        name = ""
        if photo is not None:
            name = default_storage.save(f"{FOLDER}/{photo.name}", photo)
            # A picture without its row would lie there for good.
            undo.callback(default_storage.delete, name)
        case = ExceptionCase.objects.create(
            event_id=draft.event_id or uuid4(),
            run=run,
            stage=draft.stage,
            cause=draft.cause,
            sku_id=draft.sku_id,
            drop_id=draft.drop_id,
            tote_id=draft.tote_id,
            purchase_line_id=draft.purchase_line_id,
            qty=draft.qty,
            weight_g=draft.weight_g,
            note=draft.note,
            photo=name,
            proposed_bearer=_proposed(run, draft, now),
            found_at=now,
            found_by=actor,
        )
        undo.pop_all()
    return case


@transaction.atomic
def case_decide(
    *, case_id: int, bearer: Bearer, note: str, actor: User, now: datetime
) -> ExceptionCase:
    """Decide who bears a case.

    Raises `CaseDecided` if somebody was first, and `DayClosed` after the day.
    """
    case = ExceptionCase.objects.get(pk=case_id)
    run_open_locked(case.run_id)
    changed = ExceptionCase.objects.filter(
        pk=case_id,
        state__in=EXCEPTION_CASE_LIFECYCLE.sources_of(ExceptionCaseState.DECIDED),
    ).update(
        state=ExceptionCaseState.DECIDED,
        bearer=bearer,
        decision_note=note,
        decided_at=now,
        decided_by=actor,
    )
    if not changed:
        raise CaseDecided(_("This exception is decided already."), case_id=case_id)
    case.refresh_from_db()
    return case


@transaction.atomic
def cases_decide_as_proposed(
    *, run_id: int, stage: Stage, note: str, actor: User, now: datetime
) -> int:
    """Decide every open case of a stage as the counts propose; return how many.

    Raises `DayClosed` after the day.
    """
    run_open_locked(run_id)
    return ExceptionCase.objects.filter(
        run_id=run_id,
        stage=stage,
        state__in=EXCEPTION_CASE_LIFECYCLE.sources_of(ExceptionCaseState.DECIDED),
    ).update(
        state=ExceptionCaseState.DECIDED,
        bearer=F("proposed_bearer"),
        decision_note=note,
        decided_at=now,
        decided_by=actor,
    )


@transaction.atomic
def case_reopen(*, case_id: int, actor: User) -> ExceptionCase:
    """Take a decision back, so that it can be taken again; the case says whose it was.

    Raises `CaseDecided` once a claim on the supplier rests on it, and
    `DayClosed` after the day.
    """
    case = ExceptionCase.objects.get(pk=case_id)
    run_open_locked(case.run_id)
    if hasattr(case, "supplier_claim"):
        raise CaseDecided(
            _("The supplier has been asked for its money; this decision stays."), case_id=case_id
        )
    ExceptionCase.objects.filter(
        pk=case_id,
        state__in=EXCEPTION_CASE_LIFECYCLE.sources_of(ExceptionCaseState.OPEN),
    ).update(
        state=ExceptionCaseState.OPEN,
        bearer="",
        decision_note=_taken_back(case, actor),
        decided_at=None,
        decided_by=None,
    )
    case.refresh_from_db()
    return case


def _taken_back(case: ExceptionCase, actor: User) -> str:
    said = _("%(actor)s took back: %(bearer)s. %(note)s") % {
        "actor": actor.get_username(),
        "bearer": case.get_bearer_display(),
        "note": case.decision_note,
    }
    return said[:NOTE_LENGTH].strip()


def _proposed(run: CutoffRun, draft: CaseDraft, now: datetime) -> rules.Bearer:
    return rules.default_bearer(
        rules.Found(
            stage=rules.Stage(draft.stage),
            cause=rules.Cause(draft.cause),
            is_receipt_signed=_is_receipt_signed(run, draft),
            is_tote_sealed=_is_tote_sealed(draft),
            is_leader_counted=_is_leader_counted(draft, now),
        )
    )


def _is_receipt_signed(run: CutoffRun, draft: CaseDraft) -> bool:
    """Whether the goods had been counted when the dock was closed.

    What arrives after that is counted, and signed for, on its own.
    """
    if run.receiving_closed_at is None or draft.purchase_line_id is None:
        return False
    return GoodsReceiptLine.objects.filter(
        purchase_line_id=draft.purchase_line_id,
        void__isnull=True,
        counted_at__lte=run.receiving_closed_at,
    ).exists()


def _is_tote_sealed(draft: CaseDraft) -> bool:
    """Whether the tote, or every tote of the drop, was sealed once."""
    if draft.tote_id is not None:
        totes = Tote.objects.filter(pk=draft.tote_id)
    elif draft.drop_id is not None:
        totes = Tote.objects.filter(drop_id=draft.drop_id)
    else:
        return False
    sealed = totes.filter(events__to_state=ToteState.SEALED).distinct()
    return 0 < totes.count() == sealed.count()


def _is_leader_counted(draft: CaseDraft, now: datetime) -> bool:
    """Whether the leader had accepted the goods before this was found.

    The signature at the door is for totes; their pieces are accepted by a
    count, or when the claim window is over.
    """
    if draft.drop_id is None:
        return False
    return Handover.objects.filter(
        stop__drop_id=draft.drop_id, state=HandoverState.ACCEPTED, accepted_at__lt=now
    ).exists()
