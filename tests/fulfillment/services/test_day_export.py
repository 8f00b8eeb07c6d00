import csv
import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from fulfillment.domain.bundle import DayBundle
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Document, Paper
from fulfillment.services.day_bundle import bundle_notes, bundle_open
from fulfillment.services.day_export import DayMeasures, day_export
from fulfillment.services.day_import import day_import
from fulfillment.services.delivery import PlanBudget
from fulfillment.services.play_day import day_play
from orders.domain.inert_cells import FORMULA_STARTS
from tests.bundles import BundleText

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 1, 15, 2, tzinfo=UTC)
MEASURES = DayMeasures(leaders=2, import_s=0.5, peak_memory_mb=300)
FORMULA = "=cmd|' /C calc'!A0"


def played(directory: Path) -> tuple[CutoffRun, DayBundle]:
    bundle = bundle_open(directory)
    run = day_import(bundle=bundle, notes=bundle_notes(bundle), now=NOW).run
    day_play(
        run=run,
        bundle=bundle,
        budget=PlanBudget(seconds=1, seed=1),
        print_papers=False,
        on_progress=lambda _step, _done, _total: None,
    )
    return run, bundle


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def contents(directory: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}


def hostile_text() -> BundleText:
    text = BundleText()
    text.cell("suppliers.csv", 2, "code", FORMULA).cell("leaders.csv", 2, "name", FORMULA)
    for row in (2, 3, 4):
        text.cell("skus.csv", row, "supplier_code", FORMULA)
        text.cell("receipts.csv", row, "supplier_code", FORMULA)
    text.cell("orders.csv", 4, "order_no", "-2+3").cell("orders.csv", 4, "resident_name", "@me")
    text.add("orders.csv", text.tables["orders.csv"][0].replace("K1", "+K9"))
    return text


def test_a_played_day_is_written_with_the_promised_columns(tmp_path: Path) -> None:
    run, _ = played(BundleText().write(tmp_path / "in"))

    summary = day_export(run=run, directory=tmp_path / "out", measures=MEASURES)

    assert json.loads((tmp_path / "out" / "summary.json").read_text()) == summary
    figures = {name: summary[name] for name in list(summary)[:16]}
    assert figures == {
        "campaign": "C1",
        "leaders": 2,
        "leaders_with_orders": 2,
        "orders": 3,
        "lines": 4,
        "pieces_ordered": 6,
        "paid_fen": 6178,
        "purchase_orders": 1,
        "pieces_purchased": 6 + 12 + 5,
        "pieces_accepted": 6 + 2 + 1,
        "pieces_allocated": 5,
        "pieces_short": 1,
        "refund_fen": 1290,
        "commission_held_fen": summary["commission_held_fen"],
        "routes": summary["routes"],
        "stops": 2,
    }
    assert summary["unserved"] == 0
    assert summary["unserved_leaders"] == []
    assert summary["peak_memory_mb"] == 300
    seconds = summary["seconds"]
    assert isinstance(seconds, dict)
    assert list(seconds)[:3] == ["import", "freeze", "purchase"]
    assert sorted(contents(tmp_path / "out")) == [
        "allocations.csv",
        "papers.csv",
        "purchase_orders.csv",
        "routes.csv",
        "summary.json",
        "warnings.csv",
    ]


def test_the_tables_carry_the_numbers_of_the_bundle(tmp_path: Path) -> None:
    run, bundle = played(BundleText().write(tmp_path / "in"))

    day_export(run=run, directory=tmp_path / "out", measures=MEASURES)

    allocations = table(tmp_path / "out" / "allocations.csv")
    assert [(row["order_no"], row["sku_code"], row["ordered_qty"]) for row in allocations] == [
        (order.order_no, line.sku_code, str(line.qty))
        for order in bundle.orders
        for line in order.lines
    ]
    assert [row["refund_fen"] for row in allocations] == ["0", "0", "1290", "0"]
    purchases = table(tmp_path / "out" / "purchase_orders.csv")
    assert [(row["supplier_code"], row["sku_code"], row["ordered_qty"]) for row in purchases] == [
        ("S1", "K1", "6"),
        ("S1", "K2", "12"),
        ("S1", "K3", "5"),
    ]


def test_every_trip_ends_with_its_way_back(tmp_path: Path) -> None:
    run, _ = played(BundleText().write(tmp_path / "in"))

    summary = day_export(run=run, directory=tmp_path / "out", measures=MEASURES)

    rows = table(tmp_path / "out" / "routes.csv")
    trips = Counter((row["vehicle_code"], row["trip"]) for row in rows)
    ways_back = [row for row in rows if not row["leader_code"]]
    assert len(ways_back) == len(trips) == summary["routes"]
    assert rows[-1]["leader_code"] == ""
    assert sorted(row["leader_code"] for row in rows if row["leader_code"]) == ["L1", "L2"]
    assert sum(int(row["distance_m"]) for row in rows) == summary["distance_m"]
    assert rows[0]["arrive_at"].startswith("2026-05-02 ")
    assert rows[0]["arrive_at"].endswith("+08:00")


def test_no_cell_of_any_table_begins_a_formula(tmp_path: Path, settings: Settings) -> None:
    settings.PAPERS_ROOT = tmp_path / "papers"
    run, _ = played(hostile_text().write(tmp_path / "in"))
    Paper.objects.create(
        run=run,
        document=Document.PURCHASE_ORDER,
        scope=FORMULA,
        file="a.pdf",
        pages=1,
        lines=3,
        pieces=23,
        control_code="K7QD",
        printed_at=NOW,
    )
    made = tmp_path / "papers" / run.campaign.code
    made.mkdir(parents=True)
    (made / "a.pdf").write_bytes(b"%PDF")

    day_export(run=run, directory=tmp_path / "out", measures=MEASURES)

    cells = [
        cell
        for path in (tmp_path / "out").glob("*.csv")
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines())
        for cell in row
    ]
    assert (tmp_path / "out" / "papers" / "a.pdf").read_bytes() == b"%PDF"
    assert any(FORMULA in cell for cell in cells)
    assert any(cell == "'-2+3" for cell in cells)
    assert not [cell for cell in cells if cell[:1] in FORMULA_STARTS]


def test_a_finished_day_exported_again_changes_nothing(tmp_path: Path) -> None:
    run, _ = played(BundleText().write(tmp_path / "in"))
    first = day_export(run=run, directory=tmp_path / "out", measures=MEASURES)
    before = contents(tmp_path / "out")

    again = day_export(
        run=run,
        directory=tmp_path / "out",
        measures=DayMeasures(leaders=2, import_s=None, peak_memory_mb=9_999),
    )

    assert again == first
    assert contents(tmp_path / "out") == before
