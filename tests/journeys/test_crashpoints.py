"""The list of crash points is read from the source, and reads every one."""

from pathlib import Path

import pytest

from tests.journeys.crashpoints import CrashpointUnclear, crashpoint_names


def write(root: Path, source: str) -> None:
    (root / "orders").mkdir()
    (root / "orders" / "services.py").write_text(source, encoding="utf-8")


def test_the_names_of_the_source_are_found() -> None:
    names = crashpoint_names()

    assert "placement.stock_reserved" in names
    assert all(name.count(".") == 1 for name in names)


def test_a_computed_name_is_refused(tmp_path: Path) -> None:
    write(tmp_path, 'crashpoint(f"order.{step}")')

    with pytest.raises(CrashpointUnclear, match="computes the name"):
        crashpoint_names(tmp_path)


def test_a_name_that_is_written_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path, 'crashpoint("order.read")\ncrashpoint("order.read")')

    with pytest.raises(CrashpointUnclear, match="written twice"):
        crashpoint_names(tmp_path)
