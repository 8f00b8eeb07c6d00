"""The end of a day: closed once, when every gap is explained and no count is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.domain.day_counts import Counted
from fulfillment.errors import DayNotExplained, DeclarationNotPossible
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.day_close import UnrecordedCount
from fulfillment.models.delivery import Trip
from fulfillment.models.exceptions import Stage
from fulfillment.models.papers import Document
from fulfillment.models.warehouse import Drop, SortTask
from fulfillment.selectors.day_close import day_counts
from fulfillment.services.day_guard import run_open_locked
from fulfillment.services.handover import handovers_accept_all
from fulfillment.services.leftovers import leftovers_keep
from fulfillment.services.papers import papers_refresh
from leaders.domain.crashpoints import crashpoint
from leaders.models.accounts import User

CLOSING_PAPERS = (Document.EXCEPTION_SHEET, Document.DAY_CLOSE)
REASON_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A count nobody made: at which stage, of which card, trip or drop, and why."""

    stage: Stage
    counted: Counted
    pk: int
    reason: str


@transaction.atomic
def day_close(*, run: CutoffRun, actor: User, now: datetime) -> CutoffRun:
    """Close the day of a run; from here on nothing of it changes.

    What is spare goes onto the shelf, and what leaders received counts as
    accepted. The exception sheet and the day close are printed once the day is
    closed and committed.

    Raises
    ------
    DayNotExplained
        With what is missing, unexplained and undecided, by number.
    DayClosed
        If somebody was first.
    """
    locked = run_open_locked(run.pk)
    crashpoint("day_close.locked")
    counts = day_counts(locked)
    if not counts.is_explained:
        raise DayNotExplained(
            _("The day is not explained yet. Look at what is listed."),
            missing=len(counts.missing),
            gaps=len(counts.chain.unexplained),
            undecided=len(counts.chain.undecided),
        )
    crashpoint("day_close.explained")
    leftovers_keep(run=locked, actor=actor, now=now)
    handovers_accept_all(run=locked, now=now)
    CutoffRun.objects.filter(pk=run.pk, day_closed_at__isnull=True).update(
        day_closed_at=now, day_closed_by=actor
    )
    # A printer that fails must not open the day again: the papers can be drawn later.
    transaction.on_commit(
        partial(closing_papers_print, run=locked, actor=actor, now=now), robust=True
    )
    locked.refresh_from_db()
    return locked


def closing_papers_print(*, run: CutoffRun, actor: User, now: datetime) -> Mapping[str, int]:
    """Print the exception sheet and the day close as they stand; return the figures.

    Before the day is closed they are paper to work with: the vehicles come
    back to the one, and the other says what is missing.
    """
    return papers_refresh(run=run, documents=CLOSING_PAPERS, actor=actor, now=now)


@transaction.atomic
def count_declare_unrecorded(
    *, run: CutoffRun, declaration: Declaration, actor: User, now: datetime
) -> UnrecordedCount:
    """Say that a count was never made and never will be; safe to repeat.

    Raises `DeclarationNotPossible` without a reason, or for a card, trip or
    drop of another day, and `DayClosed` after the day.
    """
    locked = run_open_locked(run.pk)
    reason = declaration.reason.strip()
    if not reason:
        raise DeclarationNotPossible(_("Say why there is no count."))
    if not _is_of_run(locked, declaration):
        raise DeclarationNotPossible(_("This is not of this day."))
    place = {f"{declaration.counted}_id": declaration.pk}
    known = UnrecordedCount.objects.filter(run=locked, stage=declaration.stage, **place).first()
    return known or UnrecordedCount.objects.create(
        run=locked,
        stage=declaration.stage,
        reason=reason[:REASON_LENGTH],
        declared_at=now,
        declared_by=actor,
        **place,
    )


@transaction.atomic
def counts_declare_unrecorded(
    *, run: CutoffRun, stage: Stage, reason: str, actor: User, now: datetime
) -> int:
    """Say that none of the missing counts of a stage was ever made; return how many.

    Raises as `count_declare_unrecorded` does.
    """
    locked = run_open_locked(run.pk)
    declarations = [
        Declaration(stage=stage, counted=missing.counted, pk=missing.pk, reason=reason)
        for missing in day_counts(locked).missing
        if missing.stage.value == stage.value
        and missing.counted is not None
        and missing.pk is not None
    ]
    for declaration in declarations:
        count_declare_unrecorded(run=locked, declaration=declaration, actor=actor, now=now)
    return len(declarations)


def _is_of_run(run: CutoffRun, declaration: Declaration) -> bool:
    """Whether what it names belongs to the run and is counted at that stage."""
    pk, counted = declaration.pk, declaration.counted
    if (declaration.stage == Stage.SORT) != (counted is Counted.CARD):
        return False
    if counted is Counted.CARD:
        return SortTask.objects.filter(pk=pk, wave__run=run).exists()
    if declaration.stage not in (Stage.LOAD, Stage.HANDOVER):
        return False
    if counted is Counted.TRIP:
        return Trip.objects.filter(pk=pk, delivery_run__cutoff_run=run).exists()
    return Drop.objects.filter(pk=pk, wave__run=run, stops__isnull=True).exists()
