"""Papers read back: their text by rows, and their codes from the picture of a page."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pypdfium2
import zxingcpp
from PIL.Image import Image
from pypdf import PdfReader

MM = 72 / 25.4
# Rows stand 7 mm apart or more, second lines of a cell 3 mm under the first.
SAME_ROW_MM = 2.0


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text where it stands: mm from the top left corner, size in points."""

    page: int
    x: float
    y: float
    size: float
    text: str


def words(pdf: bytes) -> list[Word]:
    """Every piece of text in the order it was written."""
    found: list[Word] = []
    for number, page in enumerate(PdfReader(BytesIO(pdf)).pages, start=1):
        height = float(page.mediabox.height)

        def take(
            text: str,
            _cm: Any,
            tm: list[float],
            _font: Any,
            size: float,
            number: int = number,
            height: float = height,
        ) -> None:
            if text.strip():
                word = Word(number, tm[4] / MM, (height - tm[5]) / MM, size, text.strip("\n"))
                found.append(word)

        page.extract_text(visitor_text=take)
    return found


def rows(pdf: bytes) -> list[str]:
    """The text of the file row by row, each row's words from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words(pdf), key=lambda w: (w.page, w.y)):
        last = lines[-1][0] if lines else None
        if last and last.page == word.page and word.y - last.y <= SAME_ROW_MM:
            lines[-1].append(word)
        else:
            lines.append([word])
    ordered = (sorted(line, key=lambda word: word.x) for line in lines)
    return [" ".join(" ".join(word.text for word in line).split()) for line in ordered]


def page_texts(pdf: bytes) -> list[str]:
    """The text of every page."""
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def picture(pdf: bytes, page: int = 0, dpi: int = 203) -> Image:
    """The picture a printer of `dpi` would make of a page."""
    image: Image = pypdfium2.PdfDocument(pdf)[page].render(scale=dpi / 72).to_pil()
    return image.convert("L")


def codes(pdf: bytes, page: int = 0, dpi: int = 203) -> set[tuple[str, str]]:
    """What a scanner reads from the picture of a page: (kind of code, text)."""
    found = zxingcpp.read_barcodes(picture(pdf, page, dpi))
    return {(code.format.name, code.text) for code in found}
