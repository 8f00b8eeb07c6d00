"""One good as a picture: photo, name, price, what the law wants beside it, the way in."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from fulfillment.pictures.sheet import (
    ACCENT,
    ACCENT_SOFT,
    BYTES_MAX,
    GROUND,
    INK,
    MARGIN,
    PRICE,
    SOFT,
    WIDTH,
    Sheet,
    few_colours,
    png_bytes,
)
from fulfillment.pictures.typeface import clean, face, width

HEIGHT_MAX = 2000
PHOTO_HEIGHT = 760
PLAIN_HEIGHT = 360
QR_SIDE = 250
# Pixels across and colours of a photo: as much detail as the size allows.
DETAILS = ((540, 96), (360, 48), (120, 16))


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsCard:
    """All that stands on a picture of a good; `photo` is a file's content, or empty."""

    photo: bytes
    category: str
    name: str
    price: str
    notes: tuple[str, ...]
    when: str
    call: str
    shop: str
    address: str


def goods_picture(card: GoodsCard, fonts: Path) -> bytes:
    """Draw a good as a PNG 1080 pixels wide.

    A photo that cannot be read is left out; one that would make the file too
    large loses detail.
    """
    photo = _photo(card.photo)
    words = few_colours(_words(card, fonts, has_photo=photo is not None))
    if photo is None:
        return png_bytes(words)
    data = b""
    for across, colours in DETAILS:
        data = png_bytes(_joined(_with_detail(photo, across).quantize(colours), words))
        if len(data) <= BYTES_MAX:
            break
    return data


def _photo(content: bytes) -> Image.Image | None:
    if not content:
        return None
    try:
        with Image.open(io.BytesIO(content)) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGB")
            return ImageOps.fit(upright, (WIDTH, PHOTO_HEIGHT))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _with_detail(photo: Image.Image, across: int) -> Image.Image:
    small = photo.resize((across, across * photo.height // photo.width))
    return small.resize(photo.size, Image.Resampling.BICUBIC)


def _joined(photo: Image.Image, words: Image.Image) -> Image.Image:
    """A photo over words, each with its own colours, so that neither spoils the other's."""
    mine = photo.getpalette() or []
    theirs = words.getpalette() or []
    shift = len(mine) // 3
    whole = Image.new("P", (WIDTH, photo.height + words.height))
    whole.putpalette([*mine, *theirs])
    whole.paste(photo, (0, 0))
    whole.paste(words.point([(at + shift) % 256 for at in range(256)]), (0, photo.height))
    return whole


def _words(card: GoodsCard, fonts: Path, *, has_photo: bool) -> Image.Image:
    """Everything but the photo."""
    sheet = Sheet(fonts, HEIGHT_MAX)
    if not has_photo:
        _plain(sheet, card.category)
    sheet.skip(36)
    sheet.lines(card.name, 58, bold=True, colour=INK)
    sheet.lines(card.price, 68, bold=True, colour=PRICE, most=1)
    sheet.skip(12)
    for note in card.notes:
        sheet.lines(note, 40, colour=SOFT, most=1)
    sheet.skip(28)
    _foot(sheet, card)
    return sheet.cut()


def _plain(sheet: Sheet, category: str) -> None:
    """A calm ground with the name of the shelf, where there is no photo."""
    sheet.band(PLAIN_HEIGHT, ACCENT_SOFT)
    font = face(sheet.fonts, 120, True)
    word = clean(sheet.fonts, category)[:4]
    left = (WIDTH - width(font, word)) // 2
    sheet.pen.text((left, PLAIN_HEIGHT // 2), word, font=font, fill=ACCENT, anchor="lm")
    sheet.skip(PLAIN_HEIGHT)


def _foot(sheet: Sheet, card: GoodsCard) -> None:
    sheet.band(QR_SIDE + 56, GROUND)
    sheet.skip(28)
    top = sheet.y
    sheet.qr(card.address, left=MARGIN, side=QR_SIDE)
    beside = (MARGIN + QR_SIDE + 40, WIDTH - MARGIN)
    sheet.skip(24)
    sheet.lines(card.call, 48, bold=True, colour=ACCENT, room=beside, most=1)
    sheet.lines(card.when, 36, colour=SOFT, room=beside)
    sheet.lines(card.shop, 36, colour=SOFT, room=beside, most=1)
    sheet.y = top + QR_SIDE + 28
