"""Reads and writes day bundles on disk; everything is text, nothing is judged.

A file that cannot be read as a whole is refused here, before anything is
written: wrong encoding, missing file or column, broken quoting. What single
rows mean is the business of `fulfillment.domain.bundle_understanding`.
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from django.utils.translation import gettext as _

from fulfillment.domain.bundle_format import (
    CAMPAIGN_FILE,
    COLUMNS,
    RawBundle,
    Sheet,
    SheetRow,
)
from fulfillment.errors import BundleUnreadable
from fulfillment.integrations.result_files import document_write, file_write

# A row may carry some cells too many (a comma without quotes) and is then
# refused alone; beyond this the file is something else altogether.
SPARE_CELLS = 24
FILE_LIMIT_BYTES = 256 * 1024 * 1024
# The parser's own words are cut: they can quote a whole cell.
REASON_LIMIT = 120


def bundle_read(directory: Path) -> RawBundle:
    """Read all files of the bundle in `directory` as text.

    Raises
    ------
    BundleUnreadable
        If the directory or one of its files cannot be read as a whole.
    """
    if not directory.is_dir():
        raise BundleUnreadable(
            _("%(path)s is not a directory; a day bundle is a directory of CSV files.")
            % {"path": directory},
            file=str(directory),
            reason="not_a_directory",
        )
    digest = hashlib.sha256()
    texts = {}
    for file in (CAMPAIGN_FILE, *COLUMNS):
        content = _content(directory, file)
        digest.update(f"{file}:{len(content)}\n".encode() + content)
        texts[file] = _text(file, content)
    return RawBundle(
        sha256=digest.hexdigest(),
        campaign=_campaign(texts[CAMPAIGN_FILE]),
        sheets={file: _sheet(file, texts[file]) for file in COLUMNS},
    )


def bundle_write(
    directory: Path,
    *,
    campaign: Mapping[str, str],
    tables: Mapping[str, Sequence[Sequence[str]]],
) -> None:
    """Write a bundle that `bundle_read` reads, every file whole or not at all.

    `tables` holds the rows of each CSV file in the order of its columns. The
    cells are written as they are: a bundle is data for this program, and a
    person who opens it in a spreadsheet opens their own file.
    """
    document_write(directory / CAMPAIGN_FILE, campaign)
    for file, columns in COLUMNS.items():
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(tables[file])
        file_write(directory / file, buffer.getvalue().encode())


def _content(directory: Path, file: str) -> bytes:
    path = directory / file
    try:
        if path.stat().st_size > FILE_LIMIT_BYTES:
            raise _unreadable(file, "too_big", _("%(file)s is larger than 256 MB."))
        return path.read_bytes()
    except FileNotFoundError:
        raise _unreadable(
            file,
            "missing_file",
            _("%(file)s is missing; a day bundle holds %(files)s."),
            files=", ".join((CAMPAIGN_FILE, *COLUMNS)),
        ) from None
    except OSError as error:
        raise _unreadable(
            file,
            "not_readable",
            _("%(file)s cannot be opened: %(why)s."),
            why=error.strerror or str(error),
        ) from error


def _text(file: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        guess = _encoding_guess(content)
        line = content.count(b"\n", 0, error.start) + 1
        if guess == "xlsx":
            raise _unreadable(
                file,
                "not_csv",
                _("%(file)s is an Excel workbook; save it as “CSV UTF-8”."),
            ) from error
        if guess:
            raise _unreadable(
                file,
                "encoding",
                _(
                    "%(file)s is not UTF-8 (it looks like %(encoding)s, line %(line)d); "
                    "save it as “CSV UTF-8” and import again."
                ),
                encoding=guess,
                line=line,
            ) from error
        raise _unreadable(
            file,
            "encoding",
            _(
                "%(file)s is not UTF-8: line %(line)d holds bytes that mean nothing; "
                "export the file again."
            ),
            line=line,
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding_guess(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        return "xlsx"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GBK"


def _campaign(text: str) -> Mapping[str, object]:
    try:
        fields = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise _unreadable(
            CAMPAIGN_FILE,
            "not_json",
            _("%(file)s is not valid JSON (line %(line)d)."),
            line=line,
        ) from error
    except RecursionError as error:
        raise _unreadable(CAMPAIGN_FILE, "not_json", _("%(file)s is nested too deeply.")) from error
    if not isinstance(fields, dict):
        raise _unreadable(CAMPAIGN_FILE, "not_json", _("%(file)s must hold one JSON object."))
    return fields


def _sheet(file: str, text: str) -> Sheet:
    header = _header(file, text)
    positions = [(name, header.index(name)) for name in COLUMNS[file]]
    rows = []
    for number, cells in enumerate(_cells(file, text, len(header))[1:], start=2):
        if not any(cells):
            continue
        if _swallowed_rows(cells, len(header)):
            raise _broken_quotes(file, number)
        surplus = any(cells[len(header) :])
        rows.append(
            SheetRow(number, {name: cells[position] for name, position in positions}, surplus)
        )
    return Sheet(file, rows)


def _header(file: str, text: str) -> list[str]:
    first_line = text[: text.find("\n") + 1] or text
    cells = _cells(file, first_line, first_line.count(",") + 1)[0]
    header = [name.strip() for name in cells]
    while header and not header[-1]:
        header.pop()
    missing = [name for name in COLUMNS[file] if name not in header]
    if missing:
        raise _unreadable(
            file,
            "missing_column",
            _("%(file)s lacks the column(s) %(missing)s; its first line reads: %(found)s."),
            missing=", ".join(missing),
            found=", ".join(header)[:REASON_LIMIT],
        )
    repeated = [name for name in COLUMNS[file] if header.count(name) > 1]
    if repeated:
        raise _unreadable(
            file,
            "repeated_column",
            _("%(file)s has the column(s) %(repeated)s more than once."),
            repeated=", ".join(repeated),
        )
    return header


def _cells(file: str, text: str, width: int) -> list[list[str]]:
    """All rows of a CSV text, the header first, each padded to one length.

    Blank lines are kept, so that the number of a row is the one a spreadsheet
    shows; short rows are filled up with empty cells.
    """
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            header=None,
            names=range(width + SPARE_CELLS),
            index_col=False,
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,
        )
    except pd.errors.EmptyDataError:
        return [[]]
    except pd.errors.ParserError as error:
        if "EOF inside string" in str(error):
            raise _broken_quotes(file, _row_in(str(error))) from error
        raise _unreadable(
            file,
            "broken_rows",
            _("%(file)s cannot be read as CSV: %(why)s"),
            why=str(error).strip()[:REASON_LIMIT],
        ) from error
    rows: list[list[str]] = frame.to_numpy(dtype=object).tolist()
    return rows or [[]]


def _row_in(message: str) -> int:
    """The row the parser names; it counts from 0 and takes the header for a row."""
    digits = message.rsplit(" ", 1)[-1]
    return int(digits) + 1 if digits.isdigit() else 1


def _swallowed_rows(cells: Sequence[str], width: int) -> bool:
    """Whether a quote that was never closed has swallowed whole rows into a cell.

    A line break inside quotes is allowed, and so are commas; both together in
    the number a whole row has are the mark of two stray quotes, and everything
    between them would vanish without a trace.
    """
    return any("\n" in cell and cell.count(",") >= width - 1 for cell in cells)


def _broken_quotes(file: str, row: int) -> BundleUnreadable:
    return _unreadable(
        file,
        "broken_quotes",
        _("%(file)s has a quotation mark that is never closed, near row %(row)d."),
        row=row,
    )


def _unreadable(file: str, reason: str, wording: str, **params: str | int) -> BundleUnreadable:
    return BundleUnreadable(wording % {"file": file, **params}, file=file, reason=reason, **params)
