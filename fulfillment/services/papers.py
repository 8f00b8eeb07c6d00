"""The papers of a run: drawn into files first, then stored as rows.

The files are written outside any transaction, each under a name that its
document and scope decide, so a killed print is simply done again: the same
rows give the same files under the same names. The rows come last, together.
"""

import hashlib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation

from fulfillment.errors import PapersDoNotAddUp
from fulfillment.integrations.paper_rendering import (
    FileFigures,
    FileJob,
    Workshop,
    files_render,
    folder_settle,
)
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Document, Paper
from fulfillment.selectors.papers.day import PaperDay, paper_day
from fulfillment.selectors.papers.jobs import PaperJob, paper_jobs
from fulfillment.selectors.papers.stamping import Stamper

PRINTED_BY = "团配"
FIRST_REVISION = 1
# More than two processes gain little: the files are then ready before the
# printer is.
PROCESSES_MAX = 2
# A small day is drawn before two fresh processes have loaded their fonts.
LINES_OF_SMALL_DAY = 1000
# Papers that each show the whole allocation, whatever they are split by.
WHOLE_ALLOCATION = (
    Document.MASTER_LIST,
    Document.SOW_CARDS,
    Document.CHECK_LIST,
    Document.DELIVERY_NOTE,
    Document.HAND_OUT_LIST,
)
SAFE_NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")

Figures = Mapping[str, int | str]


def papers_print(
    *, run: CutoffRun, now: datetime, on_progress: Callable[[int, int], None]
) -> Callable[[], Figures]:
    """Draw every paper of a run into files; return what stores their rows.

    Papers whose rows are already there are left alone. Storing twice, or
    after another process did, adds nothing. Raises `PapersDoNotAddUp` when
    the pieces printed are not the pieces allocated: such papers get no rows.
    """
    known = set(
        Paper.objects.filter(run=run, revision=FIRST_REVISION).values_list("document", "scope")
    )
    with translation.override(settings.LANGUAGE_CODE):
        day = paper_day(run.pk)
        jobs = paper_jobs(day, _stamper(day, now))
    wanted = [job for job in jobs if (job.document, job.scope) not in known]
    figures = _files_write(day, wanted, on_progress)
    if not known:
        _require_whole(day, wanted, figures)
    papers = [_row(run, job, figures[index], now) for index, job in enumerate(wanted)]
    return partial(_papers_store, run, papers)


def paper_folder(campaign_code: str) -> Path:
    """Where the files of a campaign's papers lie."""
    return Path(settings.PAPERS_ROOT) / campaign_code


def paper_file_name(document: str, scope: str, revision: int) -> str:
    """The name of a paper's file; scopes no file system should see become a hash."""
    plain = scope
    if not SAFE_NAME.fullmatch(scope):
        plain = hashlib.sha256(scope.encode()).hexdigest()[:16]
    return f"{document}-{plain}-r{revision}.pdf"


def _stamper(day: PaperDay, now: datetime) -> Stamper:
    wave = day.waves[0].code.rpartition("-")[2] if day.waves else ""
    return Stamper(
        delivery_on=day.run.campaign.delivery_date,
        wave=wave,
        revision=FIRST_REVISION,
        printed_at=timezone.localtime(now),
        printed_by=PRINTED_BY,
    )


def _files_write(
    day: PaperDay, jobs: Sequence[PaperJob], on_progress: Callable[[int, int], None]
) -> dict[int, FileFigures]:
    folder = paper_folder(day.run.campaign.code)
    folder.mkdir(parents=True, exist_ok=True)
    files = [
        FileJob(
            path=folder / paper_file_name(job.document, job.scope, FIRST_REVISION),
            render=job.render,
            content=job.content,
        )
        for job in jobs
    ]
    is_small = len(day.lines) < LINES_OF_SMALL_DAY
    workshop = Workshop(
        fonts_dir=Path(settings.FONTS_DIR),
        language=settings.LANGUAGE_CODE,
        processes=1 if is_small else min(PROCESSES_MAX, os.cpu_count() or 1),
    )
    figures: dict[int, FileFigures] = {}
    on_progress(0, len(files))
    for index, done in files_render(files, workshop):
        figures[index] = done
        on_progress(len(figures), len(files))
    folder_settle(folder)
    return figures


def _require_whole(
    day: PaperDay, jobs: Sequence[PaperJob], figures: Mapping[int, FileFigures]
) -> None:
    """Compare what the files print with the allocation, document by document."""
    allocated = sum(line.allocated_qty for line in day.lines)
    for document in WHOLE_ALLOCATION:
        printed = sum(
            figures[index].pieces for index, job in enumerate(jobs) if job.document == document
        )
        if printed != allocated:
            raise PapersDoNotAddUp(
                "A paper shows other pieces than are allocated.",
                document=str(document),
                printed=printed,
                allocated=allocated,
            )


def _row(run: CutoffRun, job: PaperJob, figures: FileFigures, now: datetime) -> Paper:
    return Paper(
        run=run,
        document=job.document,
        scope=job.scope,
        revision=FIRST_REVISION,
        file=paper_file_name(job.document, job.scope, FIRST_REVISION),
        pages=figures.pages,
        lines=figures.lines,
        pieces=figures.pieces,
        control_code=job.control_code,
        printed_at=now,
    )


def _papers_store(run: CutoffRun, papers: Sequence[Paper]) -> Figures:
    Paper.objects.bulk_create(papers, ignore_conflicts=True)
    rows = list(Paper.objects.filter(run=run).values_list("pages", "pieces"))
    return {
        "papers": len(rows),
        "pages": sum(pages for pages, _pieces in rows),
        "pieces": sum(pieces for _pages, pieces in rows),
    }
