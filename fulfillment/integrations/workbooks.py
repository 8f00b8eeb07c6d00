"""Spreadsheets for people. Texts are written as inert text, figures as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter

from orders.domain.inert_cells import inert_text

# Excel's own limit is 31 characters; longer titles are refused.
SHEET_TITLE_MAX = 31
TITLE_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


@dataclass(frozen=True, slots=True)
class Share:
    """A share as a cell that shows per cent."""

    basis_points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet: facts on top, a table, and a row of sums.

    Parameters
    ----------
    title
        The name of the sheet.
    headings
        Headings with their column widths in characters.
    rows
        Cells by row: texts, whole numbers, amounts as floats, shares, dates,
        None for what nobody knows.
    facts
        Labels and texts over the table.
    sums
        Cells under the table, or nothing.
    """

    title: str
    headings: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Any]]
    facts: Sequence[tuple[str, str]] = ()
    sums: Sequence[Any] = ()


def workbook(*tables: Table) -> BytesIO:
    """Return a workbook with a sheet for each table, ready to be read."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        formats = _Formats(book)
        for table in tables:
            title = table.title.translate(TITLE_FORBIDDEN)[:SHEET_TITLE_MAX]
            _fill(book.add_worksheet(title), table, formats)
    target.seek(0)
    return target


class _Formats:
    """How cells of a workbook look."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.heading = book.add_format({"bold": True, "bottom": 1})
        self.plain = book.add_format()
        self.money = book.add_format({"num_format": "#,##0.00"})
        self.share = book.add_format({"num_format": "0.00%"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})


def _fill(sheet: Any, table: Table, formats: _Formats) -> None:
    for at, (label, text) in enumerate(table.facts):
        sheet.write_string(at, 0, label)
        sheet.write_string(at, 1, inert_text(text))
    top = len(table.facts) + bool(table.facts)
    sheet.freeze_panes(top + 1, 0)
    sheet.autofilter(top, 0, top + len(table.rows), len(table.headings) - 1)
    for column, (heading, width) in enumerate(table.headings):
        sheet.write_string(top, column, heading, formats.heading)
        sheet.set_column(column, column, width)
    body = [*table.rows, table.sums] if table.sums else table.rows
    for at, row in enumerate(body, start=top + 1):
        for column, value in enumerate(row):
            _write(sheet, at, column, value, formats)


def _write(sheet: Any, row: int, column: int, value: Any, formats: _Formats) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, inert_text(value))
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats.day)
    elif isinstance(value, Share):
        sheet.write_number(row, column, value.basis_points / 10_000, formats.share)
    elif value is not None:
        is_money = isinstance(value, float)
        sheet.write_number(row, column, value, formats.money if is_money else formats.plain)
