"""Finished papers read back: the words on their pages and the codes in their pictures.

Read with PDFium and ZXing, which share nothing with what draws the papers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pypdfium2
import zxingcpp

DPI = 203
MM_PER_POINT = 25.4 / 72
# Higher than any page is.
PAGE_MM = 1000.0
# Words whose middles are this near stand on one line.
SAME_LINE_MM = 1.3
# A gap between two glyphs of one word; columns stand further apart.
NEXT_TO_MM = 0.6
FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128])
# The identity line at the foot of every page: control code, pieces, number.
FOOT = re.compile(r"([2-9A-HJ-NP-Z]{4})·(\d+)\s*([A-Z])-(\d{4}[A-Z]?)-(\S+)-r(\d+)\b")
WHOLE = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text where it stands: mm from the top left corner, y of its middle.

    The pages of a file lie under one another, `PAGE_MM` apart.
    """

    x: float
    right: float
    y: float
    text: str


@dataclass(slots=True)
class Sheet:
    """The pages of one number in a file, with what stands and what is coded on them.

    `first_codes` are the codes of the pages that open a copy or a sort of the
    sheet, one set for each.
    """

    letter: str
    batch: str
    scope: str
    revision: int
    control_code: str
    pieces: int
    lines: list[list[Word]] = field(default_factory=list)
    codes: set[tuple[str, str]] = field(default_factory=set)
    pages: int = 0

    @property
    def code(self) -> str:
        """What its QR code must end with."""
        return f"{self.letter}*{self.batch}*{self.scope}*{self.revision}"


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its lines of words, and its codes if they were asked for."""

    lines: list[list[Word]]
    codes: set[tuple[str, str]]


def read_pages(file: Path, *, decode: bool) -> Iterator[Page]:
    """Read every page of a file; `decode` pictures it and looks for codes."""
    document = pypdfium2.PdfDocument(file)
    try:
        for number, page in enumerate(document):
            words = list(_words(page, number * PAGE_MM))
            codes = _codes(page) if decode else set()
            page.close()
            yield Page(_lines(words), codes)
    finally:
        document.close()


def read_sheets(file: Path, *, decode: bool) -> list[Sheet]:
    """Read the sheets of a file in the order of their first pages.

    Raises `ValueError` for a page without an identity line.
    """
    sheets: dict[tuple[str, str, str, str], Sheet] = {}
    for number, page in enumerate(read_pages(file, decode=decode), start=1):
        found = _identity(page)
        if found is None:
            raise ValueError(f"{file.name} page {number} has no identity line")
        control_code, pieces, *identity = found
        letter, batch, scope, revision = identity
        sheet = sheets.setdefault(
            (letter, batch, scope, revision),
            Sheet(letter, batch, scope, int(revision), control_code, int(pieces)),
        )
        sheet.lines.extend(page.lines)
        sheet.codes |= page.codes
        sheet.pages += 1
    return list(sheets.values())


def numbers_after(line: list[Word], word: Word) -> list[int]:
    """The whole numbers that stand alone to the right of a word, from left to right."""
    texts = [other.text for other in line if other.x > word.x]
    return [int(text) for text in texts if WHOLE.fullmatch(text)]


def _identity(page: Page) -> tuple[str, ...] | None:
    for line in reversed(page.lines):
        match = FOOT.search(" ".join(word.text for word in line))
        if match:
            return match.groups()
    return None


def _words(page: pypdfium2.PdfPage, top_mm: float) -> Iterator[Word]:
    height = page.get_height() + top_mm / MM_PER_POINT
    text = page.get_textpage()
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        found = text.get_text_bounded(left, bottom, right, top).strip()
        if found:
            # A box may graze the line under it.
            found = found.splitlines()[0].strip()
            middle = height - (bottom + top) / 2
            yield Word(left * MM_PER_POINT, right * MM_PER_POINT, middle * MM_PER_POINT, found)
    text.close()


def _lines(words: list[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.y):
        if lines and word.y - lines[-1][-1].y <= SAME_LINE_MM:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [_joined(sorted(line, key=lambda word: word.x)) for line in lines]


def _joined(line: list[Word]) -> list[Word]:
    """Words torn apart where their font goes on in another of its parts, as one again."""
    joined: list[Word] = []
    for word in line:
        last = joined[-1] if joined else None
        if last and -NEXT_TO_MM < word.x - last.right < NEXT_TO_MM:
            joined[-1] = replace(last, right=word.right, text=last.text + word.text)
        else:
            joined.append(word)
    return joined


def _codes(page: pypdfium2.PdfPage) -> set[tuple[str, str]]:
    picture = page.render(scale=DPI / 72, grayscale=True).to_numpy()
    found = zxingcpp.read_barcodes(picture, formats=FORMATS, try_rotate=False, try_invert=False)
    return {(code.format.name, code.text) for code in found}
