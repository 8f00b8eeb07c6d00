"""A poster of a leader's shop, for a door, a counter or Moments."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from fulfillment.pictures.sheet import (
    ACCENT,
    ACCENT_SOFT,
    INK,
    MARGIN,
    PAPER,
    SOFT,
    WIDTH,
    Sheet,
    few_colours,
    png_bytes,
)
from fulfillment.pictures.typeface import clean, face, fit_line, width

HEIGHT_MAX = 2000
HEAD_HEIGHT = 360
QR_SIDE = 560
STEPS_MAX = 3
PLACES_MAX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """All that stands on a poster: whose shop, how it works, where the goods are."""

    headline: str
    shop: str
    call: str
    steps: tuple[str, ...]
    places: tuple[str, ...]
    address: str


def poster_picture(poster: Poster, fonts: Path) -> bytes:
    """Draw a poster as a PNG 1080 pixels wide."""
    sheet = Sheet(fonts, HEIGHT_MAX)
    sheet.band(HEAD_HEIGHT, ACCENT)
    sheet.skip(80)
    _centred(sheet, poster.shop, 84, PAPER)
    _centred(sheet, poster.headline, 44, ACCENT_SOFT, bold=False)
    sheet.y = HEAD_HEIGHT + 56
    sheet.qr(poster.address, left=(WIDTH - QR_SIDE) // 2, side=QR_SIDE, centred=True)
    sheet.skip(QR_SIDE + 8)
    _centred(sheet, poster.call, 60, ACCENT)
    sheet.skip(28)
    for number, step in enumerate(poster.steps[:STEPS_MAX], start=1):
        sheet.lines(f"{number}. {step}", 42, colour=INK)
        sheet.skip(6)
    sheet.skip(22)
    sheet.rule()
    sheet.skip(26)
    for place in poster.places[:PLACES_MAX]:
        sheet.lines(place, 38, colour=SOFT)
    sheet.skip(44)
    return png_bytes(few_colours(_framed(sheet.cut())))


def _centred(sheet: Sheet, text: str, size: int, colour: str, *, bold: bool = True) -> None:
    font = face(sheet.fonts, size, bold)
    shown = fit_line(font, clean(sheet.fonts, text), WIDTH - 2 * MARGIN)
    left = (WIDTH - width(font, shown)) // 2
    sheet.pen.text((left, sheet.y), shown, font=font, fill=colour)
    sheet.skip(round(size * 1.5))


def _framed(picture: Image.Image) -> Image.Image:
    """A quiet edge, so that a printed poster can be cut."""
    edge = Image.new("RGB", picture.size, ACCENT)
    edge.paste(picture.crop((8, 8, picture.width - 8, picture.height - 8)), (8, 8))
    return edge
