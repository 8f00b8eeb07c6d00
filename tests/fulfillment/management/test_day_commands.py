"""The commands of a day: play it, advance what is due, check the books."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django_celery_beat.models import PeriodicTask
from pytest_django import Settings

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.books import LAWS
from orders.models.campaigns import Campaign, CampaignState
from orders.models.reconciliation import BooksCheck
from tests.builders import CAMPAIGN, tiny_day
from tests.fulfillment.services.days import imported, played
from tests.journeys.bundles import write_bundle

pytestmark = pytest.mark.django_db

SUMMARY_KEYS = {
    "campaign", "leaders", "orders", "lines", "pieces_ordered", "paid_fen", "purchase_orders",
    "pieces_purchased", "pieces_accepted", "pieces_allocated", "pieces_short", "refund_fen",
    "commission_held_fen", "routes", "stops", "distance_m", "route_cost_fen", "unserved",
    "control_code", "peak_memory_mb", "seconds",
}  # fmt: skip


def play(data: Path, out: Path, **options: object) -> dict[str, object]:
    call_command("play_day", data=data, out=out, solver_seconds=1, stdout=StringIO(), **options)
    summary: dict[str, object] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return summary


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def papers_root(tmp_path: Path, settings: Settings) -> Path:
    settings.PAPERS_ROOT = tmp_path / "made"
    return tmp_path / "made"


def test_play_day_writes_the_promised_files(tmp_path: Path, papers_root: Path) -> None:
    data = write_bundle(tmp_path / "bundle", tiny_day())

    summary = play(data, tmp_path / "out")

    assert summary.keys() >= SUMMARY_KEYS
    assert (summary["orders"], summary["pieces_ordered"], summary["pieces_short"]) == (4, 27, 3)
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {
        "summary.json", "purchase_orders.csv", "allocations.csv", "routes.csv",
        "warnings.csv", "papers.csv", "papers",
    }  # fmt: skip
    assert len(list((tmp_path / "out" / "papers").glob("*.pdf"))) == 13


def test_play_day_again_changes_nothing(tmp_path: Path, papers_root: Path) -> None:
    data = write_bundle(tmp_path / "bundle", tiny_day())
    play(data, tmp_path / "out")
    before = files(tmp_path / "out")

    play(data, tmp_path / "out")

    assert files(tmp_path / "out") == before


def test_play_day_leaves_the_papers_out_when_asked(tmp_path: Path, papers_root: Path) -> None:
    data = write_bundle(tmp_path / "bundle", tiny_day())

    play(data, tmp_path / "out", no_prints=True)

    assert not papers_root.exists()
    assert (tmp_path / "out" / "papers.csv").read_text(encoding="utf-8").count("\n") == 1


def test_play_day_says_what_is_wrong_with_a_bundle(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="不是文件夹"):
        call_command("play_day", data=tmp_path / "nowhere", out=tmp_path / "out")

    assert not CutoffRun.objects.exists()


def test_play_day_refuses_another_day_under_the_same_code(tmp_path: Path) -> None:
    imported()
    other = replace(tiny_day(), campaign=replace(CAMPAIGN, city="红石"))
    data = write_bundle(tmp_path / "bundle", other)

    with pytest.raises(CommandError, match="C1"):
        call_command("play_day", data=data, out=tmp_path / "out")

    assert Campaign.objects.get().city == "青石"


def test_advance_freezes_what_is_due_and_says_where_it_waits() -> None:
    imported()
    said = StringIO()

    call_command("advance", stdout=said)
    call_command("advance", stdout=StringIO())

    assert "C1: waits at receive" in said.getvalue()
    assert Campaign.objects.get().state == CampaignState.FULFILLING
    assert CutoffRun.objects.get().purchase_orders.count() == 2


def test_advance_goes_on_with_the_others_and_fails_when_a_run_stops() -> None:
    imported()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE fulfillment_supplieroffer SET is_active = false")

    with pytest.raises(CommandError, match="C1"):
        call_command("advance", stdout=StringIO())

    assert CutoffRun.objects.get().steps.get(name="purchase").error.startswith("GoodsWithout")


def test_check_books_keeps_its_result_if_asked() -> None:
    call_command("check_books", stdout=StringIO())
    assert not BooksCheck.objects.exists()

    call_command("check_books", record=True, stdout=StringIO())

    assert BooksCheck.objects.get().violations == 0


def test_check_books_prints_a_table_of_laws() -> None:
    played()
    said = StringIO()

    call_command("check_books", stdout=said)

    assert said.getvalue().count(" ok ") == len(LAWS)


def test_check_books_fails_and_names_the_offender_as_json() -> None:
    played()
    Allocation.objects.filter(order_line__order__source_no="O1").update(allocated_qty=0)
    said = StringIO()

    with pytest.raises(CommandError, match="allocation"):
        call_command("check_books", json=True, stdout=said)

    broken = [check["name"] for check in json.loads(said.getvalue()) if check["violations"]]
    assert {"allocation_changes", "shortage_refunds"} <= set(broken)


def test_ensure_schedules_writes_one_tick_however_often_it_is_called() -> None:
    call_command("ensure_schedules")
    call_command("ensure_schedules")

    task = PeriodicTask.objects.get(name="advance")
    assert task.task == "fulfillment.tasks.advance"
    assert task.enabled is True
