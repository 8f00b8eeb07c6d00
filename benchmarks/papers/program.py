"""What the benchmark does in programs of their own: play a day, draw its papers, read them."""

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF

from django.conf import settings
from django.utils import timezone

from benchmarks.papers.comparison import papers_compare
from benchmarks.papers.town import grown
from fulfillment.domain.cutoff_run import Step
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Paper
from fulfillment.services.day_bundle import bundle_notes, bundle_open
from fulfillment.services.day_import import day_import
from fulfillment.services.delivery import PlanBudget
from fulfillment.services.paper_files import paper_folder
from fulfillment.services.papers import papers_refresh
from fulfillment.services.play_day import day_play

# The quickest engine: papers do not care how good the routes are.
BUDGET = PlanBudget(seconds=1, seed=1, engine="savings")
SAMPLE_S = 0.1
MISMATCHES_SHOWN = 40


def play() -> None:
    """Play a day up to its papers; arguments: data, leaders (0: as many as it has)."""
    data, leaders = Path(sys.argv[1]), int(sys.argv[2])
    bundle = bundle_open(data)
    if leaders:
        bundle = grown(bundle, leaders)
    run = day_import(bundle=bundle, notes=bundle_notes(bundle), now=timezone.now()).run
    day_play(run=run, bundle=bundle, budget=BUDGET, print_papers=False, on_progress=_silent)
    figures = {"leaders": len(bundle.leaders), "orders": len(bundle.orders)}
    _print(figures | {"lines": sum(len(order.lines) for order in bundle.orders)})


def draw() -> None:
    """Draw all papers of the day, and once more when nothing has changed; argument: folder."""
    run = _run(sys.argv[1])
    with _peak_memory() as peak:
        started, worked = time.perf_counter(), _cpu_seconds()
        papers_refresh(run=run, actor=None, now=timezone.now())
        seconds, cpu_seconds = time.perf_counter() - started, _cpu_seconds() - worked
    started = time.perf_counter()
    again = papers_refresh(run=run, actor=None, now=timezone.now())
    rows = list(Paper.objects.filter(run=run).values_list("pages", "lines"))
    _print(
        {
            "seconds": seconds,
            "cpu_seconds": cpu_seconds,
            "unchanged_seconds": time.perf_counter() - started,
            "drawn_again": again["drawn"],
            "papers": len(rows),
            "pages": sum(pages for pages, _lines in rows),
            "paper_lines": sum(lines for _pages, lines in rows),
            "megabytes": sum(f.stat().st_size for f in paper_folder(run.campaign.code).iterdir())
            / 1e6,
            "peak_memory_mb": peak[0],
        }
    )


def compare() -> None:
    """Compare the drawn papers with the rows; argument: folder."""
    run = _run(sys.argv[1])
    started = time.perf_counter()
    report = papers_compare(run, paper_folder(run.campaign.code))
    figures = asdict(report) | {"seconds": time.perf_counter() - started}
    figures["mismatches"] = len(report.mismatches)
    figures["first_mismatches"] = report.mismatches[:MISMATCHES_SHOWN]
    _print(figures)


def _run(folder: str) -> CutoffRun:
    settings.PAPERS_ROOT = Path(folder)
    settings.LANGUAGE_CODE = "zh-hans"
    return CutoffRun.objects.select_related("campaign").get()


def _silent(_step: Step, _done: int, _total: int) -> None:
    """Show no progress."""


def _print(figures: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(dict(figures)))


@contextmanager
def _peak_memory() -> Iterator[list[float]]:
    """The most memory this process and its children held together, in MB."""
    peak = [0.0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(SAMPLE_S):
            peak[0] = max(peak[0], sum(map(_resident_mb, _family(os.getpid()))))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def _cpu_seconds() -> float:
    """Seconds this process and its ended children have worked."""
    own, children = (resource.getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _resident_mb(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
