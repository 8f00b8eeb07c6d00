"""Tables that flow over pages: heads repeat, rows are never split."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from fulfillment.papers.fonts import MM_PER_POINT, clean, text_width, wrap
from fulfillment.papers.layout import HAIR, SOFT, ZEBRA, Align, Box, Sheet, Type

PAD = 1.2
HEADING = Type(8.5, bold=True)
BODY = Type(11)
SUB = Type(8, grey=SOFT)
SUB_HEIGHT = 3.4
LINE_SPACING = 1.25


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"  # words, wrapped; a tuple gives a second line in small type
    NUMBER = "number"  # a figure or a code: one line, shrunk rather than cut
    QUANTITY = "quantity"  # 16 pt bold, boxed from 2 upwards
    TICK = "tick"  # a drawn box
    BLANK = "blank"  # an empty cell to write in


class Tone(Enum):
    """How a row is set."""

    NORMAL = "normal"
    ZEBRA = "zebra"
    FADED = "faded"  # nothing comes: stays visible, in grey
    TOTAL = "total"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its heading, width in mm and how its cells are set.

    An operator's template may hide a column that has a `key`.
    """

    heading: str
    width: float
    kind: Kind = Kind.TEXT
    type: Type = BODY
    lines: int = 2
    key: str = ""


Cell = str | tuple[str, str]
# What a cell needs: height in mm, lines of its text, its small second line.
_Fitted = tuple[float, tuple[str, ...], str]
QUANTITY_TYPE = Type(16, bold=True, align=Align.RIGHT)


class Flow:
    """Where the next thing goes on the page, and how a new page begins.

    Parameters
    ----------
    sheet
        The file being drawn.
    y
        Where the first page is free from.
    next_page
        Begins a page and gives the y below its head.
    """

    def __init__(self, sheet: Sheet, y: float, next_page: Callable[[], float]) -> None:
        self.sheet = sheet
        self.y = y
        self._next_page = next_page

    def fits(self, height: float) -> bool:
        """True if `height` mm are left on the page."""
        return self.y + height <= self.sheet.bottom + 0.01

    def break_page(self) -> None:
        """Go on at the top of a new page."""
        self.y = self._next_page()

    def reserve(self, height: float) -> None:
        """Go to a new page now unless `height` mm are left on this one."""
        if not self.fits(height):
            self.break_page()

    def take(self, height: float) -> float:
        """Use `height` mm, on a new page if need be; gives their top."""
        self.reserve(height)
        top = self.y
        self.y += height
        return top


