"""A ZIP sent piece by piece, with no more than one member in memory."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import RawIOBase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer


def zip_streamed(
    members: Iterable[tuple[str, Iterable[bytes]]], modified_at: datetime
) -> Iterator[bytes]:
    """Stream a ZIP of (name in the archive, content in chunks), each made when its turn comes.

    Everything is stored as it is: what we pack, PDFs and PNGs above all, is
    compressed already.
    """
    sink = _Sink()
    moment = modified_at.timetuple()[:6]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, chunks in members:
            entry = zipfile.ZipInfo(name, date_time=moment)
            with archive.open(entry, "w") as target:
                for chunk in chunks:
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
