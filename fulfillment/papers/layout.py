"""A sheet of paper to draw on: millimetres from the top left corner, y downwards.

A `Sheet` holds the pages of one document in plain lists until the document
ends; only then is the number of its pages known, and its foot is drawn on
each. A file may hold many documents, each numbered for itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from io import BytesIO

from reportlab import rl_config
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from fulfillment.papers.codes import (
    BAR_MODULE_MM,
    QR_QUIET_MODULES,
    bar_runs,
    qr_runs,
)
from fulfillment.papers.fonts import BOLD, MM_PER_POINT, REGULAR, clean, fit_line, text_width
from fulfillment.papers.template import SHIPPED

# Binary streams: a fifth smaller, and faster to write than their ASCII form.
rl_config.useA85 = 0

MARGIN = 12.0
# Grey is a help, never the message: papers are copied and faxed.
BLACK = 0.0
SOFT = 0.42
HAIR = 0.72
ZEBRA = 0.95
WHITE = 1.0
# Height of a capital or a digit as a part of the type size.
CAP_HEIGHT = 0.73


class Align(Enum):
    """Where text stands against its x."""

    LEFT = 0.0
    CENTER = 0.5
    RIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Type:
    """How text is set: points, weight, grey and alignment."""

    size: float = 11
    bold: bool = False
    grey: float = BLACK
    align: Align = Align.LEFT

    @property
    def cap_mm(self) -> float:
        """Height of its digits in mm."""
        return self.size * CAP_HEIGHT * MM_PER_POINT


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, width and height in mm."""

    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class _Page:
    fills: list[tuple[float, Box]] = field(default_factory=list)
    lines: list[tuple[float, float, float, float, float, float]] = field(default_factory=list)
    dashes: list[tuple[float, float, float, float]] = field(default_factory=list)
    frames: list[tuple[float, Box]] = field(default_factory=list)
    runs: list[tuple[Box, ...]] = field(default_factory=list)
    texts: list[tuple[float, float, Type, str]] = field(default_factory=list)
    pictures: list[tuple[Box, bytes]] = field(default_factory=list)


