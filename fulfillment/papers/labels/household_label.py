"""D6 household label: the bag of one household, with everything that is in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from fulfillment.domain.label_codes import LabelCode
from fulfillment.papers.fonts import MM_PER_POINT, text_width
from fulfillment.papers.labels.item_label import door_parts, door_word
from fulfillment.papers.labels.sheet import (
    GAP,
    LEADING,
    SHRINKS_TO,
    SMALLEST,
    Face,
    LabelSheet,
    Row,
    draw_frame,
    fit_rows,
    line_pitch,
)
from fulfillment.papers.labels.sizes import Printing
from fulfillment.papers.layout import Align, Type
from fulfillment.papers.paper import RenderedPaper

# A line of goods is as high as this many lines of its type.
LINE_LEADING = 1.3
LINE_PART = 0.9
QTY_GAP = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdLine:
    """One SKU in the bag."""

    sku_name: str
    unit: str
    qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdLabel:
    """One resident's bag; the name is masked when printed.

    A bag whose lines have no room on one label gets further ones, and each
    says which of how many it is.
    """

    code: LabelCode
    building: str
    room: str
    pickup_no: str
    resident_name: str
    slot: str
    leader_name: str
    lines: tuple[HouseholdLine, ...]

    @property
    def pieces(self) -> int:
        """Everything in the bag."""
        return sum(line.qty for line in self.lines)


def render_household_labels(
    title: str, labels: Sequence[HouseholdLabel], printing: Printing
) -> RenderedPaper:
    """Draw the labels in the given order into one file."""
    sheet = LabelSheet(title, printing)
    for label in labels:
        room = _lines_per_label(sheet.blank())
        parts = [label.lines[at : at + room] for at in range(0, len(label.lines), room)] or [()]
        for number, lines in enumerate(parts, start=1):
            mark = f"{number}/{len(parts)}" if len(parts) > 1 else ""
            _draw(sheet, label, lines, mark)
    return RenderedPaper(
        pdf=sheet.finish(),
        pages=sheet.pages,
        lines=sum(len(label.lines) for label in labels),
        pieces=sum(label.pieces for label in labels),
    )


def _head_mm(face: Face) -> float:
    """Height of the big word and the row under it."""
    measures = face.measures
    return Type(measures.key).cap_mm + 3 * GAP + Type(measures.strong).cap_mm + GAP


def _line_size(face: Face) -> float:
    return face.measures.body * LINE_PART


def _line_mm(face: Face) -> float:
    return _line_size(face) * MM_PER_POINT * LINE_LEADING


def _lines_per_label(face: Face) -> int:
    """Lines of goods between the head and the row at the foot."""
    foot_mm = Type(face.measures.body).cap_mm + GAP
    return max(1, int((face.height - _head_mm(face) - foot_mm) / _line_mm(face)))


def _draw(
    sheet: LabelSheet, label: HouseholdLabel, lines: Sequence[HouseholdLine], mark: str
) -> None:
    face = sheet.next_face()
    measures = face.measures
    door = door_word(label.room, label.pickup_no)
    place = draw_frame(face, door, label.code, words=sheet.words(mark))
    y = _head_mm(face)
    who = "  ".join(door_parts(label.building, label.pickup_no, label.resident_name))
    room = face.width if y <= place.code_top else place.narrow
    face.fitted(0, y - GAP, who, Type(measures.strong, bold=True), width=room)
    room = face.width if y + len(lines) * _line_mm(face) <= place.code_top else place.narrow
    for line in lines:
        _draw_line(face, line, y, room)
        y += _line_mm(face)
    count = _("%(count)d pieces") % {"count": label.pieces}
    foot = "  ".join(part for part in (label.slot, label.leader_name, count) if part.strip())
    face.fitted(0, face.height, foot, Type(measures.body), width=place.narrow)


def _draw_line(face: Face, line: HouseholdLine, top: float, width: float) -> None:
    size = _line_size(face)
    bottom = top + _line_mm(face)
    baseline = bottom - size * MM_PER_POINT * 0.3
    face.text(width, baseline, str(line.qty), Type(size, bold=True, align=Align.RIGHT))
    room = width - text_width(str(line.qty), size, True) - QTY_GAP
    row = Row(f"{line.sku_name} / {line.unit}")
    found = fit_rows(row, room, size=size, smallest=size * SHRINKS_TO)
    if found.is_whole:
        face.text(0, baseline, found.texts[0], Type(found.size))
        return
    # As many lines as have room in this one's height, as large as they may be.
    most = max(1, int(_line_mm(face) / line_pitch(SMALLEST)))
    small = max(SMALLEST, size * SHRINKS_TO if most == 1 else size * LINE_LEADING / LEADING / most)
    found = fit_rows(replace(row, lines=most), room, size=small, smallest=SMALLEST)
    for up, text in enumerate(reversed(found.texts)):
        face.text(0, baseline - up * line_pitch(found.size), text, Type(found.size))