class Table:
    """A table in a flow, over the full width of the text area.

    Parameters
    ----------
    flow
        The page flow the rows are put into.
    columns
        From left to right; their widths add up to at most the text area.
    row_height
        The least height of a row in mm.
    """

    def __init__(self, flow: Flow, columns: Sequence[Column], *, row_height: float = 8) -> None:
        self.flow = flow
        hidden = flow.sheet.template.hidden_columns
        self._shown = [column.key not in hidden for column in columns]
        self.columns = _widened([column for column in columns if column.key not in hidden], columns)
        self.row_height = flow.sheet.template.row_height_mm or row_height
        self._sheet = flow.sheet
        edges = [flow.sheet.left]
        for column in self.columns:
            edges.append(edges[-1] + column.width)
        self._edges = edges
        self._blank_edges = sorted(
            {
                edges[index + side]
                for index, column in enumerate(self.columns)
                if column.kind is Kind.BLANK
                for side in (0, 1)
            }
        )

    @property
    def right(self) -> float:
        """The right edge of the last column."""
        return self._edges[-1]

    def edge(self, index: int) -> float:
        """The left edge of a column."""
        return self._edges[index]

    def head(self) -> None:
        """Draw the column headings here."""
        rows = [wrap(c.heading, c.width - 2 * PAD, HEADING.size, True) for c in self.columns]
        height = max(len(row) for row in rows) * 3.6 + 2.4
        y = self.flow.y
        for column, row, left in zip(self.columns, rows, self._edges, strict=False):
            x, align = self._anchor(column, left)
            for index, words in enumerate(row):
                # Headings stand on the line under them.
                baseline = y + height - 2 - (len(row) - 1 - index) * 3.6
                self._sheet.text(x, baseline, words, Type(8.5, bold=True, align=align))
        self.flow.y = y + height
        self._sheet.line((self._edges[0], self.flow.y), (self.right, self.flow.y), width=0.35)

    def breaks(self, cells: Sequence[Cell]) -> bool:
        """True if a row of these cells would begin a new page."""
        return not self.flow.fits(self._height(self._fit_all(cells)))

    def row(self, cells: Sequence[Cell], tone: Tone = Tone.NORMAL) -> None:
        """Draw one row; a page break before it repeats the headings."""
        fitted = self._fit_all(cells)
        height = self._height(fitted)
        if not self.flow.fits(height):
            self.flow.break_page()
            self.head()
        top = self.flow.take(height)
        self._back(top, height, tone)
        # One base line for the whole row: where a cell has a second line in
        # small type, the others move up with it.
        lift = SUB_HEIGHT / 2 if any(sub for _height, _lines, sub in fitted) else 0
        for index, (_height, lines, sub) in enumerate(fitted):
            up = 0 if len(lines) > 1 and not sub else lift
            middle = Box(self._edges[index], top - up, 0, height)
            self._cell(index, lines, sub, middle, tone)

    def keep(self, height: float) -> None:
        """Go to a new page now if `height` mm do not fit with what follows."""
        if not self.flow.fits(height):
            self.flow.break_page()
            self.head()

    def band(self, text: str, right: str = "", *, room: float = 0) -> None:
        """Draw a group heading that stays with `room` mm of rows after it."""
        height = 7.5
        self.keep(height + (room or self.row_height))
        top = self.flow.take(height)
        self._sheet.fill(Box(self._edges[0], top, self.right - self._edges[0], height), 0.88)
        baseline = top + height - 2.3
        room = text_width(right, 11, True) + 6 if right else 2
        width = self.right - self._edges[0] - room - PAD
        self._sheet.fitted(self._edges[0] + PAD, baseline, text, Type(11, bold=True), width=width)
        self._sheet.text(self.right - PAD, baseline, right, Type(11, bold=True, align=Align.RIGHT))

    def _fit_all(self, cells: Sequence[Cell]) -> list[_Fitted]:
        shown = [cell for cell, is_shown in zip(cells, self._shown, strict=True) if is_shown]
        return [self._fit(column, cell) for column, cell in zip(self.columns, shown, strict=True)]

    def _height(self, fitted: Sequence[_Fitted]) -> float:
        return max(self.row_height, *(height for height, _lines, _sub in fitted))

    def _fit(self, column: Column, cell: Cell) -> _Fitted:
        main, sub = (cell, "") if isinstance(cell, str) else cell
        if column.kind in (Kind.TICK, Kind.BLANK) and not main:
            return 0, (), ""
        if column.kind in (Kind.NUMBER, Kind.QUANTITY):
            return 0, ((main,) if main else ()), sub
        style = column.type
        lines = wrap(
            clean(main), column.width - 2 * PAD, style.size, style.bold, lines=column.lines
        )
        height = len(lines) * style.size * LINE_SPACING * MM_PER_POINT + 2 * PAD
        if sub:
            (sub,) = wrap(clean(sub), column.width - 2 * PAD, SUB.size, lines=1)
            height += SUB_HEIGHT
        return height, lines, sub

    def _back(self, top: float, height: float, tone: Tone) -> None:
        left, right, bottom = self._edges[0], self.right, top + height
        if tone is Tone.ZEBRA:
            self._sheet.fill(Box(left, top, right - left, height), ZEBRA)
        if tone is Tone.TOTAL:
            self._sheet.line((left, top), (right, top), width=0.35)
            self._sheet.line((left, bottom), (right, bottom), width=0.35)
        else:
            self._sheet.line((left, bottom), (right, bottom), width=0.15, grey=HAIR)
        if tone is not Tone.TOTAL:
            for x in self._blank_edges:
                self._sheet.line((x, top), (x, bottom), width=0.15, grey=HAIR)

    def _cell(self, index: int, lines: tuple[str, ...], sub: str, box: Box, tone: Tone) -> None:
        column = self.columns[index]
        if column.kind is Kind.TICK and not lines and tone in (Tone.NORMAL, Tone.ZEBRA):
            self._sheet.tick_box(box.x + column.width / 2, box.y + box.height / 2)
        if not lines:
            return
        if column.kind in (Kind.NUMBER, Kind.QUANTITY):
            self._number(column, lines[0], sub, box, tone)
            return
        bold = column.type.bold or tone in (Tone.TOTAL, Tone.GROUP)
        grey = SOFT if tone is Tone.FADED else column.type.grey
        x, align = self._anchor(column, box.x)
        style = Type(column.type.size, bold, grey, align)
        step = style.size * LINE_SPACING * MM_PER_POINT
        block = (len(lines) - 1) * step + style.cap_mm
        baseline = box.y + (box.height - block) / 2 + style.cap_mm
        for line in lines:
            self._sheet.text(x, baseline, line, style)
            baseline += step
        if sub:
            self._sheet.text(
                x, baseline - step + SUB_HEIGHT + 0.4, sub, Type(8, False, SOFT, align)
            )

    def _anchor(self, column: Column, left: float) -> tuple[float, Align]:
        align = column.type.align
        if column.kind in (Kind.TICK, Kind.BLANK):
            align = Align.CENTER
        elif column.kind is Kind.QUANTITY:
            align = Align.RIGHT
        inset = {Align.LEFT: PAD, Align.CENTER: column.width / 2, Align.RIGHT: column.width - PAD}
        x = left + inset[align]
        return (x - 1 if column.kind is Kind.QUANTITY else x), align

    def _number(self, column: Column, text: str, sub: str, box: Box, tone: Tone) -> None:
        base = QUANTITY_TYPE if column.kind is Kind.QUANTITY else column.type
        room = column.width - 2 * PAD - (2 if column.kind is Kind.QUANTITY else 0)
        bold = base.bold or tone is Tone.TOTAL
        # A figure is never cut: it gets smaller until it fits.
        size = min(base.size, base.size * room / max(text_width(text, base.size, bold), 0.1))
        grey = SOFT if tone is Tone.FADED else base.grey
        x, align = self._anchor(column, box.x)
        style = Type(size, bold, grey, align)
        middle = box.y + box.height / 2
        self._sheet.text(x, middle + style.cap_mm / 2, text, style)
        if sub:
            self._sheet.text(
                x, middle + style.cap_mm / 2 + SUB_HEIGHT + 0.4, sub, Type(8, False, SOFT, align)
            )
        if column.kind is Kind.QUANTITY and tone in (Tone.NORMAL, Tone.ZEBRA) and is_boxed(text):
            draw_quantity_box(self._sheet, text, style, x, middle)


def _widened(shown: Sequence[Column], all_columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns shown, the widest of them with the room of those that are hidden."""
    free = sum(column.width for column in all_columns) - sum(column.width for column in shown)
    widest = max(shown, key=lambda column: (column.kind is Kind.TEXT, column.width))
    return tuple(
        replace(column, width=column.width + free) if free and column is widest else column
        for column in shown
    )


def is_boxed(text: str) -> bool:
    """True for a quantity of 2 or more: the most common miss in sorting."""
    return text.isdecimal() and int(text) >= 2


def draw_quantity_box(sheet: Sheet, text: str, style: Type, x: float, middle: float) -> None:
    """Frame a right-aligned quantity whose text ends at `x`."""
    width = text_width(text, style.size, style.bold) + 2.2
    height = style.cap_mm + 2.2
    sheet.frame(Box(x - width + 1.1, middle - height / 2, width, height), width=0.35)
