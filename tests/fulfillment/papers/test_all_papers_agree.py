"""All papers of any wave agree with one another, with the rows, and with a scanner's eye."""

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from pytest_django import Settings

from benchmarks.papers.comparison import Report, papers_compare
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Document, Paper, PaperSheet
from fulfillment.papers.sow_cards import render_sow_cards
from fulfillment.services.paper_files import paper_folder
from fulfillment.services.papers import papers_refresh
from orders.models.catalogue import Sku
from tests.builders import SHANGHAI
from tests.factories.waves import RandomWave, wave_rows
from tests.fulfillment.papers.contents import sow_card, sow_drop
from tests.fulfillment.papers.days import routed_day
from tests.fulfillment.papers.waves import waves

NOW = datetime(2026, 3, 11, 5, 0, tzinfo=SHANGHAI)
WAVES = 200
WAVES_MADE_TWICE = 25
# With these the day's papers are all there are.
EVERY_DOCUMENT = set(Document) - {Document.SHOPPING_LIST, Document.LABELS}

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers_root(settings: Settings, tmp_path: Path) -> Path:
    settings.PAPERS_ROOT = tmp_path
    return tmp_path


def printed(run: CutoffRun, now: datetime = NOW) -> dict[str, bytes]:
    """Every file of a run, drawn at a moment."""
    papers_refresh(run=run, documents=EVERY_DOCUMENT, actor=None, now=now)
    folder = paper_folder(run.campaign.code)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def forgotten(run: CutoffRun) -> None:
    """As if nothing had been printed."""
    PaperSheet.objects.filter(paper__run=run).delete()
    Paper.objects.filter(run=run).delete()
    for path in paper_folder(run.campaign.code).iterdir():
        path.unlink()


def of_waves(examples: int) -> settings:
    """How many waves; each is rolled back, and the folder of papers is emptied by it."""
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.mark.slow
@pytest.mark.usefixtures("papers_root")
@of_waves(WAVES)
@given(wave=waves())
def test_what_is_printed_is_what_the_rows_say_and_every_code_decodes(wave: RandomWave) -> None:
    with transaction.atomic():
        run = wave_rows(wave)

        files = printed(run)

        report = compared(run)
        assert report.mismatches == []
        assert report.papers == len(files)
        forgotten(run)
        transaction.set_rollback(True)


@pytest.mark.usefixtures("papers_root")
@of_waves(WAVES_MADE_TWICE)
@given(wave=waves())
def test_the_same_wave_gives_the_same_bytes(wave: RandomWave) -> None:
    with transaction.atomic():
        run = wave_rows(wave)

        first = printed(run)
        forgotten(run)

        assert printed(run) == first
        transaction.set_rollback(True)


def compared(run: CutoffRun) -> Report:
    return papers_compare(run, paper_folder(run.campaign.code))


@pytest.fixture
def run(papers_root: Path) -> CutoffRun:
    """A printed day of 24 pieces."""
    run = routed_day()
    printed(run)
    return run


def test_the_comparison_reads_every_page_and_code(run: CutoffRun) -> None:
    report = compared(run)

    assert report.mismatches == []
    assert report.pages == sum(Paper.objects.values_list("pages", flat=True))
    assert report.codes >= PaperSheet.objects.count()


@pytest.mark.control
def test_a_piece_more_in_the_rows_is_found_on_every_paper_that_shows_it(run: CutoffRun) -> None:
    Allocation.objects.filter(order_line__order__source_no="O1", order_line__sku__code="K2").update(
        allocated_qty=3
    )

    found = compared(run).mismatches

    letters = {problem[0] for problem in found}
    assert letters == set("MSCDHLR")


@pytest.mark.control
def test_a_code_that_leads_elsewhere_is_found(run: CutoffRun) -> None:
    folder = paper_folder(run.campaign.code)
    other = render_sow_cards("other", (sow_card(sow_drop("1-01", 2)),))
    (folder / "sow_cards-C1-A-ambient-r1.pdf").write_bytes(other.pdf)

    found = " ".join(compared(run).mismatches)

    assert "QR" in found or "pieces" in found


@pytest.mark.control
def test_goods_nobody_printed_are_found(run: CutoffRun) -> None:
    Sku.objects.filter(code="K3").update(code="K4")

    found = " ".join(compared(run).mismatches)

    assert "K4" in found


def test_papers_made_twice_differ_by_their_print_time_alone(run: CutoffRun) -> None:
    first = printed(run)
    forgotten(run)

    again = printed(run)
    forgotten(run)
    later = printed(run, NOW.replace(minute=1))

    assert django_settings.LANGUAGE_CODE == "zh-hans"
    assert again == first
    assert later.keys() == first.keys()
    assert all(later[name] != first[name] for name in first)
    forgotten(run)
    assert printed(run) == first
