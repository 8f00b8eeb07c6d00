"""The leader's count by line: what differs becomes an exception, what is right is accepted."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid5

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.handover import (
    CAUSES,
    NOTE_LENGTH,
    OPEN_TO_DIFFERENCES,
    LineCount,
    LineResult,
    count_lines,
    differences,
)
from fulfillment.domain.lifecycle import HANDOVER_LIFECYCLE
from fulfillment.domain.lifecycle import HandoverState as Agreed
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop
from fulfillment.models.exceptions import Bearer, ExceptionCase, ExceptionCaseState, Stage
from fulfillment.models.exceptions import Cause as CaseCause
from fulfillment.models.handover import Handover, HandoverCount, HandoverState
from fulfillment.route_errors import ClaimWindowOver, HandoverNotPossible
from fulfillment.selectors.exceptions import skus_of
from fulfillment.selectors.handover import photos_of, received_lines
from fulfillment.selectors.trip_returns import stops_open
from fulfillment.services.day_guard import run_open_locked
from fulfillment.services.exceptions import CaseDraft, case_decide, case_open, case_reopen
from leaders.models.accounts import User
from leaders.services.photos import photo_file

FOLDER = "handovers"
# One case per handover, goods and cause, however often the leader counts.
_CASES = UUID("0a4b8f0e-3d0b-4f8e-8a55-5d1f6f1b7c42")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderCount:
    """What a leader sends: goods that differ, with a photo by SKU as uploaded.

    Goods that are not named are as delivered. The event id makes it happen
    once.
    """

    event_id: UUID
    lines: tuple[LineCount, ...] = ()
    photos: Mapping[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counting:
    """A handover being counted: whose, when, in which run, with the photos at hand."""

    handover: Handover
    run: CutoffRun
    photos: dict[tuple[int, str], str]
    actor: User
    now: datetime

    def photo(self, count: LineCount) -> str:
        """The name of the photo that belongs to a line."""
        return self.photos.get((count.sku_id, count.cause or ""), "")


def handover_count(
    *, handover_id: int, counts: LeaderCount, actor: User, now: datetime
) -> Handover:
    """Enter what a leader counted of a delivery; sent again it changes nothing.

    Without a difference the goods are accepted. Every difference is an
    exception, one for each SKU and cause; a later count moves its pieces, and
    those that turn up leave it with none.

    Raises
    ------
    HandoverNotPossible
        For goods that are not handed over yet, were accepted already, or are
        named as no count can be.
    ClaimWindowOver
        After the window, of all goods or of the cold ones.
    PhotoRefused
        For what is no photo.
    CaseDecided
        If the supplier has been asked for the money of a difference.
    DayClosed
        After the day.
    """
    photos = {sku_id: photo_file(data) for sku_id, data in counts.photos.items()}
    with ExitStack() as undo, transaction.atomic():
        handover = Handover.objects.select_related(
            "stop__drop__wave", "stop__trip__delivery_run"
        ).get(pk=handover_id)
        run = run_open_locked(handover.stop.trip.delivery_run.cutoff_run_id)
        handover.refresh_from_db(fields=["state", "claim_until", "confirmed_at", "note"])
        results = _results(handover, run, counts, now=now)
        if results is not None:
            counting = _Counting(
                handover=handover,
                run=run,
                photos=_photos_keep(handover, results, photos, undo),
                actor=actor,
                now=now,
            )
            _counts_write(counting, results, counts.event_id)
            _cases_follow(counting, results)
            _agree(counting, results)
        undo.pop_all()
    handover.refresh_from_db()
    return handover


def _results(
    handover: Handover, run: CutoffRun, counts: LeaderCount, *, now: datetime
) -> tuple[LineResult, ...] | None:
    """What the count says by the rules; None if it is entered already."""
    named = {line.sku_id for line in counts.lines}
    of_run = set(skus_of(run).filter(pk__in=named).values_list("pk", flat=True))
    lines = received_lines(handover, also=of_run)
    ids = [_line_id(counts.event_id, line.sku.pk) for line in lines]
    if HandoverCount.objects.filter(event_id__in=ids).exists():
        return None
    _require_open(handover, now)
    known = photos_of(handover.stop.drop)
    shown = [
        replace(
            line,
            has_photo=line.sku_id in counts.photos or (line.sku_id, line.cause or "") in known,
        )
        for line in counts.lines
    ]
    return count_lines([line.due for line in lines], shown, now=now)


def _require_open(handover: Handover, now: datetime) -> None:
    if handover.state == HandoverState.PENDING:
        raise HandoverNotPossible(
            _("Wait until the driver or the warehouse has entered this delivery.")
        )
    if handover.state not in OPEN_TO_DIFFERENCES:
        raise HandoverNotPossible(_("This delivery is settled already."), state=handover.state)
    if handover.claim_until is None or now >= handover.claim_until:
        raise ClaimWindowOver(_("The time to report differences is over."))
    if stops_open().filter(drop=handover.stop.drop).exists():
        raise HandoverNotPossible(_("The rest of these goods is still on its way."))


def _photos_keep(
    handover: Handover,
    results: Sequence[LineResult],
    photos: Mapping[int, "ContentFile[bytes]"],
    undo: ExitStack,
) -> dict[tuple[int, str], str]:
    """Store the new photos of differences; return all there are by SKU and cause."""
    kept = dict(photos_of(handover.stop.drop))
    for result in results:
        file = photos.get(result.count.sku_id)
        if file is not None and result.is_new and result.qty:
            name = default_storage.save(f"{FOLDER}/{file.name}", file)
            # A picture without its row would lie there for good.
            undo.callback(default_storage.delete, name)
            kept[result.count.sku_id, result.count.cause or ""] = name
    return kept


def _counts_write(counting: _Counting, results: Sequence[LineResult], event_id: UUID) -> None:
    HandoverCount.objects.bulk_create(
        HandoverCount(
            event_id=_line_id(event_id, result.count.sku_id),
            handover=counting.handover,
            sku_id=result.count.sku_id,
            expected_qty=result.expected,
            counted_qty=result.count.counted,
            cause=result.count.cause or "",
            note=result.count.note[:NOTE_LENGTH],
            photo=counting.photo(result.count) if result.qty else "",
            counted_at=counting.now,
            counted_by=counting.actor,
        )
        for result in results
        if result.is_new
    )


def _cases_follow(counting: _Counting, results: Sequence[LineResult]) -> None:
    """Let the cases of this handover say what the count says."""
    found = differences(results)
    for result in results:
        for cause in (*CAUSES, Cause.OVER):
            sku_id = result.count.sku_id
            event_id = uuid5(_CASES, f"{counting.handover.pk} {sku_id} {cause}")
            qty = found.get((sku_id, cause), 0)
            case = ExceptionCase.objects.filter(event_id=event_id).first()
            if case is None and qty:
                case = _case_open(counting, result, CaseCause(cause), event_id)
            elif case is not None and case.qty != qty:
                _case_change(counting, case, qty)
            if case is not None and qty and (photo := counting.photo(result.count)):
                ExceptionCase.objects.filter(pk=case.pk).update(photo=photo)


def _case_open(
    counting: _Counting, result: LineResult, cause: CaseCause, event_id: UUID
) -> ExceptionCase:
    draft = CaseDraft(
        stage=Stage.HANDOVER,
        cause=cause,
        qty=result.qty,
        sku_id=result.count.sku_id,
        drop_id=counting.handover.stop.drop_id,
        note=result.count.note[:NOTE_LENGTH],
        event_id=event_id,
    )
    return case_open(run_id=counting.run.pk, draft=draft, actor=counting.actor, now=counting.now)


def _case_change(counting: _Counting, case: ExceptionCase, qty: int) -> None:
    """Give a case other pieces: who bears them is decided anew, unless none are left."""
    if case.state == ExceptionCaseState.DECIDED:
        case_reopen(case_id=case.pk, actor=counting.actor)
    ExceptionCase.objects.filter(pk=case.pk).update(qty=qty)
    if not qty:
        case_decide(
            case_id=case.pk,
            bearer=Bearer(case.proposed_bearer),
            note=_("Counted again: as delivered."),
            actor=counting.actor,
            now=counting.now,
        )


def _agree(counting: _Counting, results: Sequence[LineResult]) -> None:
    """Accept or dispute what was handed over of the drop, all its parts alike."""
    pieces = sum(result.qty for result in results)
    state = Agreed.DISPUTED if pieces else Agreed.ACCEPTED
    words = _("The leader reports a difference of %(pieces)d pieces.") % {"pieces": pieces}
    stops = Stop.objects.filter(drop=counting.handover.stop.drop)
    for handover in Handover.objects.filter(stop__in=stops, state__in=OPEN_TO_DIFFERENCES):
        note = f"{handover.note} {words}".strip()[:NOTE_LENGTH] if pieces else handover.note
        Handover.objects.filter(
            pk=handover.pk, state__in=HANDOVER_LIFECYCLE.sources_of(state)
        ).update(state=state, accepted_at=None if pieces else counting.now, note=note)


def _line_id(event_id: UUID, sku_id: int) -> UUID:
    return uuid5(event_id, f"sku {sku_id}")
