"""What a print has to draw: papers that changed, each with the revisions of its sheets."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Paper, PaperSheet
from fulfillment.papers.content import content_hash, sheet_scope, sheets_of
from fulfillment.papers.paper import Print, Stamp
from fulfillment.selectors.papers.jobs import PaperJob
from fulfillment.services.paper_files import paper_file_name
from leaders.models.accounts import User

PRINTED_BY = "团配"

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPrint:
    """One sheet of a file: what its code names, its revision, and its hash."""

    scope: str
    revision: int
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One paper to draw: its job, the hash of its content, its print and its sheets'.

    `row` is the row that lost its file, whose file alone is drawn again.
    """

    job: PaperJob
    content_hash: str
    printing: Print
    sheets: tuple[SheetPrint, ...]
    row: Paper | None = None

    @property
    def file(self) -> str:
        """The name of its file."""
        if self.row is not None:
            return self.row.file
        return paper_file_name(self.job.document, self.job.scope, self.printing.revision)

    def print_of(self, stamp: Stamp) -> Print:
        """The print of one of its sheets."""
        scope = sheet_scope(stamp)
        revision = next(sheet.revision for sheet in self.sheets if sheet.scope == scope)
        return replace(self.printing, revision=revision)


@dataclass(frozen=True, slots=True)
class Printed:
    """What of a run is printed: the newest row of every paper and of every sheet."""

    papers: Mapping[Key, Paper]
    sheets: Mapping[Key, PaperSheet]


def printed_newest(run: CutoffRun) -> Printed:
    """Read what of a run is printed."""
    papers = Paper.objects.filter(run=run).order_by("revision").select_related("printed_by")
    sheets = PaperSheet.objects.filter(paper__run=run).order_by("pk").select_related("paper")
    return Printed(
        {(row.document, row.scope): row for row in papers},
        {(row.paper.document, row.scope): row for row in sheets},
    )


def drafts_of(
    folder: Path, jobs: Iterable[PaperJob], printed: Printed, first: Print
) -> list[Draft]:
    """What is to be drawn: papers that changed, and papers whose file is gone."""
    drafts = []
    for job in jobs:
        sheets = tuple(_sheet_prints(job, printed))
        wanted = content_hash(
            (settings.LANGUAGE_CODE, tuple(sheet.content_hash for sheet in sheets))
        )
        row = printed.papers.get((job.document, job.scope))
        if row is None or row.content_hash != wanted:
            printing, lost = replace(first, revision=row.revision + 1 if row else 1), None
        elif not (folder / row.file).is_file():
            printing, lost = _print_of(row), row
        else:
            continue
        drafts.append(
            Draft(
                job=job,
                content_hash=wanted,
                printing=printing,
                sheets=sheets,
                row=lost,
            )
        )
    return drafts


def _sheet_prints(job: PaperJob, printed: Printed) -> Iterator[SheetPrint]:
    """The sheets of a file: the same revision for what is the same, the next for the rest."""
    for sheet in sheets_of(job.content):
        scope, wanted = sheet_scope(sheet.stamp), content_hash((settings.LANGUAGE_CODE, sheet))
        row = printed.sheets.get((job.document, scope))
        revision = 1 if row is None else row.revision + (row.content_hash != wanted)
        yield SheetPrint(scope=scope, revision=revision, content_hash=wanted)


def _print_of(row: Paper) -> Print:
    return Print(
        revision=row.revision,
        printed_at=timezone.localtime(row.printed_at),
        printed_by=printer_name(row.printed_by),
    )


def printer_name(actor: User | None) -> str:
    """Who prints, as it stands on the paper."""
    return PRINTED_BY if actor is None else str(actor)
