"""What the code on a printed sheet stands for today."""

from dataclasses import dataclass
from datetime import datetime

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop, Trip
from fulfillment.models.papers import Paper, PaperSheet
from fulfillment.models.warehouse import Drop, SortTask
from fulfillment.papers.numbering import CodeParts, Document
from fulfillment.selectors.driving import trips_visible
from fulfillment.selectors.papers.purchasing import order_of_scope
from fulfillment.selectors.run_letters import letter_fits, run_letters
from fulfillment.selectors.runs import runs_newest_first
from leaders.models.accounts import User

# Of one day of the year; more cities than this do not deliver on it.
RUNS_LOOKED_AT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The page where the work of a sheet is done: its URL name and the key of its row."""

    view: str
    pk: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """The sheet that replaced an older one: its revision, and the paper it lies in."""

    revision: int
    paper: Paper
    printed_at: datetime


def run_of_code(parts: CodeParts) -> CutoffRun | None:
    """The night a code belongs to.

    Several cities may deliver on one day: the letter of the code says which of
    their runs is meant. Where no letter fits it is the one that printed such a
    sheet, or the newest.
    """
    runs = runs_newest_first().filter(
        campaign__delivery_date__month=parts.month, campaign__delivery_date__day=parts.day
    )
    printed = runs.filter(papers__document=parts.document, papers__sheets__scope=parts.scope)
    found = list(printed.distinct()[:RUNS_LOOKED_AT]) or list(runs[:RUNS_LOOKED_AT])
    letters = run_letters(found)
    meant = (run for run in found if letter_fits(parts.wave, letters[run.pk]))
    return next(meant, found[0] if found else None)


def replacement_of(run: CutoffRun, parts: CodeParts) -> Replacement | None:
    """The sheet that replaced the one with this code; nothing while it is the newest."""
    sheets = (
        PaperSheet.objects.filter(paper__run=run, paper__document=parts.document, scope=parts.scope)
        .select_related("paper__run__campaign")
        .order_by("pk")
    )
    newest = sheets.last()
    if newest is None or newest.revision <= parts.revision:
        return None
    first = sheets.filter(revision=newest.revision).first() or newest
    return Replacement(
        revision=newest.revision, paper=newest.paper, printed_at=first.paper.printed_at
    )


def desk_of_code(run: CutoffRun, parts: CodeParts) -> Desk | None:
    """Where the work of a sheet is done; nothing where its row is not there."""
    if parts.document in DESKS_OF_THE_NIGHT:
        return Desk(view=DESKS_OF_THE_NIGHT[parts.document])
    pk = _row_of_code(run, parts)
    view = DESKS_OF_ROWS.get(parts.document)
    return Desk(view=view, pk=pk) if view and pk is not None else None


def driver_desk_of_code(run: CutoffRun, parts: CodeParts, user: User) -> Desk:
    """Where a driver goes on: the sheet's trip if it is theirs, else all their trips."""
    if parts.document in DRIVERS_SHEETS:
        pk = _row_of_code(run, parts)
        if pk is not None and trips_visible(user).filter(pk=pk).exists():
            return Desk(view="driver-trip", pk=pk)
    return Desk(view="driver-home")


DRIVERS_SHEETS = (Document.LOAD_SHEET, Document.ROUTE_SHEET, Document.DELIVERY_NOTE)
DESKS_OF_THE_NIGHT = {
    Document.MASTER_LIST: "sort-board",
    Document.HAND_OUT_LIST: "exceptions",
    Document.EXCEPTION_SHEET: "exceptions",
    Document.DAY_CLOSE: "day-close",
    Document.LABELS: "labels",
}
DESKS_OF_ROWS = {
    Document.PURCHASE_ORDER: "receiving-order",
    Document.RECEIVING_SHEET: "receiving-order",
    Document.SOW_CARDS: "sort-card",
    Document.CHECK_LIST: "check-drop",
    Document.LOAD_SHEET: "load-trip",
    Document.ROUTE_SHEET: "trip-return",
    Document.DELIVERY_NOTE: "trip-return",
}


def _row_of_code(run: CutoffRun, parts: CodeParts) -> int | None:
    """The key of the order, task, drop or trip a sheet is about."""
    if parts.document in (Document.PURCHASE_ORDER, Document.RECEIVING_SHEET):
        order = order_of_scope(run, parts.scope)
        return order.pk if order else None
    if parts.document == Document.SOW_CARDS:
        tasks = SortTask.objects.filter(wave__run=run, sku__code=parts.scope)
        return tasks.order_by("-pk").values_list("pk", flat=True).first()
    if parts.document == Document.CHECK_LIST:
        drops = Drop.objects.filter(wave__run=run, slot_code=parts.scope)
        return drops.values_list("pk", flat=True).first()
    if parts.document == Document.DELIVERY_NOTE:
        stops = Stop.objects.filter(drop__wave__run=run, drop__slot_code=parts.scope)
        return stops.order_by("part_no").values_list("trip_id", flat=True).first()
    trips = Trip.objects.filter(delivery_run__cutoff_run=run)
    return next((trip.pk for trip in trips if str(trip) == parts.scope), None)
