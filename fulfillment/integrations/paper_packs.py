"""Papers put together: one PDF of several files, and a ZIP of such PDFs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

from pypdf import PdfWriter

from fulfillment.integrations.zip_streams import zip_streamed

CHUNK_BYTES = 256 * 1024


def pdf_joined(files: Sequence[tuple[str, Path]]) -> BytesIO:
    """Join (bookmark, file) pairs into one PDF; the same files give the same bytes."""
    joined = BytesIO()
    with PdfWriter() as writer:
        for title, path in files:
            writer.append(path, outline_item=title, import_outline=False)
        writer.write(joined)
    joined.seek(0)
    return joined


def zip_stream(
    members: Iterable[tuple[str, Sequence[tuple[str, Path]]]], modified_at: datetime
) -> Iterator[bytes]:
    """Stream a ZIP of PDFs, joining one after the other.

    `members` are (name in the archive, its files as for `pdf_joined`).
    """
    return zip_streamed(((name, _chunks(files)) for name, files in members), modified_at)


def _chunks(files: Sequence[tuple[str, Path]]) -> Iterator[bytes]:
    joined = pdf_joined(files)
    while chunk := joined.read(CHUNK_BYTES):
        yield chunk
