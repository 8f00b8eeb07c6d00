"""Spreadsheets in and out."""

import io
import os
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from orders.errors import SheetUnreadable
from orders.integrations.sheets import (
    BYTES_MAX,
    KEPT_SECONDS,
    ROWS_MAX,
    csv_bytes,
    sheet_keep,
    sheet_read,
    sheet_take,
    workbook_bytes,
)

HEADINGS = ("编码", "成本")
ROWS = [("K001", Decimal("4.20")), ("=1+1", None)]


def book(*rows: tuple[str | None, ...]) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def test_a_workbook_is_read_back_with_the_numbers_of_its_rows() -> None:
    found = sheet_read(workbook_bytes("供应", HEADINGS, ROWS))

    assert found.headings == HEADINGS
    assert found.rows == ((2, ["K001", 4.2]), (3, ["'=1+1", None]))


def test_a_csv_is_read_back_in_the_letters_of_excel() -> None:
    content = csv_bytes(HEADINGS, ROWS)

    assert content.startswith(b"\xef\xbb\xbf")
    assert sheet_read(content).rows == ((2, ["K001", "4.20"]), (3, ["'=1+1", ""]))


def test_a_csv_of_a_chinese_windows_is_read() -> None:
    assert sheet_read("编码,成本\nK001,4.20\n".encode("gb18030")).headings == HEADINGS


def test_a_formula_comes_as_its_text_and_not_as_what_it_computed() -> None:
    assert sheet_read(book(HEADINGS, ("K001", "=2*2"))).rows == ((2, ["K001", "=2*2"]),)


def test_texts_in_a_written_workbook_are_no_formulas() -> None:
    made = openpyxl.load_workbook(io.BytesIO(workbook_bytes("a/b", HEADINGS, ROWS)))
    sheet = made.worksheets[0]

    assert sheet.title == "a-b"
    assert [cell.data_type for cell in sheet["A"]] == ["s", "s", "s"]
    assert sheet["B2"].number_format == "#,##0.00"


def test_empty_rows_are_left_out_and_short_ones_filled() -> None:
    found = sheet_read(book(HEADINGS, (), ("K001",), (None, " ")))

    assert found.rows == ((3, ["K001", None]),)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\xff\xfe\x00\x81", b"PK\x03\x04 no archive", b'a,b\n"open\n', b"a\0,b\n"],
)
def test_what_is_no_spreadsheet_is_refused(content: bytes) -> None:
    with pytest.raises(SheetUnreadable):
        sheet_read(content)


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("notes.txt", "hello")

    with pytest.raises(SheetUnreadable):
        sheet_read(target.getvalue())


def test_files_beyond_the_limits_are_refused() -> None:
    for content in (b"a\n" * (ROWS_MAX + 2), b"a" * (BYTES_MAX + 1), b"," * 61):
        with pytest.raises(SheetUnreadable):
            sheet_read(content)


def test_a_file_is_kept_for_an_hour(tmp_path: Path) -> None:
    key = sheet_keep(tmp_path, b"a,b\n")
    assert sheet_take(tmp_path, key) == b"a,b\n"
    (kept,) = tmp_path.iterdir()
    os.utime(kept, (kept.stat().st_mtime - KEPT_SECONDS - 1,) * 2)

    sheet_keep(tmp_path, b"c\n")

    with pytest.raises(SheetUnreadable):
        sheet_take(tmp_path, key)
