"""The papers of a run: what changed is drawn into files, then stored as rows.

A paper whose content is the same as in its newest revision stays as it is,
file and row. Any other is drawn as the next revision, which says what it
replaces; the old row and file stay. The files are written first, each under a
name that document, scope and revision decide, and the rows come last,
together: a print that was killed leaves no row and is simply done again.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation

from fulfillment.errors import PapersDoNotAddUp
from fulfillment.integrations.paper_rendering import FileFigures, FileJob
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Document, Paper
from fulfillment.papers.content import content_hash, printed_as
from fulfillment.papers.paper import Print
from fulfillment.selectors.papers.day import PaperDay, paper_day
from fulfillment.selectors.papers.jobs import PaperJob, paper_jobs
from fulfillment.selectors.papers.stamping import Stamper
from fulfillment.services.paper_files import (
    FILES_OF_SMALL_PRINT,
    LINES_OF_SMALL_DAY,
    OnProgress,
    paper_file_name,
    paper_files_write,
    paper_folder,
)
from leaders.domain.crashpoints import crashpoint
from leaders.models.accounts import User

PRINTED_BY = "团配"
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

Figures = Mapping[str, int | str]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """One paper to draw: its job, the hash of its content, and under which print.

    `row` is the row that lost its file, whose file alone is drawn again.
    """

    job: PaperJob
    content_hash: str
    printing: Print
    row: Paper | None = None

    @property
    def file(self) -> str:
        """The name of its file."""
        if self.row is not None:
            return self.row.file
        return paper_file_name(self.job.document, self.job.scope, self.printing.revision)


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
        If a kind of paper that shows all pieces would show others than are
        allocated; nothing is stored then.

    Notes
    -----
    One process at a time prints a run; another waits for it and then finds
    nothing to do. Drawing takes its time: inside a transaction that holds
    rows, call this from `transaction.on_commit`.
    """
    first = Print(revision=1, printed_at=timezone.localtime(now), printed_by=_name(actor))
    with _printing(run), translation.override(settings.LANGUAGE_CODE):
        day = paper_day(run.pk)
        jobs = [
            job
            for job in paper_jobs(day, _stamper(day, first), documents)
            if scopes is None or job.scope in scopes
        ]
        newest = _newest(run)
        drafts = _drafts(paper_folder(day.run.campaign.code), jobs, newest, first)
        drawn = list(zip(drafts, _draw(day, drafts, on_progress), strict=True))
        if scopes is None and day.waves:
            _require_whole(day, _pieces(jobs, newest, drawn), documents)
        crashpoint("papers_refresh.drawn")
        _store(run, drawn, first, actor)
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
    wave = day.waves[0].code.rpartition("-")[2] if day.waves else ""
    return Stamper(
        delivery_on=day.run.campaign.delivery_date,
        wave=wave,
        revision=first.revision,
        printed_at=first.printed_at,
        printed_by=first.printed_by,
    )


def _name(actor: User | None) -> str:
    return PRINTED_BY if actor is None else str(actor)


def _newest(run: CutoffRun) -> dict[Key, Paper]:
    """The newest row of every paper of the run."""
    rows = Paper.objects.filter(run=run).order_by("revision").select_related("printed_by")
    return {(row.document, row.scope): row for row in rows}


def _drafts(
    folder: Path, jobs: Iterable[PaperJob], newest: Mapping[Key, Paper], first: Print
) -> list[_Draft]:
    """What is to be drawn: papers that changed, and papers whose file is gone."""
    drafts = []
    for job in jobs:
        printed = content_hash((settings.LANGUAGE_CODE, job.content))
        row = newest.get((job.document, job.scope))
        if row is None:
            drafts.append(_Draft(job=job, content_hash=printed, printing=first))
        elif row.content_hash != printed:
            again = replace(first, revision=row.revision + 1)
            drafts.append(_Draft(job=job, content_hash=printed, printing=again))
        elif not (folder / row.file).is_file():
            drafts.append(_Draft(job=job, content_hash=printed, printing=_print_of(row), row=row))
    return drafts


def _print_of(row: Paper) -> Print:
    return Print(
        revision=row.revision,
        printed_at=timezone.localtime(row.printed_at),
        printed_by=_name(row.printed_by),
    )


def _draw(day: PaperDay, drafts: Sequence[_Draft], on_progress: OnProgress) -> list[FileFigures]:
    folder = paper_folder(day.run.campaign.code)
    files = [
        FileJob(
            path=folder / draft.file,
            render=draft.job.render,
            content=printed_as(draft.job.content, draft.printing),
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
    newest: Mapping[Key, Paper],
    drawn: Iterable[tuple[_Draft, FileFigures]],
) -> Counter[str]:
    """Pieces by kind of paper, of papers drawn now and papers kept."""
    pieces = {(draft.job.document, draft.job.scope): done.pieces for draft, done in drawn}
    summed: Counter[str] = Counter()
    for job in jobs:
        key = (job.document, job.scope)
        summed[job.document] += pieces[key] if key in pieces else newest[key].pieces
    return summed


@transaction.atomic
def _store(
    run: CutoffRun, drawn: Iterable[tuple[_Draft, FileFigures]], first: Print, actor: User | None
) -> None:
    Paper.objects.bulk_create(
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
        for draft, done in drawn
        if draft.row is None
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
