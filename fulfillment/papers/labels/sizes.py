"""What labels are printed on: single labels of a thermal printer, or sheets of them.

Sizes are in millimetres. A sheet is named by its grid, as its packet is; a
printer that pulls its paper in askew has an offset of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fulfillment.errors import LabelSheetUnknown
from fulfillment.papers.layout import Box

A4_MM = (210.0, 297.0)
OFFSET_MAX_MM = 10.0


@dataclass(frozen=True, slots=True)
class LabelSize:
    """One label a page, of exactly this size."""

    name: str
    width: float
    height: float

    @property
    def page_mm(self) -> tuple[float, float]:
        """The page is the label."""
        return self.width, self.height

    @property
    def per_page(self) -> int:
        """Labels on a page."""
        return 1

    @property
    def title(self) -> str:
        """The size as it is called in every language."""
        return f"{self.width:g} × {self.height:g} mm"

    def box(self, _position: int) -> Box:
        """Where the label lies on its page."""
        return Box(0, 0, self.width, self.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelGrid:
    """An A4 sheet of equal labels; pitches run from edge to edge of neighbours."""

    name: str
    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    pitch_x: float
    pitch_y: float

    @property
    def page_mm(self) -> tuple[float, float]:
        """An A4 page."""
        return A4_MM

    @property
    def per_page(self) -> int:
        """Labels on a page."""
        return self.columns * self.rows

    @property
    def title(self) -> str:
        """The sheet by its grid and the size of a label, as its packet says it."""
        return f"A4 {self.columns} × {self.rows} ({self.width:g} × {self.height:g} mm)"

    def box(self, position: int) -> Box:
        """Where the label at a position lies, counted from 1 along the rows."""
        row, column = divmod(position - 1, self.columns)
        return Box(
            self.left + column * self.pitch_x,
            self.top + row * self.pitch_y,
            self.width,
            self.height,
        )


Medium = LabelSize | LabelGrid

_MEDIA: tuple[Medium, ...] = (
    LabelSize("60x40", 60, 40),
    LabelSize("80x60", 80, 60),
    LabelSize("100x100", 100, 100),
    LabelGrid(
        name="a4-2x5",
        columns=2,
        rows=5,
        width=105,
        height=57,
        left=0,
        top=6,
        pitch_x=105,
        pitch_y=57,
    ),
    LabelGrid(
        name="a4-3x8",
        columns=3,
        rows=8,
        width=70,
        height=37,
        left=0,
        top=0.5,
        pitch_x=70,
        pitch_y=37,
    ),
    LabelGrid(
        name="a4-3x7",
        columns=3,
        rows=7,
        width=63.5,
        height=38.1,
        left=7.25,
        top=15.15,
        pitch_x=66,
        pitch_y=38.1,
    ),
)
MEDIA: Mapping[str, Medium] = {medium.name: medium for medium in _MEDIA}


def medium_named(name: str) -> Medium:
    """Return the size or sheet of a name such as `60x40` or `a4-3x8`.

    Raises
    ------
    LabelSheetUnknown
        If there is none.
    """
    if name not in MEDIA:
        raise LabelSheetUnknown("There is no label sheet or label size of that name.", name=name)
    return MEDIA[name]


@dataclass(frozen=True, slots=True)
class Offset:
    """How far to shift everything for one printer, right and down."""

    right_mm: float = 0.0
    down_mm: float = 0.0


def printer_offsets(entries: Iterable[str]) -> dict[str, Offset]:
    """Return offsets by printer, read from entries such as `dock=0.5:-1`.

    Raises
    ------
    LabelSheetUnknown
        If an entry has another form, or shifts by more than `OFFSET_MAX_MM`.
    """
    offsets: dict[str, Offset] = {}
    for entry in entries:
        name, _equals, shift = entry.partition("=")
        right, _colon, down = shift.partition(":")
        try:
            offset = Offset(float(right), float(down))
        except ValueError:
            offset = Offset(OFFSET_MAX_MM + 1)
        if not name.strip() or not _is_within(offset):
            raise LabelSheetUnknown(
                "Write a printer's offset as name=right:down, at most 10 mm each.", entry=entry
            )
        offsets[name.strip()] = offset
    return offsets


def _is_within(offset: Offset) -> bool:
    return all(abs(shift) <= OFFSET_MAX_MM for shift in (offset.right_mm, offset.down_mm))


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """How labels are printed this time.

    Attributes
    ----------
    medium
        The size or the sheet.
    start
        The first position of the first sheet that still has a label, from 1.
    offset
        The printer's.
    is_reprint
        Marks every label with an R: another one like it may be about.
    hidden_lines
        Keys of rows the operator leaves out.

    Raises
    ------
    LabelSheetUnknown
        If the sheet has no such position.
    """

    medium: Medium
    start: int = 1
    offset: Offset = Offset()
    is_reprint: bool = False
    hidden_lines: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.start <= self.medium.per_page:
            raise LabelSheetUnknown(
                "The sheet has no such position.", start=self.start, last=self.medium.per_page
            )
