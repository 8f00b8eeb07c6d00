"""The files behind the papers: found safely, and streamed as one ZIP."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from fulfillment.errors import PaperFileMissing

if TYPE_CHECKING:
    from typing_extensions import Buffer

CHUNK_BYTES = 256 * 1024


def paper_path(root: Path, campaign_code: str, file: str) -> Path:
    """The file of a paper under `<root>/<campaign code>/`.

    Raises `PaperFileMissing` if there is no such file, or if the name leads
    out of the campaign's folder.
    """
    folder = (root / campaign_code).resolve()
    path = (folder / file).resolve()
    if not folder.is_relative_to(root.resolve()) or not path.is_relative_to(folder):
        raise PaperFileMissing(_("This name is not a file of the campaign."), file=file)
    if not path.is_file():
        raise PaperFileMissing(_("The file of this paper is gone; print it again."), file=file)
    return path


def zip_stream(members: Iterable[tuple[str, Path]], modified_at: datetime) -> Iterator[bytes]:
    """A ZIP archive in pieces, without holding more than one piece in memory.

    `members` are (name in the archive, file). PDFs are compressed already and
    stored as they are.
    """
    sink = _Sink()
    moment = modified_at.timetuple()[:6]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, path in members:
            entry = zipfile.ZipInfo(name, date_time=moment)
            with path.open("rb") as source, archive.open(entry, "w") as target:
                while chunk := source.read(CHUNK_BYTES):
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
