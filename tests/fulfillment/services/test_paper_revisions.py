"""Papers drawn again: only what changed, as the next revision of the same paper."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from fulfillment.domain.cutoff_run import Step
from fulfillment.models.allocation import Allocation, AllocationCause, AllocationRun
from fulfillment.models.cutoff_run import CutoffRun, StepRecord, StepState
from fulfillment.models.papers import Document, Paper, PaperSheet
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.paper_basis import allocation_printed, papers_stale
from fulfillment.services.paper_files import paper_folder
from fulfillment.services.papers import papers_keep_up, papers_refresh
from leaders.models.accounts import Role
from tests.builders import SHANGHAI
from tests.factories.leaders import UserFactory
from tests.fulfillment.papers.days import routed_day
from tests.fulfillment.papers.reading import page_texts

NOW = datetime(2026, 3, 11, 5, 0, tzinfo=SHANGHAI)
LATER = NOW + timedelta(minutes=25)
PAPERS = 13

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def papers_root(settings: Settings, tmp_path: Path) -> None:
    settings.PAPERS_ROOT = tmp_path


@pytest.fixture
def run() -> CutoffRun:
    """A day that is printed once."""
    run = routed_day()
    papers_refresh(run=run, actor=None, now=NOW)
    return run


def moved_piece() -> None:
    """Give a piece of K2 of the first leader to nobody."""
    Allocation.objects.filter(order_line__order__source_no="O1", order_line__sku__code="K2").update(
        allocated_qty=3
    )
    Drop.objects.filter(pickup_point__leader__code="L1").update(pieces=6)


def text_of(run: CutoffRun, paper: Paper) -> str:
    return "".join(page_texts((paper_folder(run.campaign.code) / paper.file).read_bytes()))


def revisions(run: CutoffRun) -> dict[tuple[str, str], int]:
    papers = Paper.objects.filter(run=run).order_by("revision")
    return {(paper.document, paper.scope): paper.revision for paper in papers}


def test_the_same_content_is_the_same_paper(run: CutoffRun) -> None:
    rows = list(Paper.objects.order_by("pk").values())
    folder = paper_folder(run.campaign.code)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}

    figures = papers_refresh(run=run, actor=UserFactory.create(), now=LATER)

    assert figures == {"papers": PAPERS, "drawn": 0, "kept": PAPERS, "pages": 0}
    assert list(Paper.objects.order_by("pk").values()) == rows
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files


def test_what_changed_replaces_its_paper_and_the_rest_stays(run: CutoffRun) -> None:
    moved_piece()
    chief = UserFactory.create(role=Role.WAREHOUSE, first_name="赵主管")

    papers_refresh(run=run, actor=chief, now=LATER)

    assert {key for key, revision in revisions(run).items() if revision == 2} == {
        ("master_list", "C1-A"),
        ("sow_cards", "C1-A-ambient"),
        ("check_list", "R01"),
        ("load_sheet", "R01"),
        ("route_sheet", "R01"),
        ("delivery_note", "L1"),
        ("hand_out_list", "L1"),
    }
    note = Paper.objects.get(document=Document.DELIVERY_NOTE, scope="L1", revision=2)
    assert (note.file, note.printed_at, note.printed_by) == (
        "delivery_note-L1-r2.pdf",
        LATER,
        chief,
    )
    assert "D-0311A-1-01-r2" in text_of(run, note)
    assert "赵主管" in text_of(run, note)
    old = Paper.objects.get(document=Document.DELIVERY_NOTE, scope="L1", revision=1)
    assert "D-0311A-1-01-r1" in text_of(run, old)


def test_a_sheet_nobody_has_to_replace_keeps_its_number(run: CutoffRun) -> None:
    moved_piece()

    papers_refresh(run=run, actor=None, now=LATER)

    cards = Paper.objects.get(document=Document.SOW_CARDS, revision=2)
    assert dict(cards.sheets.values_list("scope", "revision")) == {"K1": 1, "K2": 2, "K3": 1}
    text = text_of(run, cards)
    assert [f"S-0311A-{number}" in text for number in ("K1-r1", "K2-r2", "K3-r1")] == [True] * 3
    lists = Paper.objects.get(document=Document.CHECK_LIST, revision=2)
    assert dict(lists.sheets.values_list("scope", "revision")) == {"1-01": 2, "1-02": 1}


def test_a_change_taken_back_is_a_revision_of_its_own(run: CutoffRun) -> None:
    moved_piece()
    papers_refresh(run=run, actor=None, now=LATER)
    Allocation.objects.filter(order_line__order__source_no="O1", order_line__sku__code="K2").update(
        allocated_qty=4
    )
    Drop.objects.filter(pickup_point__leader__code="L1").update(pieces=7)

    papers_refresh(run=run, actor=None, now=LATER)

    assert Counter(revisions(run).values()) == {1: 6, 3: 7}


def test_only_the_papers_asked_for_are_looked_at(run: CutoffRun) -> None:
    moved_piece()

    figures = papers_refresh(
        run=run, documents={Document.DELIVERY_NOTE}, scopes={"L1"}, actor=None, now=LATER
    )

    assert figures == {"papers": 1, "drawn": 1, "kept": 0, "pages": 2}
    assert Counter(revisions(run).values()) == {1: PAPERS - 1, 2: 1}


def test_papers_of_purchases_can_be_made_before_anything_is_shared_out() -> None:
    run = routed_day()
    documents = {Document.PURCHASE_ORDER, Document.RECEIVING_SHEET}

    figures = papers_refresh(run=run, documents=documents, actor=None, now=NOW)

    assert figures["drawn"] == 4
    assert papers_refresh(run=run, actor=None, now=LATER)["kept"] == 4


def test_a_file_that_is_gone_is_drawn_again_as_it_was(run: CutoffRun) -> None:
    moved_piece()
    papers_refresh(run=run, actor=None, now=LATER)
    rows = list(Paper.objects.order_by("pk").values())
    lost = paper_folder(run.campaign.code) / "sow_cards-C1-A-ambient-r2.pdf"
    before = lost.read_bytes()
    lost.unlink()

    figures = papers_refresh(run=run, actor=UserFactory.create(), now=LATER + timedelta(hours=1))

    assert figures["drawn"] == 1
    assert lost.read_bytes() == before
    assert list(Paper.objects.order_by("pk").values()) == rows


def test_a_revision_that_was_stopped_is_finished_with_the_same_files(run: CutoffRun) -> None:
    moved_piece()
    sheets = PaperSheet.objects.count()

    def stop(done: int, _total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        papers_refresh(run=run, actor=None, now=LATER, on_progress=stop)
    assert set(revisions(run).values()) == {1}
    assert PaperSheet.objects.count() == sheets

    papers_refresh(run=run, actor=None, now=LATER)

    assert Counter(revisions(run).values()) == {1: 6, 2: 7}


def test_papers_are_stale_from_an_allocation_run_to_the_next_print(run: CutoffRun) -> None:
    assert (papers_stale(run), allocation_printed(run)) == (False, True)

    AllocationRun.objects.create(run=run, seq=99, cause=AllocationCause.RECOUNT, made_at=LATER)
    assert (papers_stale(run), allocation_printed(run)) == (True, False)

    papers_refresh(run=run, documents={Document.DELIVERY_NOTE}, actor=None, now=LATER)
    assert papers_stale(run)
    papers_refresh(run=run, actor=None, now=LATER)
    assert (papers_stale(run), allocation_printed(run)) == (False, True)


def test_the_schedule_replaces_papers_of_a_night_that_was_shared_out_again(
    run: CutoffRun,
) -> None:
    StepRecord.objects.filter(run=run, name=Step.PRINT).update(
        state=StepState.DONE, finished_at=NOW
    )
    moved_piece()
    assert papers_keep_up(now=LATER) == 0

    AllocationRun.objects.create(run=run, seq=99, cause=AllocationCause.RECOUNT, made_at=LATER)
    assert papers_keep_up(now=LATER) == 7
    assert papers_keep_up(now=LATER) == 0


def test_the_papers_of_a_closed_day_stay_as_they_are(run: CutoffRun) -> None:
    moved_piece()
    AllocationRun.objects.create(run=run, seq=99, cause=AllocationCause.RECOUNT, made_at=LATER)
    CutoffRun.objects.filter(pk=run.pk).update(day_closed_at=LATER)

    assert papers_keep_up(now=LATER) == 0


def test_papers_never_printed_are_not_stale() -> None:
    assert not papers_stale(routed_day())


def test_asking_whether_papers_are_stale_costs_a_fixed_number_of_queries(
    run: CutoffRun, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):
        papers_stale(run)
