"""Printing: every paper once, whole, and the same again after any interruption."""

from collections import defaultdict
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from fulfillment.errors import PapersDoNotAddUp
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop
from fulfillment.models.papers import Document, Paper, PaperSheet
from fulfillment.models.warehouse import Drop, Tote
from fulfillment.services import papers
from fulfillment.services.paper_files import paper_file_name, paper_folder
from fulfillment.services.papers import papers_print
from tests.builders import SHANGHAI
from tests.fulfillment.papers.days import routed_day
from tests.fulfillment.papers.reading import page_texts

NOW = datetime(2026, 3, 11, 5, 0, tzinfo=SHANGHAI)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def papers_root(settings: Settings, tmp_path: Path) -> Path:
    settings.PAPERS_ROOT = tmp_path / "papers"
    return tmp_path / "papers"


@pytest.fixture
def run() -> CutoffRun:
    return routed_day()


def _silent(_done: int, _total: int) -> None:
    pass


def _print(run: CutoffRun) -> dict[str, int | str]:
    return dict(papers_print(run=run, now=NOW, on_progress=_silent)())


def _files(run: CutoffRun) -> dict[str, bytes]:
    folder = paper_folder(run.campaign.code)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_every_document_and_scope_is_one_file_and_one_row(run: CutoffRun) -> None:
    _print(run)

    scopes = defaultdict(list)
    for paper in Paper.objects.filter(run=run).order_by("scope"):
        scopes[paper.document].append(paper.scope)
    assert scopes == {
        Document.PURCHASE_ORDER: ["S1", "S2"],
        Document.RECEIVING_SHEET: ["S1", "S2"],
        Document.MASTER_LIST: ["C1-A"],
        Document.SOW_CARDS: ["C1-A-ambient"],
        Document.CHECK_LIST: ["R01"],
        Document.LOAD_SHEET: ["R01"],
        Document.ROUTE_SHEET: ["R01"],
        Document.DELIVERY_NOTE: ["L1", "L2"],
        Document.HAND_OUT_LIST: ["L1", "L2"],
    }
    assert set(_files(run)) == set(Paper.objects.values_list("file", flat=True))


def test_the_rows_say_what_the_files_hold(run: CutoffRun) -> None:
    figures = _print(run)

    files = _files(run)
    rows = list(Paper.objects.filter(run=run))
    for paper in rows:
        assert len(page_texts(files[paper.file])) == paper.pages
        assert f"{paper.control_code}·{paper.pieces}" in "".join(
            page_texts(files[paper.file])
        ) or paper.document in {Document.SOW_CARDS, Document.CHECK_LIST}
    assert figures == {
        "papers": len(rows),
        "pages": sum(paper.pages for paper in rows),
        "pieces": sum(paper.pieces for paper in rows),
    }


def test_papers_that_split_the_allocation_show_all_of_it(run: CutoffRun) -> None:
    _print(run)

    allocated = sum(Allocation.objects.values_list("allocated_qty", flat=True))
    pieces: dict[str, int] = defaultdict(int)
    for paper in Paper.objects.filter(run=run):
        pieces[paper.document] += paper.pieces
    assert allocated == 24
    assert {document: pieces[document] for document in papers.WHOLE_ALLOCATION} == dict.fromkeys(
        papers.WHOLE_ALLOCATION, allocated
    )
    assert pieces[Document.LOAD_SHEET] == pieces[Document.ROUTE_SHEET] == allocated


def test_papers_made_from_the_same_pieces_carry_the_same_code(run: CutoffRun) -> None:
    _print(run)

    codes = {(paper.document, paper.scope): paper.control_code for paper in Paper.objects.all()}
    assert codes[Document.DELIVERY_NOTE, "L1"] == codes[Document.HAND_OUT_LIST, "L1"]
    assert codes[Document.PURCHASE_ORDER, "S1"] == codes[Document.RECEIVING_SHEET, "S1"]
    route = {
        codes[d, "R01"] for d in (Document.CHECK_LIST, Document.LOAD_SHEET, Document.ROUTE_SHEET)
    }
    assert route == {codes[Document.MASTER_LIST, "C1-A"]}
    assert codes[Document.DELIVERY_NOTE, "L1"] != codes[Document.DELIVERY_NOTE, "L2"]


