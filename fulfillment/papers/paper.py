"""What every printed paper carries: who it is, from which freeze, and its size."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fulfillment.papers.template import SHIPPED, PaperTemplate


class Freeze(StrEnum):
    """The frozen figures a paper was made from."""

    DEMAND = "F1"
    ALLOCATION = "F2"
    ROUTE_PLAN = "F3"
    TOTES = "F4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """The identity of one paper.

    Attributes
    ----------
    number
        Document number with its revision, as `numbering.document_number` gives.
    revision
        1 for the first print; above 1 the paper says which one it replaces.
    freeze
        The frozen figures the paper was made from.
    control_code
        Four characters over (line, quantity); papers that must agree carry
        the same code. Printed as given, together with the pieces printed.
    code
        What the QR code holds: a short internal address, or a link.
    printed_at
        Aware time in the zone it shall be printed in.
    printed_by
        Name of the person or the process that printed it.
    template
        What the operator changed on this kind of paper.
    """

    number: str
    revision: int
    freeze: Freeze
    control_code: str
    code: str
    printed_at: datetime
    printed_by: str
    template: PaperTemplate = SHIPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One printing of a paper: `printed_at` is an aware time in the zone it is printed in."""

    revision: int
    printed_at: datetime
    printed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Totes:
    """Totes of one leader or one route by storage class."""

    ambient: int = 0
    chill: int = 0
    frozen: int = 0

    @property
    def total(self) -> int:
        """All totes together."""
        return self.ambient + self.chill + self.frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One side of a purchase: the supplier or the buyer."""

    name: str
    code: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPaper:
    """A finished file and what was printed in it.

    Attributes
    ----------
    pdf
        The bytes of the file; the same content gives the same bytes.
    pages
        Pages of the whole file.
    lines
        Table lines that carry a quantity, each counted once per file
        (a second copy or a second sort of the same lines adds nothing).
    pieces
        Sum of the quantities printed on those lines.
    """

    pdf: bytes
    pages: int
    lines: int
    pieces: int
