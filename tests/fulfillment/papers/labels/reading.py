"""Labels read back glyph by glyph."""

from dataclasses import dataclass

import pypdfium2
import zxingcpp

from fulfillment.papers.layout import Box
from tests.fulfillment.papers.reading import MM, picture

DPI = 203


@dataclass(frozen=True, slots=True)
class Glyph:
    """The ink of one character: mm from the page's top left corner."""

    char: str
    left: float
    top: float
    right: float
    bottom: float


def glyphs(pdf: bytes, page: int = 0) -> list[Glyph]:
    """Every character with ink on a page."""
    sheet = pypdfium2.PdfDocument(pdf)[page]
    height = sheet.get_height()
    text = sheet.get_textpage()
    found = []
    for at in range(text.count_chars()):
        char = text.get_text_range(at, 1)
        left, bottom, right, top = text.get_charbox(at)
        if char.strip():
            found.append(
                Glyph(char, left / MM, (height - top) / MM, right / MM, (height - bottom) / MM)
            )
    return found


def page_words(pdf: bytes, page: int = 0) -> list[str]:
    """The words of a page as a reader's eye separates them."""
    words: list[str] = pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_range().split()
    return words


def dark_square(pdf: bytes, label: Box) -> tuple[float, float, float, float]:
    """Where the QR symbol of the label lies: left, top, right and bottom in mm."""
    (code,) = zxingcpp.read_barcodes(picture(pdf, dpi=DPI))
    corners = [
        code.position.top_left,
        code.position.top_right,
        code.position.bottom_left,
        code.position.bottom_right,
    ]
    left, right = (edge([c.x for c in corners]) / DPI * 25.4 for edge in (min, max))
    top, bottom = (edge([c.y for c in corners]) / DPI * 25.4 for edge in (min, max))
    assert label.x <= left < right <= label.x + label.width
    assert label.y <= top < bottom <= label.y + label.height
    return left, top, right, bottom
