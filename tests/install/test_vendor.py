"""Copying front-end files: exactly the listed ones, or nothing."""

from pathlib import Path

import pytest

from install.errors import InstallationError
from install.vendor import FILES, copy_vendor_files


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A node_modules with every listed file and one more."""
    for source in [*FILES, "leaflet/dist/leaflet-src.js"]:
        path = tmp_path / "node_modules" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return tmp_path / "node_modules"


def test_exactly_the_listed_files_are_copied(packages: Path, tmp_path: Path) -> None:
    target = tmp_path / "vendor"
    (target / "old").mkdir(parents=True)

    copy_vendor_files(packages, target)

    copied = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert copied == set(FILES.values())
    assert (target / "leaflet/leaflet.js").read_text() == "leaflet/dist/leaflet.js"


def test_a_missing_file_leaves_everything_as_it_was(packages: Path, tmp_path: Path) -> None:
    target = tmp_path / "vendor"
    target.mkdir()
    (target / "kept").touch()
    (packages / "leaflet/dist/leaflet.css").unlink()

    with pytest.raises(InstallationError, match=r"leaflet/dist/leaflet\.css"):
        copy_vendor_files(packages, target)

    assert [path.name for path in target.iterdir()] == ["kept"]
