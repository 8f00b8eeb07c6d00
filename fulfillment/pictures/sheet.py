"""A picture for a phone: 1080 pixels wide, drawn from the top down.

Sizes are pixels of the finished picture; a phone shows three of them as one,
so 36 here is what 12 is on a page.
"""

import io
from pathlib import Path

import segno
from PIL import Image, ImageDraw

from fulfillment.pictures.typeface import clean, face, fit_line, width, wrap

WIDTH = 1080
MARGIN = 64
# A chat shows what is small at once; larger pictures wait for a tap.
BYTES_MAX = 300_000
FLAT_COLOURS = 96
# The last tenth of the size costs ten times the time.
COMPRESSION = 6
QR_QUIET_MODULES = 4
LINE = 1.45

INK = "#17211c"
SOFT = "#4c5a53"
FAINT = "#5f6c65"
PAPER = "#ffffff"
GROUND = "#f4f6f4"
RULE = "#dde3df"
ACCENT = "#0a6a4c"
ACCENT_SOFT = "#e3f1eb"
PRICE = "#b3321c"
CAUTION = "#7d4f00"
INFO = "#23548b"


class Sheet:
    """A white picture that grows downwards; `y` is where the next thing begins."""

    def __init__(self, fonts: Path, height: int) -> None:
        self.fonts = fonts
        self.image = Image.new("RGB", (WIDTH, height), PAPER)
        self.pen = ImageDraw.Draw(self.image)
        self.y = 0

    def band(self, height: int, colour: str) -> None:
        """Colour the next so many pixels, without going on."""
        self.pen.rectangle((0, self.y, WIDTH, self.y + height), fill=colour)

    def skip(self, pixels: int) -> None:
        """Leave room."""
        self.y += pixels

    def rule(self) -> None:
        """A thin line across."""
        self.pen.rectangle((MARGIN, self.y, WIDTH - MARGIN, self.y + 2), fill=RULE)
        self.y += 2

    def lines(
        self,
        text: str,
        size: int,
        *,
        bold: bool = False,
        colour: str = INK,
        room: tuple[int, int] = (MARGIN, WIDTH - MARGIN),
        most: int = 2,
    ) -> None:
        """Write a text over at most `most` lines between two edges, and go on below it."""
        font = face(self.fonts, size, bold)
        for row in wrap(font, clean(self.fonts, text), room[1] - room[0], most):
            self.pen.text((room[0], self.y), row, font=font, fill=colour)
            self.y += round(size * LINE)

    def right(self, text: str, size: int, *, colour: str, edge: int = WIDTH - MARGIN) -> int:
        """Write a short text that ends at an edge, without going on; return where it begins."""
        font = face(self.fonts, size, True)
        shown = fit_line(font, clean(self.fonts, text), edge - MARGIN)
        begins = edge - width(font, shown)
        self.pen.text((begins, self.y), shown, font=font, fill=colour)
        return begins

    def qr(self, payload: str, *, left: int, side: int, centred: bool = False) -> None:
        """Draw a QR code with its quiet zone in a square of at most `side`, without going on."""
        code = segno.make(payload, error="m", micro=False)
        modules = code.symbol_size(scale=1, border=QR_QUIET_MODULES)[0]
        scale = max(1, side // modules)
        drawn = io.BytesIO()
        code.save(drawn, kind="png", scale=scale, border=QR_QUIET_MODULES)
        drawn.seek(0)
        with Image.open(drawn) as symbol:
            spare = (side - symbol.height) // 2
            at = (left + spare if centred else left, self.y + spare)
            self.image.paste(symbol.convert("RGB"), at)

    def cut(self) -> Image.Image:
        """The picture as far as it was drawn."""
        return self.image.crop((0, 0, WIDTH, min(self.y, self.image.height)))


def few_colours(picture: Image.Image) -> Image.Image:
    """Words and lines with a palette: they need few colours, and keep those they have."""
    return picture.quantize(FLAT_COLOURS, dither=Image.Dither.NONE)


def png_bytes(picture: Image.Image) -> bytes:
    """A picture with a palette as PNG."""
    written = io.BytesIO()
    picture.save(written, format="PNG", compress_level=COMPRESSION)
    return written.getvalue()
