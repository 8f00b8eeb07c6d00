"""A post as a picture: what it is, where and when, a list, and the way in."""

from dataclasses import dataclass
from pathlib import Path

from fulfillment.pictures.sheet import (
    ACCENT,
    CAUTION,
    FAINT,
    GROUND,
    INFO,
    INK,
    MARGIN,
    PRICE,
    SOFT,
    WIDTH,
    Sheet,
    few_colours,
    png_bytes,
)

# Room for everything below at its longest; what is not needed is cut off.
HEIGHT_MAX = 2800
# A longer list is shown too small to read in a chat.
ROWS_MAX = 8
NOTES_MAX = 4
QR_SIDE = 260
TONES = {"sale": ACCENT, "call": PRICE, "report": INFO, "arrival": CAUTION}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """One line of the list: what, what about it, and the figure at the right."""

    name: str
    note: str = ""
    figure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCard:
    """All that stands on a picture.

    `tone` is a key of `TONES`; `address` is what the QR code leads to.
    """

    tone: str
    kicker: str
    title: str
    facts: tuple[str, ...]
    rows: tuple[CardRow, ...]
    notes: tuple[str, ...]
    call: str
    shop: str
    address: str


def post_picture(card: PostCard, fonts: Path) -> bytes:
    """Draw a post.

    Parameters
    ----------
    card
        What stands on it; of the rows the first eight.
    fonts
        Folder of the font files.

    Returns
    -------
    bytes
        A PNG, 1080 pixels wide and as tall as it needs to be.
    """
    sheet = Sheet(fonts, HEIGHT_MAX)
    _head(sheet, card)
    for row in card.rows[:ROWS_MAX]:
        _row(sheet, row)
    if card.notes:
        sheet.skip(24)
    for note in card.notes[:NOTES_MAX]:
        sheet.lines(note, 38, colour=SOFT)
        sheet.skip(8)
    _foot(sheet, card)
    return png_bytes(few_colours(sheet.cut()))


def _head(sheet: Sheet, card: PostCard) -> None:
    sheet.band(168, TONES[card.tone])
    sheet.skip(42)
    sheet.lines(card.kicker, 62, bold=True, colour="#ffffff", most=1)
    sheet.y = 168
    sheet.skip(36)
    sheet.lines(card.title, 50, bold=True)
    for fact in card.facts:
        sheet.lines(fact, 42, colour=SOFT)
    sheet.skip(20)


def _row(sheet: Sheet, row: CardRow) -> None:
    sheet.rule()
    sheet.skip(20)
    begins = WIDTH - MARGIN
    if row.figure:
        begins = sheet.right(row.figure, 50, colour=PRICE) - 32
    sheet.lines(row.name, 44, bold=True, colour=INK, room=(MARGIN, begins))
    if row.note:
        sheet.lines(row.note, 34, colour=FAINT, room=(MARGIN, begins), most=1)
    sheet.skip(16)


def _foot(sheet: Sheet, card: PostCard) -> None:
    sheet.skip(32)
    sheet.band(QR_SIDE + 64, GROUND)
    sheet.skip(32)
    top = sheet.y
    sheet.qr(card.address, left=MARGIN, side=QR_SIDE)
    beside = (MARGIN + QR_SIDE + 40, WIDTH - MARGIN)
    sheet.skip(34)
    sheet.lines(card.call, 50, bold=True, colour=ACCENT, room=beside, most=2)
    sheet.lines(card.shop, 36, colour=SOFT, room=beside, most=1)
    sheet.y = top + QR_SIDE + 32
