"""The papers of a run: what changed is drawn into files, then stored as rows.

A paper whose content is the same as in its newest revision stays as it is,
file and row. Any other is drawn as the next revision; within it, the sheets
that changed say what they replace. The old row and file stay.

The files are written first, each under a name that document, scope and
revision decide, and the rows come last, together: a print that was killed
leaves no row and is simply done again.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation

from fulfillment.errors import PapersDoNotAddUp
from fulfillment.integrations.paper_rendering import FileFigures, FileJob
from fulfillment.integrations.paper_templates import templates_read
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Document, Paper, PaperSheet
from fulfillment.papers.content import printed_as
from fulfillment.papers.paper import Print
from fulfillment.selectors.paper_basis import (
    allocation_printed,
    basis_with_plans,
    papers_basis,
    plans_printed,
    runs_with_papers,
)
from fulfillment.selectors.papers.day import PaperDay, paper_day
from fulfillment.selectors.papers.jobs import PaperJob, paper_jobs
from fulfillment.selectors.papers.stamping import Stamper
from fulfillment.selectors.run_letters import run_letter
from fulfillment.services.paper_drafts import (
    Draft,
    Printed,
    drafts_of,
    printed_newest,
    printer_name,
)
from fulfillment.services.paper_files import (
    FILES_OF_SMALL_PRINT,
    LINES_OF_SMALL_DAY,
    OnProgress,
    paper_files_write,
    paper_folder,
)
from leaders.domain.crashpoints import crashpoint
from leaders.models.accounts import User

# The first number of the pair names what is locked, the second which run.
PRINT_LOCK = 14
# Papers that each show the whole allocation, whatever they are split by.
WHOLE_ALLOCATION = (
    Document.MASTER_LIST,
    Document.SOW_CARDS,
    Document.CHECK_LIST,
    Document.DELIVERY_NOTE,
    Document.HAND_OUT_LIST,
)
# Papers that show which way and when the goods go.
OF_THE_WAY = (Document.LOAD_SHEET, Document.ROUTE_SHEET, Document.DELIVERY_NOTE)

Figures = Mapping[str, int | str]


def _no_progress(_done: int, _total: int) -> None:
    """Show nothing."""


def papers_refresh(
    *,
    run: CutoffRun,
    documents: Collection[Document] | None = None,
    scopes: Collection[str] | None = None,
    actor: User | None,
    now: datetime,
    on_progress: OnProgress = _no_progress,
) -> Mapping[str, int]:
    """Draw what changed since it was last printed; return how many papers it was.

    Parameters
    ----------
    documents, scopes
        Only these kinds of paper, and only of these suppliers, waves, routes
        or leaders; all of them without.
    actor
        Who prints; named on the paper. Nobody: the platform by itself.

    Returns
    -------
    Mapping
        `papers` looked at, `drawn` as a new revision, `kept` as they were, and
        `pages` of the drawn ones.

    Raises
    ------
    PapersDoNotAddUp
        If papers that show all pieces show others than are allocated.

    Notes
    -----
    One process at a time prints a run; another waits, and then finds nothing to
    do. Inside a transaction that holds rows, use `transaction.on_commit`.
    """
    first = Print(revision=1, printed_at=timezone.localtime(now), printed_by=printer_name(actor))
    with _printing(run), translation.override(settings.LANGUAGE_CODE):
        basis = papers_basis(run)
        day = paper_day(run.pk)
        jobs = [
            job
            for job in paper_jobs(day, _stamper(day, first), documents)
            if scopes is None or job.scope in scopes
        ]
        printed = printed_newest(run)
        drafts = drafts_of(paper_folder(day.run.campaign.code), jobs, printed, first)
        drawn = list(zip(drafts, _draw(day, drafts, on_progress), strict=True))
        if scopes is None and day.waves:
            _require_whole(day, _pieces(jobs, printed, drawn), documents)
        crashpoint("papers_refresh.drawn")
        with transaction.atomic():
            _store(run, drawn, first, actor)
            if documents is None and scopes is None:
                CutoffRun.objects.filter(pk=run.pk).update(papers_basis=str(basis))
    return {
        "papers": len(jobs),
        "drawn": len(drawn),
        "kept": len(jobs) - len(drawn),
        "pages": sum(done.pages for _draft, done in drawn),
    }


def papers_print(
    *, run: CutoffRun, now: datetime, on_progress: OnProgress
) -> Callable[[], Figures]:
    """Print every paper of a run as a step of the night; return what sums it up.

    Raises `PapersDoNotAddUp` as `papers_refresh` does.
    """
    papers_refresh(run=run, actor=None, now=now, on_progress=on_progress)
    return partial(_sums, run)


def papers_keep_up(*, now: datetime) -> int:
    """Draw what changed of every night shared out or planned again; return how many papers.

    Only after the first print and before the day is closed. What was counted
    or sealed since waits for somebody to ask for it, so that papers are not
    replaced under working hands; of a new plan only the papers that show the
    way are drawn.
    """
    drawn = 0
    for run in runs_with_papers():
        if not allocation_printed(run):
            drawn += papers_refresh(run=run, actor=None, now=now)["drawn"]
        elif not plans_printed(run):
            drawn += _plans_refresh(run, now)
    return drawn


def _plans_refresh(run: CutoffRun, now: datetime) -> int:
    """Draw the papers that show the way; a plan accepted meanwhile is drawn the next time."""
    basis = basis_with_plans(run)
    drawn = papers_refresh(run=run, documents=OF_THE_WAY, actor=None, now=now)["drawn"]
    CutoffRun.objects.filter(pk=run.pk).update(papers_basis=basis)
    return drawn


@contextmanager
def _printing(run: CutoffRun) -> Iterator[None]:
    """Hold the printing of a run: until the block ends, or the transaction it is in.

    Rows that are not committed are not seen by the next process, so within a
    transaction the lock must live as long as it does.
    """
    if connection.in_atomic_block:
        _lock("SELECT pg_advisory_xact_lock(%s, %s)", run)
        yield
        return
    _lock("SELECT pg_advisory_lock(%s, %s)", run)
    try:
        yield
    finally:
        _lock("SELECT pg_advisory_unlock(%s, %s)", run)


def _lock(statement: str, run: CutoffRun) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [PRINT_LOCK, run.pk])


def _stamper(day: PaperDay, first: Print) -> Stamper:
    wave = day.waves[0].code.rpartition("-")[2] if day.waves else run_letter(day.run)
    return Stamper(
        delivery_on=day.run.campaign.delivery_date,
        wave=wave,
        revision=first.revision,
        printed_at=first.printed_at,
        printed_by=first.printed_by,
        templates=templates_read(settings.PAPER_TEMPLATES_DIR),
    )


def _draw(day: PaperDay, drafts: Sequence[Draft], on_progress: OnProgress) -> list[FileFigures]:
    folder = paper_folder(day.run.campaign.code)
    files = [
        FileJob(
            path=folder / draft.file,
            render=draft.job.render,
            content=printed_as(draft.job.content, draft.print_of),
        )
        for draft in drafts
    ]
    return paper_files_write(
        folder=folder,
        files=files,
        is_small=len(day.lines) < LINES_OF_SMALL_DAY or len(files) <= FILES_OF_SMALL_PRINT,
        on_progress=on_progress,
    )


def _require_whole(
    day: PaperDay, pieces: Counter[str], documents: Collection[Document] | None
) -> None:
    """Compare what the papers show with the allocation, document by document."""
    allocated = sum(line.allocated_qty for line in day.lines)
    for document in WHOLE_ALLOCATION:
        printed = pieces[document]
        if printed != allocated and (documents is None or document in documents):
            raise PapersDoNotAddUp(
                "A paper shows other pieces than are allocated.",
                document=str(document),
                printed=printed,
                allocated=allocated,
            )


def _pieces(
    jobs: Iterable[PaperJob],
    printed: Printed,
    drawn: Iterable[tuple[Draft, FileFigures]],
) -> Counter[str]:
    """Pieces by kind of paper, of papers drawn now and papers kept."""
    pieces = {(draft.job.document, draft.job.scope): done.pieces for draft, done in drawn}
    summed: Counter[str] = Counter()
    for job in jobs:
        key = (job.document, job.scope)
        summed[job.document] += pieces[key] if key in pieces else printed.papers[key].pieces
    return summed


def _store(
    run: CutoffRun, drawn: Iterable[tuple[Draft, FileFigures]], first: Print, actor: User | None
) -> None:
    new = [(draft, done) for draft, done in drawn if draft.row is None]
    papers = Paper.objects.bulk_create(
        Paper(
            run=run,
            document=draft.job.document,
            scope=draft.job.scope,
            revision=draft.printing.revision,
            file=draft.file,
            pages=done.pages,
            lines=done.lines,
            pieces=done.pieces,
            control_code=draft.job.control_code,
            content_hash=draft.content_hash,
            printed_at=first.printed_at,
            printed_by=actor,
        )
        for draft, done in new
    )
    PaperSheet.objects.bulk_create(
        PaperSheet(
            paper=paper,
            scope=sheet.scope,
            revision=sheet.revision,
            content_hash=sheet.content_hash,
        )
        for paper, (draft, _done) in zip(papers, new, strict=True)
        for sheet in draft.sheets
    )


def _sums(run: CutoffRun) -> Figures:
    """What the newest revisions of a run's papers hold."""
    rows = (
        Paper.objects.filter(run=run)
        .order_by("document", "scope", "-revision")
        .distinct("document", "scope")
        .values_list("pages", "pieces")
    )
    return {
        "papers": len(rows),
        "pages": sum(pages for pages, _pieces in rows),
        "pieces": sum(pieces for _pages, pieces in rows),
    }
