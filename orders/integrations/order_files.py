"""Reads order files of other tools: xlsx and CSV as inert text, nothing computed or judged."""

import csv
import hashlib
import io
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from orders.domain.foreign_orders.sheets import ForeignFile, Sheet
from orders.integrations.archives import unpacked_bytes
from orders.jielong_errors import OrderFileUnreadable

FILE_LIMIT_BYTES = 64 * 1024 * 1024
# A workbook is packed: a few kilobytes may become gigabytes.
UNPACKED_LIMIT_BYTES = 1024 * 1024 * 1024
ROWS_MAX = 200_000
ENCODINGS = ("utf-8-sig", "gb18030")


def order_file_read(path: Path) -> ForeignFile:
    """Every sheet of a file as texts; formulas come as their text and are never computed.

    CSV may be in UTF-8 or in GBK, which Excel writes in China. Raises
    `OrderFileUnreadable` for a file that is neither xlsx nor CSV.
    """
    try:
        if path.stat().st_size > FILE_LIMIT_BYTES:
            raise _unreadable(path, "is larger than 64 MB")
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, f"cannot be opened: {error.strerror}") from error
    sheets = _workbook(path, content) if content.startswith(b"PK") else (_csv(path, content),)
    return ForeignFile(path.stem, hashlib.sha256(content).hexdigest(), sheets)


def _workbook(path: Path, content: bytes) -> tuple[Sheet, ...]:
    try:
        if unpacked_bytes(content) > UNPACKED_LIMIT_BYTES:
            raise _unreadable(path, "unpacks to more than 1 GB")
        # The sheets are not read in openpyxl's read-only mode: it trusts sizes
        # that exports of these tools write wrongly.
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise _unreadable(path, "is no workbook that can be read") from error
    sheets = []
    for page in book.worksheets:
        rows = [tuple(map(_text, cells)) for cells in page.iter_rows(values_only=True)]
        sheets.append(_sheet(page.title, rows[: ROWS_MAX + 1]))
    return tuple(sheets)


def _csv(path: Path, content: bytes) -> Sheet:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        rows = [tuple(cells) for cells in csv.reader(io.StringIO(text, newline=""))]
        return _sheet(path.stem, rows[: ROWS_MAX + 1])
    raise _unreadable(path, "is neither xlsx nor a CSV in UTF-8 or GBK")


def _sheet(title: str, rows: list[tuple[str, ...]]) -> Sheet:
    headings = tuple(heading.strip() for heading in rows[0]) if rows else ()
    return Sheet(title, headings, tuple(rows[1:]))


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return repr(cell) if isinstance(cell, float) else str(cell)


def _unreadable(path: Path, why: str) -> OrderFileUnreadable:
    return OrderFileUnreadable(f"{path.name} {why}.", file=path.name)
