"""Labels one after another, and what every label is built of.

A label is read at arm's length: one big word, a mark, a few rows, and a code.
Rows shrink until all of them fit; a name too long for its row first shrinks,
then wraps, then ends in dots. Nothing is ever cut off at an edge.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fulfillment.domain.label_codes import LabelCode
from fulfillment.papers.fonts import ELLIPSIS, MM_PER_POINT, clean, fit_line, text_width, wrap
from fulfillment.papers.labels.sizes import Printing
from fulfillment.papers.layout import WHITE, Align, Box, Sheet, Type
from leaders.domain.promises import ensure

# Printers place the paper to about a millimetre.
INSET = 2.0
GAP = 1.0
LEADING = 1.22
SMALLEST = 7.0
# From how high on a label is a medium or a large one.
MEDIUM_FROM_MM = 50.0
LARGE_FROM_MM = 80.0
REPRINT_MARK = "R"
UNIT_PART = 0.5
WORD_PADDING = 2.4
WORD_MARGIN = 0.6
# 汉字 reach this part of their size below the baseline, and are as high as it.
BELOW_LINE = 0.12
WORD_PART = 0.45
# Shrunk by more than this, the short words stand better over the code.
WORDS_BESIDE_FROM = 0.6
# A long row shrinks to this part of its plain size before it wraps.
SHRINKS_TO = 0.65
# All rows of a label grow or shrink together: the first factor wins at which
# every row stands in full, and only if there is none may long rows end in dots.
FACTORS = (1.5, 1.4, 1.3, 1.2, 1.1, 1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64)
FACTORS_WITH_DOTS = (0.82, 0.76, 0.7, 0.64, 0.58, 0.5)
LINES_WITH_DOTS = (99, 3, 2, 1)
PART_MARK = " · "


@dataclass(frozen=True, slots=True)
class Measures:
    """Type sizes in points and the side of the code in mm, for labels of one height."""

    key: float
    strong: float
    body: float
    qr: float


_SMALL = Measures(key=36, strong=14, body=11, qr=15)
_MEDIUM = Measures(key=44, strong=19, body=13, qr=21)
_LARGE = Measures(key=64, strong=30, body=17, qr=30)


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of a label.

    Attributes
    ----------
    text
        As it comes from outside; an empty row is left out.
    strong
        Set larger and bold.
    lines
        How many lines it may take before its end becomes dots.
    parts
        Words that are not torn apart where the row wraps; they stand in place
        of the text.
    key
        By which an operator's template may leave the row out.
    """

    text: str = ""
    strong: bool = False
    lines: int = 1
    parts: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class _SetLine:
    text: str
    type: Type
    y: float


@dataclass(frozen=True, slots=True)
class SetRow:
    """A row as it will be drawn: its size in points, and its lines."""

    size: float
    texts: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it was left out."""
        return not self.texts[-1].endswith(ELLIPSIS)


@dataclass(frozen=True, slots=True)
class Place:
    """Room for rows: where they begin, and from where on the code leaves them `narrow` mm."""

    top: float
    code_top: float
    narrow: float


class Face:
    """One label to draw on: mm from its own top left corner, inside its edge.

    Parameters
    ----------
    sheet
        The file the label is part of.
    box
        The label on its page.
    """

    def __init__(self, sheet: Sheet, box: Box) -> None:
        self.width = box.width - 2 * INSET
        self.height = box.height - 2 * INSET
        self.measures = _measures(box.height)
        self._sheet = sheet
        self._x = box.x + INSET
        self._y = box.y + INSET

    def text(self, x: float, y: float, text: str, style: Type) -> None:
        """Write `text` with its baseline at `y`."""
        self._sheet.text(self._x + x, self._y + y, text, style)

    def fitted(self, x: float, y: float, text: str, style: Type, *, width: float) -> None:
        """Write outside text on one line, smaller or cut with dots where it is too long."""
        shown = clean(text)
        size = max(min(style.size, _fitting(shown, style, width)), SMALLEST)
        fitted = Type(size, bold=style.bold, grey=style.grey, align=style.align)
        self.text(x, y, fit_line(shown, width, size, style.bold), fitted)

    def word(self, right: float, top: float, text: str, size: float, *, black: bool) -> float:
        """Draw a short word in a box that ends at `right`; gives the box's left edge."""
        style = Type(size, bold=True, grey=WHITE if black else 0.0)
        width = text_width(text, size, True) + WORD_PADDING
        height = word_height(size)
        box = Box(self._x + right - width, self._y + top, width, height)
        if black:
            self._sheet.fill(box, 0)
        else:
            self._sheet.frame(box, width=0.4)
        baseline = top + height - WORD_MARGIN - BELOW_LINE * size * MM_PER_POINT
        self.text(right - width + WORD_PADDING / 2, baseline, text, style)
        return right - width

    def qr(self, x: float, y: float, size: float, payload: str) -> None:
        """Draw a QR code with its quiet zone."""
        self._sheet.qr(self._x + x, self._y + y, size, payload)


