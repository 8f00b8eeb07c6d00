"""Files of papers, found safely and streamed as one archive."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from fulfillment.errors import PaperFileMissing
from fulfillment.integrations.paper_files import CHUNK_BYTES, paper_path, zip_stream

MADE_AT = datetime(2026, 3, 11, 5, 0, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of papers with one campaign, and a secret beside it."""
    (tmp_path / "papers" / "C1").mkdir(parents=True)
    (tmp_path / "papers" / "C1" / "a.pdf").write_bytes(b"%PDF-a")
    (tmp_path / "papers" / "secret.pdf").write_bytes(b"%PDF-secret")
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-secret")
    return tmp_path / "papers"


def test_a_paper_lies_in_its_campaigns_folder(root: Path) -> None:
    assert paper_path(root, "C1", "a.pdf").read_bytes() == b"%PDF-a"


@pytest.mark.parametrize(
    "file", ["../secret.pdf", "../../secret.pdf", "/etc/passwd", "..", "", "missing.pdf"]
)
def test_no_name_leads_out_of_the_folder(root: Path, file: str) -> None:
    with pytest.raises(PaperFileMissing):
        paper_path(root, "C1", file)


@pytest.mark.parametrize("code", ["..", "../..", "/"])
def test_no_campaign_code_leads_out_of_the_papers(root: Path, code: str) -> None:
    with pytest.raises(PaperFileMissing):
        paper_path(root, code, "secret.pdf")


def test_a_link_that_leads_out_is_refused(root: Path) -> None:
    (root / "C1" / "link.pdf").symlink_to(root.parent / "secret.pdf")

    with pytest.raises(PaperFileMissing):
        paper_path(root, "C1", "link.pdf")


def test_the_archive_holds_every_file_under_its_name(root: Path) -> None:
    large = root / "C1" / "large.pdf"
    large.write_bytes(b"x" * (2 * CHUNK_BYTES + 7))
    members = [("R01/01-a.pdf", root / "C1" / "a.pdf"), ("R01/02-large.pdf", large)]

    pieces = list(zip_stream(members, MADE_AT))

    with zipfile.ZipFile(BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["R01/01-a.pdf", "R01/02-large.pdf"]
        assert archive.read("R01/02-large.pdf") == large.read_bytes()


def test_no_piece_is_much_larger_than_a_chunk(root: Path) -> None:
    large = root / "C1" / "large.pdf"
    large.write_bytes(b"x" * (5 * CHUNK_BYTES))

    pieces = list(zip_stream([("large.pdf", large)], MADE_AT))

    assert max(len(piece) for piece in pieces) < CHUNK_BYTES + 4096
