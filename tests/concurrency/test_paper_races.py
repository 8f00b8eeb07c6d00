"""Two processes print the same run: one paper each, whoever comes first."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from pytest_django import Settings

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Paper, PaperSheet
from fulfillment.models.warehouse import Drop
from fulfillment.services import papers
from fulfillment.services.paper_files import paper_folder
from fulfillment.services.papers import papers_refresh
from tests.builders import SHANGHAI
from tests.concurrency.race import Runner, errors, race, values
from tests.fulfillment.papers.days import routed_day

NOW = datetime(2026, 3, 11, 5, 0, tzinfo=SHANGHAI)
# Drawn, and not yet stored: the other process has time to draw the same.
SLOW = {"papers_refresh.drawn": 2.0}


@pytest.fixture
def run(settings: Settings, tmp_path: Path) -> CutoffRun:
    """A printed day of which seven papers have changed since."""
    settings.PAPERS_ROOT = tmp_path
    run = routed_day()
    papers_refresh(run=run, actor=None, now=NOW)
    Allocation.objects.filter(order_line__order__source_no="O1", order_line__sku__code="K2").update(
        allocated_qty=3
    )
    Drop.objects.filter(pickup_point__leader__code="L1").update(pieces=6)
    return run


@pytest.fixture(autouse=True)
def _given_back(run: CutoffRun) -> Iterator[None]:
    """Put the piece back, for the check of the books at the end."""
    yield
    Allocation.objects.filter(order_line__order__source_no="O1", order_line__sku__code="K2").update(
        allocated_qty=4
    )
    Drop.objects.filter(pickup_point__leader__code="L1").update(pieces=7)
    PaperSheet.objects.filter(paper__revision=2).delete()
    Paper.objects.filter(revision=2).delete()


@contextmanager
def nobody_waits(_run: CutoffRun) -> Iterator[None]:
    yield


def test_what_changed_is_drawn_once(run: CutoffRun) -> None:
    outcomes = race(
        lambda _runner: papers_refresh(run=run, actor=None, now=NOW)["drawn"],
        processes=2,
        sleep_at=SLOW,
    )

    assert errors(outcomes) == []
    assert sorted(values(outcomes)) == [0, 7]
    second = Paper.objects.filter(revision=2)
    assert second.count() == 7
    folder = paper_folder(run.campaign.code)
    assert all((folder / paper.file).is_file() for paper in second)
    assert not Paper.objects.filter(revision__gt=2).exists()


@pytest.mark.control
def test_without_waiting_one_of_them_fails(run: CutoffRun) -> None:
    def refresh(_runner: Runner) -> int:
        return papers_refresh(run=run, actor=None, now=NOW)["drawn"]

    outcomes = race(
        refresh,
        processes=2,
        sleep_at=SLOW,
        without=[patch.object(papers, "_printing", nobody_waits)],
    )

    # Whichever they meet at first: the file of a sheet, or its row.
    (error,) = errors(outcomes)
    assert type(error).__name__ in {"FileNotFoundError", "IntegrityError"}
