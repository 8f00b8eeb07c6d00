from io import StringIO
from pathlib import Path

from django.core.management import call_command

from fulfillment.domain.bundle import DayBundle
from fulfillment.domain.bundle_understanding import understand
from fulfillment.integrations.bundle_files import bundle_read


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        call_command("write_demo_town", str(tmp_path / name), "--seed", "5", stdout=StringIO())

    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert sorted(contents(tmp_path / "a")) == [
        "campaign.json",
        "leaders.csv",
        "orders.csv",
        "receipts.csv",
        "skus.csv",
        "suppliers.csv",
        "vehicles.csv",
        "warehouses.csv",
    ]


def test_what_is_written_can_be_imported(tmp_path: Path) -> None:
    call_command("write_demo_town", str(tmp_path), stdout=StringIO())

    bundle = understand(bundle_read(tmp_path))

    assert isinstance(bundle, DayBundle)
    assert bundle.warnings == ()
    assert len(bundle.orders) == 1_680