def test_printing_again_changes_nothing(run: CutoffRun) -> None:
    first = _print(run)
    files, rows = _files(run), list(Paper.objects.values_list("pk", "printed_at"))

    second = _print(run)

    assert second == first
    assert _files(run) == files
    assert list(Paper.objects.values_list("pk", "printed_at")) == rows


def test_storing_twice_adds_no_row(run: CutoffRun) -> None:
    store = papers_print(run=run, now=NOW, on_progress=_silent)

    assert store() == store()


@pytest.mark.parametrize("stop_at", [0, 1, 7, 12])
def test_a_print_that_was_stopped_is_finished_with_the_same_files(
    run: CutoffRun, stop_at: int, settings: Settings, tmp_path: Path
) -> None:
    def stop(done: int, _total: int) -> None:
        if done == stop_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        papers_print(run=run, now=NOW, on_progress=stop)
    (paper_folder(run.campaign.code) / ".half.pdf.1.part").write_bytes(b"%PDF")
    assert not Paper.objects.exists()

    _print(run)

    resumed, rows = _files(run), set(Paper.objects.values_list("file", "control_code", "pages"))
    PaperSheet.objects.all().delete()
    Paper.objects.all().delete()
    settings.PAPERS_ROOT = tmp_path / "undisturbed"
    _print(run)
    assert resumed == _files(run)
    assert rows == set(Paper.objects.values_list("file", "control_code", "pages"))


def test_several_processes_draw_the_same_files(
    run: CutoffRun, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    papers_print(run=run, now=NOW, on_progress=_silent)
    alone = _files(run)
    settings.PAPERS_ROOT = tmp_path / "together"
    monkeypatch.setattr(papers, "LINES_OF_SMALL_DAY", 0)
    steps: list[tuple[int, int]] = []

    papers_print(run=run, now=NOW, on_progress=lambda done, total: steps.append((done, total)))

    assert _files(run) == alone
    assert steps == [(done, len(alone)) for done in range(len(alone) + 1)]


def test_a_drop_on_no_route_keeps_its_goods_in_a_lane_of_its_own(run: CutoffRun) -> None:
    drop = Drop.objects.get(pickup_point__leader__code="L2")
    Stop.objects.filter(drop=drop).delete()
    Drop.objects.filter(pk=drop.pk).update(slot_code="2-01", unserved_reason="too_heavy")

    _print(run)

    lane = Paper.objects.get(document=Document.CHECK_LIST, scope="unrouted")
    note = Paper.objects.get(document=Document.DELIVERY_NOTE, scope="L2")
    assert lane.pieces == note.pieces == drop.pieces
    assert Paper.objects.get(document=Document.LOAD_SHEET).pieces == 24 - drop.pieces


def test_papers_that_lose_pieces_get_no_rows(run: CutoffRun) -> None:
    drop = Drop.objects.get(pickup_point__leader__code="L2")
    Stop.objects.filter(drop=drop).delete()
    Tote.objects.filter(drop=drop).delete()
    drop.delete()

    with pytest.raises(PapersDoNotAddUp) as refused:
        papers_print(run=run, now=NOW, on_progress=_silent)

    assert refused.value.details["allocated"] == 24
    assert not Paper.objects.exists()


@pytest.mark.parametrize("scope", ["../../etc/passwd", "S/1", "供应商", "S 1", "." * 41])
def test_a_scope_no_file_system_should_see_becomes_a_plain_name(scope: str) -> None:
    name = paper_file_name("check_list", scope, 1)

    assert name.startswith("check_list-")
    assert name.endswith("-r1.pdf")
    assert Path(name).name == name
    assert name != paper_file_name("check_list", f"{scope}x", 1)


def test_papers_are_in_the_language_of_the_house(run: CutoffRun) -> None:
    _print(run)

    first = next(iter(page_texts(_files(run)["check_list-R01-r1.pdf"])))
    assert django_settings.LANGUAGE_CODE == "zh-hans"
    assert "商品1 500g" in first
