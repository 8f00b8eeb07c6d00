"""What `make demo` tells, and when it plays again."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.embedded import demo
from config.embedded.commands import bundle_folder
from config.embedded.errors import EmbeddedServerError
from config.embedded.ports import HOST

FIGURES = {
    "campaign": "C1",
    "orders": 1680,
    "lines": 8148,
    "leaders": 72,
    "pieces_ordered": 10947,
    "pieces_allocated": 10876,
    "pieces_short": 71,
    "paid_fen": 9762341,
    "refund_fen": 5,
    "purchase_orders": 22,
    "routes": 10,
    "stops": 72,
    "control_code": "TLCT",
}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """The smallest folder that passes for a day bundle."""
    folder = tmp_path / "my town"
    folder.mkdir()
    (folder / "campaign.json").write_text("{}")
    (folder / "orders.csv").write_text("order_no\nO1\n")
    return folder


def test_it_tells_figures_papers_address_and_log_ins(bundle: Path, tmp_path: Path) -> None:
    day = demo.day_of(bundle, tmp_path)
    day.out.mkdir()
    day.summary.write_text(json.dumps(FIGURES))

    report = demo.report(day, "buyer secret 采购\n", "/g/L0001/", 8123)

    for expected in ("1680", "10876", "97,623.41", "0.05", "TLCT", "buyer secret 采购"):
        assert expected in report
    assert str(day.out / "papers") in report
    assert f"http://{HOST}:8123/" in report
    assert f"http://{HOST}:8123/g/L0001/" in report


def test_without_a_shop_it_tells_of_none(bundle: Path, tmp_path: Path) -> None:
    day = demo.day_of(bundle, tmp_path)
    day.out.mkdir()
    day.summary.write_text(json.dumps(FIGURES))

    assert "/g/" not in demo.report(day, "", "", 8123)


def test_the_same_bundle_is_the_same_day_and_another_is_not(bundle: Path, tmp_path: Path) -> None:
    first = demo.day_of(bundle, tmp_path)
    again = demo.day_of(bundle, tmp_path)
    (bundle / "orders.csv").write_text("order_no\nO2\n")

    changed = demo.day_of(bundle, tmp_path)

    assert again == first
    assert changed.database != first.database
    assert changed.out != first.out


def test_a_folder_without_a_campaign_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedServerError, match=r"not a day bundle: it has no campaign\.json"):
        bundle_folder(tmp_path)


def test_a_shop_that_is_open_is_not_opened_again(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = demo.day_of(bundle, tmp_path)
    day.out.mkdir()
    closings = [datetime.now(UTC) - timedelta(minutes=1), datetime.now(UTC) + timedelta(hours=1)]
    said = iter([f"/g/L0001/ {closing.isoformat()}\n" for closing in closings])
    monkeypatch.setattr(demo, "manage", lambda *_arguments, quiet: next(said))

    paths = [demo._open_shop({}, day) for _start in range(3)]

    assert paths == ["/g/L0001/"] * 3
    assert next(said, None) is None


def test_a_demo_that_sells_nothing_has_no_shop(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = demo.day_of(bundle, tmp_path)
    day.out.mkdir()
    monkeypatch.setattr(demo, "manage", lambda *_arguments, quiet: "")

    assert demo._open_shop({}, day) == ""
    assert not day.shop.exists()
