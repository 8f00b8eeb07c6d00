"""Writes what a day came to: a summary, tables and papers, for people and for programs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from fulfillment.integrations.result_files import document_write, file_copy, table_write
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Paper
from fulfillment.selectors.day_results import (
    ALLOCATION_COLUMNS,
    PAPER_COLUMNS,
    PURCHASE_ORDER_COLUMNS,
    ROUTE_COLUMNS,
    WARNING_COLUMNS,
    allocation_rows,
    day_figures,
    paper_rows,
    purchase_order_rows,
    route_rows,
    step_seconds,
    warning_rows,
)

SUMMARY_FILE = "summary.json"
PAPERS_DIRECTORY = "papers"
# What the machine took, not what the day came to: the same day played twice
# differs in these and in nothing else.
MEASURED = ("peak_memory_mb", "seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMeasures:
    """What only the caller knows: leaders in the bundle, and what the work took.

    `import_s` is None when the day had been imported by an earlier call.
    """

    leaders: int
    import_s: float | None
    peak_memory_mb: int


def day_export(*, run: CutoffRun, directory: Path, measures: DayMeasures) -> Mapping[str, object]:
    """Write the results of a run into `directory` and return the summary.

    Every file appears whole or not at all, the summary last: where there is a
    summary, the rest is complete. A summary of the same figures is left as it
    is, so that playing a finished day again changes nothing.
    """
    table_write(directory / "purchase_orders.csv", PURCHASE_ORDER_COLUMNS, purchase_order_rows(run))
    table_write(directory / "allocations.csv", ALLOCATION_COLUMNS, allocation_rows(run))
    table_write(directory / "routes.csv", ROUTE_COLUMNS, route_rows(run))
    table_write(directory / "warnings.csv", WARNING_COLUMNS, warning_rows(run))
    table_write(directory / "papers.csv", PAPER_COLUMNS, paper_rows(run))
    _papers_copy(run, directory / PAPERS_DIRECTORY)
    return _summary_write(run, directory / SUMMARY_FILE, measures)


def _papers_copy(run: CutoffRun, directory: Path) -> None:
    made = settings.PAPERS_ROOT / run.campaign.code
    for file in Paper.objects.filter(run=run).values_list("file", flat=True):
        file_copy(made / file, directory / file)


def _summary_write(run: CutoffRun, path: Path, measures: DayMeasures) -> Mapping[str, object]:
    figures = dict(day_figures(run))
    seconds = step_seconds(run)
    if measures.import_s is not None:
        seconds = {"import": round(measures.import_s, 3), **seconds}
    summary: dict[str, object] = {
        "campaign": figures.pop("campaign"),
        "leaders": measures.leaders,
        **figures,
        "peak_memory_mb": measures.peak_memory_mb,
        "seconds": seconds,
    }
    earlier = _earlier_summary(path)
    if _without_measures(earlier) == _without_measures(summary):
        return earlier
    document_write(path, summary)
    return summary


def _earlier_summary(path: Path) -> Mapping[str, object]:
    try:
        summary = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return summary if isinstance(summary, dict) else {}


def _without_measures(summary: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in summary.items() if name not in MEASURED}
