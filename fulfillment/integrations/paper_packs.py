"""Papers put together: one PDF of several files, and a ZIP of such PDFs."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING

from pypdf import PdfWriter

if TYPE_CHECKING:
    from typing_extensions import Buffer

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

    `members` are (name in the archive, its files as for `pdf_joined`). No more
    than one member is in memory. PDFs are compressed already and stored as
    they are.
    """
    sink = _Sink()
    moment = modified_at.timetuple()[:6]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, files in members:
            entry = zipfile.ZipInfo(name, date_time=moment)
            with archive.open(entry, "w") as target:
                joined = pdf_joined(files)
                while chunk := joined.read(CHUNK_BYTES):
                    target.write(chunk)
                    yield sink.take()
    yield sink.take()


class _Sink(RawIOBase):
    """Takes what the archive writes and hands it on; it cannot seek."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: "Buffer") -> int:
        """Keep a piece until it is taken."""
        piece = bytes(data)
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        """What was written since the last call."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
