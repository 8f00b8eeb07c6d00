"""What a chain says, as values: its goods, its entries, and what is unclear about each."""

from dataclasses import dataclass
from enum import StrEnum

from orders.domain.jielong.lines import Passed


class Operation(StrEnum):
    """What an entry does to an earlier one; each needs a person's confirmation."""

    WITHDRAW = "withdraw"
    CHANGE = "change"
    ADD = "add"
    SAME = "same"
    PLUS_ONE = "plus_one"


class Doubt(StrEnum):
    """Why an entry cannot become an order by itself."""

    NO_GOODS = "no_goods"
    GOODS_UNKNOWN = "goods_unknown"
    GOODS_AMBIGUOUS = "goods_ambiguous"
    QTY_WITHOUT_GOODS = "qty_without_goods"
    QTY_ASSUMED = "qty_assumed"
    QTY_UNREADABLE = "qty_unreadable"
    QTY_LARGE = "qty_large"
    UNIT_DIFFERS = "unit_differs"
    GOODS_TWICE = "goods_twice"
    OPERATION = "operation"
    NOBODY = "nobody"
    TWICE_IN_LIST = "twice_in_list"
    COLLIDED = "collided"
    ORDERED_BEFORE = "ordered_before"


@dataclass(frozen=True, slots=True)
class Problem:
    """One doubt with the words of the row that raise it."""

    doubt: Doubt
    words: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Some pieces of one SKU, and the words that say so."""

    sku_code: str
    qty: int
    raw: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredGoods:
    """Goods that the header lists under a mark; without a `sku_code` nobody sells them."""

    mark: str
    text: str
    sku_code: str
    price_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row as it was understood.

    `position` counts from 1 over the whole chain and never changes; `number`
    is what the row wrote, and identifies nobody. `confidence_bp` is 0 to 10000.
    """

    position: int
    number: int | None
    raw: str
    nickname: str
    building: str
    room: str
    items: tuple[Item, ...]
    operation: Operation | None
    confidence_bp: int
    problems: tuple[Problem, ...]

    @property
    def is_clear(self) -> bool:
        """Whether it may become an order without a person looking at it."""
        return bool(self.items) and not self.problems and self.operation is None

    @property
    def quantities(self) -> dict[str, int]:
        """Pieces by SKU."""
        return {item.sku_code: item.qty for item in self.items}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A chain: header lines, the goods they declare, its entries, and the lines passed over."""

    header: tuple[str, ...]
    goods: tuple[DeclaredGoods, ...]
    entries: tuple[Entry, ...]
    passed: tuple[Passed, ...] = ()
