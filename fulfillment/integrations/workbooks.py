"""Spreadsheets for people. Texts are written as inert text, figures as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter

from orders.domain.inert_cells import inert_text

# Excel's own limit is 31 characters; longer titles are refused.
SHEET_TITLE_MAX = 31
TITLE_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


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
        Cells by row: texts, whole numbers, amounts as floats, None for what
        nobody knows.
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


def workbook(table: Table) -> BytesIO:
    """Return a workbook with one sheet, ready to be read."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        plain = book.add_format()
        money = book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet(table.title.translate(TITLE_FORBIDDEN)[:SHEET_TITLE_MAX])
        for at, (label, text) in enumerate(table.facts):
            sheet.write_string(at, 0, label)
            sheet.write_string(at, 1, inert_text(text))
        top = len(table.facts) + bool(table.facts)
        last = top + len(table.rows)
        sheet.freeze_panes(top + 1, 0)
        sheet.autofilter(top, 0, last, len(table.headings) - 1)
        for column, (heading, width) in enumerate(table.headings):
            sheet.write_string(top, column, heading, bold)
            sheet.set_column(column, column, width)
        body = [*table.rows, table.sums] if table.sums else table.rows
        for at, row in enumerate(body, start=top + 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(at, column, inert_text(value))
                elif value is not None:
                    is_money = isinstance(value, float)
                    sheet.write_number(at, column, value, money if is_money else plain)
    target.seek(0)
    return target
