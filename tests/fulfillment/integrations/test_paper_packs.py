"""Papers joined in their order, and streamed as one archive of PDFs."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from fulfillment.integrations.paper_packs import CHUNK_BYTES, pdf_joined, zip_stream
from tests.fulfillment.papers.reading import page_texts

MADE_AT = datetime(2026, 3, 11, 5, 0, tzinfo=UTC)


@pytest.fixture
def files(tmp_path: Path) -> list[tuple[str, Path]]:
    """Two papers of one page, K1 and K2."""
    found = []
    for sku in ("K1", "K2"):
        canvas = Canvas(str(tmp_path / f"{sku}.pdf"), invariant=1)
        canvas.drawString(100, 700, sku)
        canvas.save()
        found.append((f"D5 {sku}", tmp_path / f"{sku}.pdf"))
    return found


def test_papers_are_joined_in_the_order_given(files: list[tuple[str, Path]]) -> None:
    joined = pdf_joined([files[1], files[0]]).getvalue()

    assert page_texts(joined) == ["K2\n", "K1\n"]


def test_each_paper_has_a_bookmark(files: list[tuple[str, Path]]) -> None:
    reader = PdfReader(pdf_joined(files))

    marks = [item for item in reader.outline if not isinstance(item, list)]
    assert [(mark.title, reader.get_destination_page_number(mark)) for mark in marks] == [
        ("D5 K1", 0),
        ("D5 K2", 1),
    ]


def test_the_same_papers_give_the_same_bytes(files: list[tuple[str, Path]]) -> None:
    assert pdf_joined(files).getvalue() == pdf_joined(files).getvalue()


def test_the_archive_holds_one_pdf_for_each_member(files: list[tuple[str, Path]]) -> None:
    members = [("R01.pdf", files), ("R02.pdf", files[:1])]

    pieces = list(zip_stream(members, MADE_AT))

    with zipfile.ZipFile(BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["R01.pdf", "R02.pdf"]
        assert len(page_texts(archive.read("R01.pdf"))) == 2
        assert len(page_texts(archive.read("R02.pdf"))) == 1
    assert max(len(piece) for piece in pieces) < CHUNK_BYTES + 4096
