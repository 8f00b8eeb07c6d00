"""Spreadsheets that buyers keep: read as tables of cells, written inert, kept until confirmed."""

import csv
import io
import secrets
import time
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from orders.domain.inert_cells import inert_text
from orders.errors import SheetUnreadable
from orders.integrations.archives import unpacked_bytes

BYTES_MAX = 5 * 1024 * 1024
UNPACKED_BYTES_MAX = 100 * 1024 * 1024
ROWS_MAX = 5_000
COLUMNS_MAX = 60
ENCODINGS = ("utf-8-sig", "gb18030")
ZIP_START = b"PK"
# A file that nobody confirms is forgotten.
KEPT_SECONDS = 3_600
EXCEL_ROWS = 1_048_576

Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first sheet of a file: its headings, and its rows with their numbers in the file."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, Row], ...]


def sheet_read(content: bytes) -> Sheet:
    """Read an xlsx or csv file; formulas come as their text and are never computed.

    Empty rows are left out. Raises `SheetUnreadable` for anything else and
    for files beyond the limits.
    """
    if len(content) > BYTES_MAX:
        raise SheetUnreadable("The file is larger than 5 MB.")
    cells = _workbook(content) if content.startswith(ZIP_START) else _csv(content)
    numbered = [(number, row) for number, row in enumerate(cells, start=1) if any(map(_said, row))]
    if not numbered:
        raise SheetUnreadable("The file has no rows.")
    (_first, top), *rest = numbered
    if len(rest) > ROWS_MAX:
        raise SheetUnreadable("The file has more than 5,000 rows; split it.")
    headings = [str(cell).strip() if _said(cell) else "" for cell in top]
    while headings and not headings[-1]:
        headings.pop()
    width = len(headings)
    padding: list[object] = [None] * width
    return Sheet(tuple(headings), tuple((number, [*row, *padding][:width]) for number, row in rest))


def workbook_bytes(title: str, headings: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return an xlsx file: texts as inert texts, whole numbers and amounts as numbers."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet(title.translate(dict.fromkeys(map(ord, "[]:*?/\\"), "-"))[:31])
        sheet.freeze_panes(1, 0)
        # Codes of digits are texts on purpose.
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{EXCEL_ROWS}"})
        widths = [len(heading) * 2 + 2 for heading in headings]
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, inert_text(heading), bold)
        for at, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                _cell_write(sheet, (at, column), cell, money)
                widths[column] = max(widths[column], min(40, len(str(cell or "")) + 2))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
    return target.getvalue()


def csv_bytes(headings: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return a csv file that Excel opens in the right letters; texts are inert."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([inert_text(heading) for heading in headings])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def sheet_keep(folder: Path, content: bytes) -> str:
    """Keep a file until it is confirmed and return its key; older ones are thrown away."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.sheet"):
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            old.unlink(missing_ok=True)
    key = secrets.token_hex(16)
    _place(folder, key).write_bytes(content)
    return key


def sheet_take(folder: Path, key: str) -> bytes:
    """Return a kept file; raises `SheetUnreadable` once it is gone."""
    try:
        return _place(folder, key).read_bytes()
    except OSError as error:
        raise SheetUnreadable("The file was kept for an hour only; choose it again.") from error


def _place(folder: Path, key: str) -> Path:
    return folder / f"{key}.sheet"


def _workbook(content: bytes) -> list[Row]:
    try:
        if unpacked_bytes(content) > UNPACKED_BYTES_MAX:
            raise SheetUnreadable("The file is larger than 5 MB.")
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        if sheet.max_column > COLUMNS_MAX:
            raise SheetUnreadable("The file has too many columns.")
        rows = sheet.iter_rows(max_row=min(sheet.max_row, EXCEL_ROWS), values_only=True)
        return [[_formula_text(cell) for cell in row] for row in rows]
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        IndexError,
        KeyError,
        ValueError,
        OSError,
    ) as error:
        raise SheetUnreadable("This is neither an xlsx nor a csv file.") from error


def _csv(content: bytes) -> list[Row]:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            rows: list[Row] = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error:
            break
        if any(len(row) > COLUMNS_MAX for row in rows) or "\0" in text:
            break
        return rows
    raise SheetUnreadable("This is neither an xlsx nor a csv file.")


def _said(cell: object) -> bool:
    return cell is not None and bool(str(cell).strip())


def _formula_text(cell: Any) -> object:
    if isinstance(cell, ArrayFormula):
        return str(cell.text)
    if isinstance(cell, DataTableFormula):
        return "="
    return cell


def _cell_write(sheet: Any, place: tuple[int, int], cell: object, money: object) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, Decimal):
        sheet.write_number(*place, float(cell), money)
    elif isinstance(cell, int) and not isinstance(cell, bool):
        sheet.write_number(*place, cell)
    else:
        sheet.write_string(*place, inert_text(str(cell)))


def _plain(cell: object) -> str:
    return "" if cell is None else inert_text(str(cell))