class Sheet:
    """One PDF file of pages under construction.

    Parameters
    ----------
    title
        Shown by PDF viewers; not printed.
    wide
        True for landscape.
    page_mm
        Width and height of a page that is no A4: a label's.
    """

    def __init__(
        self, title: str, *, wide: bool = False, page_mm: tuple[float, float] | None = None
    ) -> None:
        size = landscape(A4) if wide else A4
        if page_mm is not None:
            size = (page_mm[0] / MM_PER_POINT, page_mm[1] / MM_PER_POINT)
        self.width: float = size[0] * MM_PER_POINT
        self.height: float = size[1] * MM_PER_POINT
        self.left: float = MARGIN
        self.right: float = self.width - MARGIN
        self.top = MARGIN - 2
        self.bottom: float = self.height - MARGIN - 4
        self.pages = 0
        # The operator's, of the document being drawn.
        self.template = SHIPPED
        self._buffer = BytesIO()
        self._canvas = Canvas(self._buffer, pagesize=size, invariant=1, pageCompression=1)
        self._canvas.setTitle(title)
        self._canvas.setAuthor("Tuanpei")
        self._document: list[_Page] = []
        self._page = _Page()

    @property
    def page_number(self) -> int:
        """Number of the current page within its document."""
        return len(self._document)

    def new_page(self) -> None:
        """Begin the next page of the current document."""
        self._page = _Page()
        self._document.append(self._page)

    def end_document(self, draw_foot: Callable[[int, int], None]) -> None:
        """Number the document's pages with `draw_foot(page, pages)` and write them."""
        total = len(self._document)
        for number, page in enumerate(self._document, start=1):
            self._page = page
            draw_foot(number, total)
            self._write(page)
        self.pages += total
        self._document = []

    def finish(self) -> bytes:
        """The bytes of the file."""
        self._canvas.save()
        return self._buffer.getvalue()

    def text(self, x: float, y: float, text: str, style: Type) -> None:
        """Write `text` with its baseline at `y`."""
        if text:
            if style.align is not Align.LEFT:
                x -= text_width(text, style.size, style.bold) * style.align.value
            self._page.texts.append((x, y, style, text))

    def fitted(self, x: float, y: float, text: str, style: Type, *, width: float) -> None:
        """Write outside text cleaned, and cut to `width` mm."""
        self.text(x, y, fit_line(clean(text), width, style.size, style.bold), style)

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        *,
        width: float = 0.2,
        grey: float = BLACK,
    ) -> None:
        """Draw a straight line, `width` mm thick."""
        self._page.lines.append((*start, *end, width, grey))

    def rule(self, y: float, *, width: float = 0.2, grey: float = BLACK) -> None:
        """Draw a line over the full width of the text area."""
        self.line((self.left, y), (self.right, y), width=width, grey=grey)

    def dashed(self, y: float, x_from: float, x_to: float) -> None:
        """Draw a dashed line to cut along."""
        self._page.dashes.append((x_from, y, x_to, y))

    def frame(self, box: Box, *, width: float = 0.3) -> None:
        """Draw the outline of `box`."""
        self._page.frames.append((width, box))

    def fill(self, box: Box, grey: float) -> None:
        """Fill `box`; everything else is drawn over it."""
        self._page.fills.append((grey, box))

    def tick_box(self, x: float, y: float, size: float = 4.2) -> None:
        """Draw an empty box to tick, centred on `(x, y)`."""
        self.frame(Box(x - size / 2, y - size / 2, size, size), width=0.35)

    def picture(self, box: Box, data: bytes) -> None:
        """Draw a JPEG or PNG as large as fits into `box`, at its top left corner."""
        self._page.pictures.append((box, data))

    def qr(self, x: float, y: float, size: float, payload: str) -> None:
        """Draw a QR code, `size` mm with its quiet zone, top left at `(x, y)`."""
        modules, runs = qr_runs(payload)
        module = size / (modules + 2 * QR_QUIET_MODULES)
        left, top = x + QR_QUIET_MODULES * module, y + QR_QUIET_MODULES * module
        self._page.runs.append(
            tuple(
                Box(left + column * module, top + row * module, length * module, module)
                for column, row, length in runs
            )
        )

    def bars(self, x: float, y: float, height: float, payload: str) -> float:
        """Draw a Code128 with its quiet zones, top left at `(x, y)`; gives its width."""
        modules, bars = bar_runs(payload)
        self._page.runs.append(
            tuple(
                Box(x + offset * BAR_MODULE_MM, y, width * BAR_MODULE_MM, height)
                for offset, width in bars
            )
        )
        return modules * BAR_MODULE_MM

    def _rect(self, box: Box) -> tuple[float, float, float, float]:
        return (
            box.x / MM_PER_POINT,
            (self.height - box.y - box.height) / MM_PER_POINT,
            box.width / MM_PER_POINT,
            box.height / MM_PER_POINT,
        )

    def _write(self, page: _Page) -> None:
        canvas = self._canvas
        for grey, box in page.fills:
            canvas.setFillGray(grey)
            canvas.rect(*self._rect(box), stroke=0, fill=1)
        canvas.setFillGray(BLACK)
        for boxes in page.runs:
            path = canvas.beginPath()
            for box in boxes:
                path.rect(*self._rect(box))
            canvas.drawPath(path, stroke=0, fill=1)
        for box, data in page.pictures:
            canvas.drawImage(
                ImageReader(BytesIO(data)),
                *self._rect(box),
                preserveAspectRatio=True,
                anchor="nw",
            )
        self._write_strokes(page)
        self._write_texts(page)
        canvas.showPage()

    def _write_strokes(self, page: _Page) -> None:
        canvas = self._canvas
        state: tuple[float, float] | None = None
        for x1, y1, x2, y2, width, grey in sorted(page.lines, key=lambda one: one[4:]):
            if state != (width, grey):
                canvas.setLineWidth(width / MM_PER_POINT)
                canvas.setStrokeGray(grey)
                state = (width, grey)
            canvas.line(*self._points(x1, y1), *self._points(x2, y2))
        canvas.setStrokeGray(BLACK)
        for width, box in page.frames:
            canvas.setLineWidth(width / MM_PER_POINT)
            canvas.rect(*self._rect(box), stroke=1, fill=0)
        if page.dashes:
            canvas.setLineWidth(0.2 / MM_PER_POINT)
            canvas.setDash(4, 3)
            for x1, y1, x2, y2 in page.dashes:
                canvas.line(*self._points(x1, y1), *self._points(x2, y2))
            canvas.setDash()

    def _points(self, x: float, y: float) -> tuple[float, float]:
        return x / MM_PER_POINT, (self.height - y) / MM_PER_POINT

    def _write_texts(self, page: _Page) -> None:
        block = self._canvas.beginText()
        font: tuple[float, bool] | None = None
        grey: float | None = None
        for x, y, style, text in page.texts:
            if font != (style.size, style.bold):
                font = (style.size, style.bold)
                block.setFont(BOLD if style.bold else REGULAR, style.size)
            if grey != style.grey:
                grey = style.grey
                block.setFillGray(grey)
            block.setTextOrigin(*self._points(x, y))
            block.textOut(text)
        self._canvas.drawText(block)