class LabelSheet:
    """One PDF file of labels under construction.

    Parameters
    ----------
    title
        Shown by PDF viewers; not printed.
    printing
        On what, from which position on, for which printer.
    """

    def __init__(self, title: str, printing: Printing) -> None:
        self.labels = 0
        self._printing = printing
        self._sheet = Sheet(title, page_mm=printing.medium.page_mm)
        self._position = printing.start - 1

    @property
    def pages(self) -> int:
        """Pages begun."""
        return self._sheet.page_number + self._sheet.pages

    def words(self, mark: str) -> list[tuple[str, bool]]:
        """The short words of a label and whether they stand on black: its mark, and R."""
        reprint = [(REPRINT_MARK, True)] if self._printing.is_reprint else []
        return ([(mark, False)] if mark else []) + reprint

    def shown(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of a label without those the operator leaves out."""
        return [row for row in rows if row.key not in self._printing.hidden_lines]

    def blank(self) -> Face:
        """A label to measure on; nothing is taken from the sheet."""
        return Face(self._sheet, self._printing.medium.box(1))

    def next_face(self) -> Face:
        """The next free label; a full page is followed by a new one."""
        medium = self._printing.medium
        if not self.labels or self._position == medium.per_page:
            self._sheet.new_page()
            self._position = 0 if self.labels else self._position
        self._position += 1
        self.labels += 1
        box = medium.box(self._position)
        offset = self._printing.offset
        return Face(
            self._sheet,
            Box(box.x + offset.right_mm, box.y + offset.down_mm, box.width, box.height),
        )

    def finish(self) -> bytes:
        """The bytes of the file."""
        self._sheet.end_document(lambda _page, _pages: None)
        return self._sheet.finish()


def draw_label(
    sheet: LabelSheet,
    key: str,
    rows: Sequence[Row],
    code: LabelCode,
    *,
    unit: str = "",
    mark: str = "",
) -> None:
    """Draw one label: the big word with its unit, the mark, the rows and the code."""
    face = sheet.next_face()
    place = draw_frame(face, key, code, unit=unit, words=sheet.words(mark))
    draw_rows(face, sheet.shown(rows), place)


def draw_frame(
    face: Face, key: str, code: LabelCode, *, unit: str = "", words: Sequence[tuple[str, bool]]
) -> Place:
    """Draw the big word with its unit and short words, and the code; gives the room left.

    The big word keeps its size: where the short words have no room beside it,
    they stand over the code.
    """
    size = face.measures.key
    style = Type(size, bold=True)
    place = _draw_code(face, code, top=style.cap_mm + 2 * GAP)
    unit_mm = text_width(clean(unit), size * UNIT_PART) + GAP if unit else 0
    room = face.width - unit_mm
    key_mm = min(text_width(clean(key), size, True), room)
    face.fitted(0, style.cap_mm, key, style, width=room)
    if unit:
        face.text(key_mm + GAP, style.cap_mm, clean(unit), Type(size * UNIT_PART))
    if not words:
        return place
    beside = _words_part(words, size, room - key_mm)
    if beside >= WORDS_BESIDE_FROM:
        _draw_words(face, words, 0, size * WORD_PART * beside)
        return place
    over = size * WORD_PART * _words_part(words, size, face.measures.qr)
    code_top = place.code_top - word_height(over)
    _draw_words(face, words, code_top, over)
    return replace(place, code_top=code_top)


def _draw_code(face: Face, code: LabelCode, *, top: float) -> Place:
    """Draw the code into the lower right corner, with its text under it."""
    qr = face.measures.qr
    style = Type(max(SMALLEST, qr / 2), align=Align.RIGHT)
    code_top = face.height - qr - style.cap_mm
    # The quiet zone may lie on the blank edge of the label.
    face.qr(face.width - qr + GAP, code_top, qr, str(code))
    face.text(face.width, face.height, str(code), style)
    taken = max(qr, text_width(str(code), style.size)) + GAP / 2
    return Place(top, code_top, face.width - taken)


def _words_part(words: Sequence[tuple[str, bool]], key_size: float, room: float) -> float:
    """By how much the short words shrink to stand in `room` mm; 1 for not at all."""
    text_mm = sum(text_width(text, key_size * WORD_PART, True) for text, _black in words)
    return min(1.0, (room - len(words) * (WORD_PADDING + GAP)) / text_mm)


def draw_rows(face: Face, rows: Sequence[Row], place: Place) -> None:
    """Draw rows down from the top, past the code where they reach it."""
    rows = [row for row in rows if row.text.strip() or row.parts]
    lines = next((found for found in _tries(face, rows, place) if found is not None), None)
    ensure(lines is not None, "every row of a label has room")
    for line in lines or ():
        face.text(0, line.y, line.text, line.type)


def _tries(face: Face, rows: Sequence[Row], place: Place) -> Iterator[list[_SetLine] | None]:
    for factor in FACTORS:
        yield _set(face, rows, factor, place, whole=True)
    for most in LINES_WITH_DOTS:
        fewer = [replace(row, lines=min(row.lines, most)) for row in rows]
        for factor in FACTORS_WITH_DOTS:
            yield _set(face, fewer, factor, place, whole=False)


def _set(
    face: Face, rows: Sequence[Row], factor: float, place: Place, *, whole: bool
) -> list[_SetLine] | None:
    """The rows as lines; nothing if they are too high, or cut where all must be whole."""
    lines: list[_SetLine] = []
    y = place.top
    for row in rows:
        full = face.measures.strong if row.strong else face.measures.body
        size = max(SMALLEST, full * factor)
        width = face.width if y + line_pitch(size) * row.lines <= place.code_top else place.narrow
        found = fit_rows(row, width, size=size, smallest=max(SMALLEST, full * SHRINKS_TO))
        if whole and not found.is_whole:
            return None
        style = Type(found.size, bold=row.strong)
        for text in found.texts:
            y += line_pitch(found.size)
            lines.append(_SetLine(text, style, y - line_pitch(found.size) * 0.22))
    return lines if y <= face.height + GAP / 2 else None


def fit_rows(row: Row, width: float, *, size: float, smallest: float) -> SetRow:
    """A row on its lines: shrunk, then wrapped, then ended by dots."""
    parts = tuple(clean(part) for part in row.parts)
    shown = PART_MARK.join(parts) or clean(row.text)
    natural = text_width(shown, size, row.strong)
    if natural <= width:
        return SetRow(size, (shown,))
    shrunk = _fitting(shown, Type(size, bold=row.strong), width)
    if shrunk >= smallest:
        return SetRow(shrunk, (shown,))
    for step in (size, (size + smallest) / 2, smallest):
        found = SetRow(step, _wrapped(shown, parts, width, Type(step, bold=row.strong), row.lines))
        if found.is_whole:
            break
    return found


def _wrapped(
    shown: str, parts: Sequence[str], width: float, style: Type, lines: int
) -> tuple[str, ...]:
    if not parts:
        return wrap(shown, width, style.size, style.bold, lines=lines)
    rows = [parts[0]]
    for part in parts[1:]:
        longer = f"{rows[-1]}{PART_MARK}{part}"
        if len(rows) == lines or text_width(longer, style.size, style.bold) <= width:
            rows[-1] = longer
        else:
            rows.append(part)
    return tuple(fit_line(row, width, style.size, style.bold) for row in rows)


def _draw_words(face: Face, words: Sequence[tuple[str, bool]], top: float, size: float) -> None:
    right = face.width
    for text, black in reversed(words):
        right = face.word(right, top, text, size, black=black) - GAP


def _measures(height: float) -> Measures:
    if height >= LARGE_FROM_MM:
        return _LARGE
    return _MEDIUM if height >= MEDIUM_FROM_MM else _SMALL


def _fitting(text: str, style: Type, width: float) -> float:
    """The size at which the text is `width` mm wide, less a hair: widths are rounded sums."""
    return 0.999 * style.size * width / max(text_width(text, style.size, style.bold), 1)


def word_height(size: float) -> float:
    """Height in mm of the box around a short word."""
    return size * MM_PER_POINT + 2 * WORD_MARGIN


def line_pitch(size: float) -> float:
    """From baseline to baseline in mm."""
    return size * MM_PER_POINT * LEADING
