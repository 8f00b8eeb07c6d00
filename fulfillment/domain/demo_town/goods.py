"""What a shelf and an article of the demo town are."""

from dataclasses import dataclass
from typing import NamedTuple


class Good(NamedTuple):
    """One article: ``name`` with its size, sales unit, and figures per piece.

    `pack_factor` is pieces per case, `appeal` how often it is put into a
    basket compared with the others. Money in fen, weight in grams, volume in
    millilitres.
    """

    name: str
    unit: str
    pack_factor: int
    weight_g: int
    volume_ml: int
    cost_fen: int
    price_fen: int
    appeal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A category with its articles and the suppliers who share them.

    A `tolerance_pct` above zero marks goods that are sold by the piece and
    weighed at the dock.
    """

    category: str
    storage: str
    supplier_codes: tuple[str, ...]
    goods: tuple[Good, ...]
    tolerance_pct: int = 0


class Deal(NamedTuple):
    """The evening's bargains: how many per resident, and how many there are at all."""

    per_resident_limit: int
    stock_cap: int | None


USUAL_LIMIT = 20
