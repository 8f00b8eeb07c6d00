"""From the tokens of a row to the pieces it asks for, with every doubt on the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from orders.domain.jielong.chain import Doubt, Item, Operation, Problem
from orders.domain.jielong.doors import Door
from orders.domain.jielong.goods import EXACT_BP
from orders.domain.jielong.headers import PriceList
from orders.domain.jielong.quantities import PIECE_UNITS, WEIGHT_UNITS
from orders.domain.jielong.tokens import Kind, Token, is_decoration

# More than that of one SKU for one household is looked at by a person.
QTY_LARGEST = 99
DEFAULT_BP = 8_000
ONLY_GOODS_BP = 9_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What one row asks for."""

    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    operation: Operation | None
    door: Door
    surety_bp: int


@dataclass(slots=True)
class _Reading:
    """The state of reading one row from left to right."""

    prices: PriceList
    items: list[tuple[int, Item]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    waiting: list[Token] = field(default_factory=list)
    count: Token | None = None
    is_each: bool = False
    word: Token | None = None
    surety_bp: int = EXACT_BP

    def doubt(self, doubt: Doubt, words: str) -> None:
        self.problems.append(Problem(doubt, words.strip()))

    def lower(self, surety_bp: int) -> None:
        self.surety_bp = min(self.surety_bp, surety_bp)


def wish_of(tokens: Sequence[Token], prices: PriceList) -> Wish:
    """Read the tokens of a row behind its nickname.

    Words that nobody knows are doubts, never dropped. One piece is taken for
    granted only where the chain has one SKU.
    """
    reading = _Reading(prices)
    operation: Operation | None = None
    doors: list[Door] = []
    for token in tokens:
        if token.kind is Kind.OPERATION:
            operation = operation or token.operation
        elif token.kind is Kind.DOOR and token.door is not None:
            doors.append(token.door)
        else:
            _read(reading, token)
    _end(reading)
    if operation is None and _is_plus_alone(tokens, prices):
        operation = Operation.PLUS_ONE
    return Wish(
        items=_summed(reading),
        problems=tuple(reading.problems),
        operation=operation,
        door=_door(doors),
        surety_bp=reading.surety_bp,
    )


def _read(reading: _Reading, token: Token) -> None:
    word = reading.word
    if token.kind is not Kind.SKIPPED:
        reading.word = None
    if token.kind is Kind.QTY and word is not None and not reading.waiting:
        # The quantity of goods nobody knows.
        reading.problems[-1] = Problem(Doubt.GOODS_UNKNOWN, f"{word.text}{token.text}")
        return
    if token.kind is Kind.GOODS:
        _goods(reading, token)
    elif token.kind is Kind.QTY:
        _quantity(reading, token)
    elif token.kind is Kind.EACH:
        reading.is_each = True
    elif token.kind is Kind.WORD:
        _word(reading, token)
    elif token.kind in (Kind.BREAK, Kind.JOIN) and reading.count is not None:
        _bare_count(reading)


def _goods(reading: _Reading, token: Token) -> None:
    last = reading.waiting[-1] if reading.waiting else None
    if last is not None and last.mark in reading.prices.with_options and not token.mark:
        # An option of the goods that the letter has named already.
        return
    if reading.count is not None:
        count, reading.count = reading.count, None
        _take(reading, token, count, f"{count.text}{token.text}")
        return
    reading.waiting.append(token)


def _quantity(reading: _Reading, token: Token) -> None:
    if reading.is_each and reading.waiting:
        waiting, reading.waiting, reading.is_each = reading.waiting, [], False
        for each in waiting:
            _take(reading, each, token, f"{each.text}{token.text}")
    elif reading.waiting:
        goods = reading.waiting.pop()
        _take(reading, goods, token, f"{goods.text}{token.text}")
    else:
        if reading.count is not None:
            _bare_count(reading)
        reading.count = token


def _word(reading: _Reading, token: Token) -> None:
    last = reading.waiting[-1] if reading.waiting else None
    if last is not None and last.mark in reading.prices.with_options:
        return
    if is_decoration(token.text) and reading.prices.only is not None:
        return
    reading.doubt(Doubt.GOODS_UNKNOWN, token.text)
    reading.word = token


def _end(reading: _Reading) -> None:
    if reading.count is not None:
        _bare_count(reading)
    for goods in reading.waiting:
        _take(reading, goods, None, goods.text)
    reading.waiting = []


def _bare_count(reading: _Reading) -> None:
    """A number without goods: the only SKU's, or nobody's."""
    count, reading.count = reading.count, None
    if count is None or count.qty is None:
        return
    if reading.prices.only is None or reading.items:
        reading.doubt(Doubt.QTY_WITHOUT_GOODS, count.text)
        return
    reading.lower(ONLY_GOODS_BP)
    _add(reading, reading.prices.only, count, count.text)


def _take(reading: _Reading, goods: Token, count: Token | None, raw: str) -> None:
    """One kind of goods with its quantity, or with the doubt that keeps it from an order."""
    match = goods.goods
    if match is None or not match.sku_codes:
        reading.doubt(Doubt.GOODS_UNKNOWN, raw)
        return
    if len(match.sku_codes) > 1:
        reading.doubt(Doubt.GOODS_AMBIGUOUS, raw)
        return
    reading.lower(match.surety_bp)
    (code,) = match.sku_codes
    if count is not None:
        _add(reading, code, count, raw)
        return
    reading.lower(DEFAULT_BP)
    reading.items.append((goods.start, Item(code, 1, raw.strip())))
    if reading.prices.only is None:
        reading.doubt(Doubt.QTY_ASSUMED, raw)


def _add(reading: _Reading, code: str, count: Token, raw: str) -> None:
    qty = count.qty
    if qty is None or qty.value is None or qty.value < 1:
        reading.doubt(Doubt.QTY_UNREADABLE, raw)
        return
    if qty.value > QTY_LARGEST:
        reading.doubt(Doubt.QTY_LARGE, raw)
        return
    sold_by = reading.prices.units.get(code, "")
    if qty.unit in (*WEIGHT_UNITS, *PIECE_UNITS) and qty.unit != sold_by:
        reading.doubt(Doubt.UNIT_DIFFERS, raw)
    reading.items.append((count.start, Item(code, qty.value, raw.strip())))


def _summed(reading: _Reading) -> tuple[Item, ...]:
    """The items, one per SKU; goods that are named twice are summed and doubted."""
    summed: dict[str, Item] = {}
    for _start, item in sorted(reading.items, key=lambda each: each[0]):
        if before := summed.get(item.sku_code):
            raw = f"{before.raw} {item.raw}"
            summed[item.sku_code] = Item(item.sku_code, before.qty + item.qty, raw)
            reading.doubt(Doubt.GOODS_TWICE, raw)
        else:
            summed[item.sku_code] = item
    return tuple(summed.values())


def _is_plus_alone(tokens: Iterable[Token], prices: PriceList) -> bool:
    """Whether a row is nothing but `+1`, in a chain where that names no goods."""
    telling = [token for token in tokens if token.kind not in (Kind.SKIPPED, Kind.DOOR)]
    if prices.only is not None or not telling:
        return False
    first = telling[0].qty
    return first is not None and first.sign == "+" and len(telling) == 1


def _door(doors: Sequence[Door]) -> Door:
    """The door of a row; a building and a room may be written apart."""
    building = next((door.building for door in doors if door.building), "")
    room = next((door.room for door in doors if door.room), "")
    return Door(building, room)
