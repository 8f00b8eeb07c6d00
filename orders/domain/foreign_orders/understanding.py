"""The rows of an export as orders, what was refused, and what was mended on the way."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from orders.domain.foreign_orders.cells import fen, numbers, pieces
from orders.domain.foreign_orders.places import (
    Correction,
    Place,
    correction_of,
    place_corrected,
    place_of,
)
from orders.domain.foreign_orders.sheets import ForeignFile, Layout, Sheet, columns_of

_CANCELLED = re.compile(r"取消|关闭|作废")
_REFUNDED = re.compile(r"退款成功|已退款|全额退款|全部退款")
_UNPAID = re.compile(r"未支付|待支付|待付款|未付款")
_SEVERAL_GOODS = re.compile(r"[;；\n]+|(?<=\d)[,，、](?=\D)")
_GOODS_QTY = re.compile(
    r"(?P<name>.*?)\s*[(（]?\s*(?:[x×*＊X]\s*(?P<times>\d+)|\+(?P<plus>\d+))[)）]?\s*"
)
TOTAL = "合计"


class Refusal(StrEnum):
    """Why a row, or an order of it, does not come in."""

    NO_NUMBER = "no_number"
    NO_RECEIVER = "no_receiver"
    NO_GOODS = "no_goods"
    QTY_INVALID = "qty_invalid"
    AMOUNT_INVALID = "amount_invalid"
    AMOUNT_NOT_PER_PIECE = "amount_not_per_piece"
    FEWER_PIECES_THAN_ORDERS = "fewer_pieces_than_orders"
    SEVERAL_GOODS_MERGED = "several_goods_merged"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    PARTLY_REFUNDED = "partly_refunded"
    NOT_PAID = "not_paid"
    GOODS_UNKNOWN = "goods_unknown"
    GOODS_AMBIGUOUS = "goods_ambiguous"
    LEADER_UNKNOWN = "leader_unknown"
    SOLD_OUT = "sold_out"


class Remark(StrEnum):
    """What is told of a row that comes in."""

    MERGED = "merged"
    CORRECTED = "corrected"
    CORRECTION_FOR_NOBODY = "correction_for_nobody"
    PIECES_SHARED = "pieces_shared"
    REFUND_TAKEN_OFF = "refund_taken_off"


@dataclass(frozen=True, slots=True)
class ForeignLine:
    """Some pieces of goods by the name they have in the file; `amount_fen` None if it has none."""

    name: str
    spec: str
    qty: int
    amount_fen: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignOrder:
    """One paid order; `row` is its row in the file, `source_no` its number there."""

    row: int
    source_no: str
    buyer: str
    receiver: str
    phone: str
    place: Place
    lines: tuple[ForeignLine, ...]
    paid_at: str = ""
    leader_code: str = ""

    @property
    def pieces(self) -> int:
        """Pieces of all lines."""
        return sum(line.qty for line in self.lines)

    @property
    def amount_fen(self) -> int | None:
        """What was paid; None if the file does not say."""
        if any(line.amount_fen is None for line in self.lines):
            return None
        return sum(line.amount_fen or 0 for line in self.lines)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that does not come in, with the reason and the words of the row."""

    row: int
    reason: Refusal
    words: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something told of a row that came in: a `Remark` or a `Repair`."""

    row: int
    code: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignOrders:
    """What a file holds; `rows` counts those under the heading, without a row of totals."""

    layout: Layout
    rows: int
    orders: tuple[ForeignOrder, ...]
    refused: tuple[Refused, ...]
    notes: tuple[Note, ...]


@dataclass(slots=True)
class _Reading:
    """What was found so far."""

    file: ForeignFile
    orders: list[ForeignOrder] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    corrections: list[tuple[int, Correction]] = field(default_factory=list)


class _Refuse(Exception):
    """A row does not come in."""

    def __init__(self, reason: Refusal, words: str = "") -> None:
        super().__init__(reason)
        self.reason, self.words = reason, words


def understand(file: ForeignFile, sheet: Sheet, layout: Layout) -> ForeignOrders:
    """The orders of a sheet of one of 快团团's or 群接龙's layouts.

    A merged row becomes as many orders as it has numbers, each with at least
    one piece; the file does not say who of them had more, so the first has.
    """
    reading = _Reading(file)
    columns = columns_of(sheet.headings)
    count = 0
    for number, cells in enumerate(sheet.rows, start=2):
        row = {name: cells[at].strip() for name, at in columns.items() if at < len(cells)}
        if not any(cell.strip() for cell in cells) or TOTAL in cells[:2]:
            continue
        count += 1
        try:
            _row(reading, number, row)
        except _Refuse as refusal:
            reading.refused.append(Refused(number, refusal.reason, refusal.words))
    _correct(reading)
    return ForeignOrders(
        layout=layout,
        rows=count,
        orders=tuple(reading.orders),
        refused=tuple(reading.refused),
        notes=tuple(sorted(reading.notes, key=lambda note: note.row)),
    )


def _row(reading: _Reading, number: int, row: Mapping[str, str]) -> None:
    if correction := correction_of(row.get("remark", "")):
        reading.corrections.append((number, correction))
    _require_paid(row)
    source_nos = numbers(row["group_no"]) if "group_no" in row else (str(number),)
    if not source_nos:
        raise _Refuse(Refusal.NO_NUMBER)
    receiver = row.get("receiver") or row.get("buyer", "")
    if not receiver:
        raise _Refuse(Refusal.NO_RECEIVER)
    lines = _lines(reading.file, row)
    lines = _refund_off(reading, number, row, lines)
    place = place_of(
        building=row.get("building", ""),
        room=row.get("room", ""),
        lane=row.get("lane", ""),
        address=row.get("address", ""),
    )
    reading.notes += [Note(number, repair.value) for repair in place.repairs]
    for source_no, part in zip(source_nos, _shared(lines, len(source_nos)), strict=True):
        reading.orders.append(
            ForeignOrder(
                row=number,
                source_no=source_no,
                buyer=row.get("buyer", ""),
                receiver=receiver,
                phone=row.get("phone", ""),
                place=place,
                lines=part,
                paid_at=row.get("paid_at", ""),
            )
        )
    if len(source_nos) > 1:
        merged = row["group_no"]
        reading.notes.append(Note(number, Remark.MERGED, merged))
        if lines[0].qty % len(source_nos):
            reading.notes.append(Note(number, Remark.PIECES_SHARED, str(lines[0].qty)))


def _require_paid(row: Mapping[str, str]) -> None:
    state = row.get("state", "")
    for pattern, reason in (
        (_CANCELLED, Refusal.CANCELLED),
        (_REFUNDED, Refusal.REFUNDED),
        (_UNPAID, Refusal.NOT_PAID),
    ):
        if pattern.search(state):
            raise _Refuse(reason, state)


def _lines(file: ForeignFile, row: Mapping[str, str]) -> tuple[ForeignLine, ...]:
    """The goods of a row. Where one cell lists several, their prices are the campaign's."""
    goods = row.get("goods", "") or ("" if "goods" in row else file.name)
    paid = _paid_fen(row)
    if "qty" in row:
        qty = pieces(row["qty"])
        if qty is None:
            raise _Refuse(Refusal.QTY_INVALID, row["qty"])
        if not goods:
            raise _Refuse(Refusal.NO_GOODS)
        return (ForeignLine(goods, row.get("spec", ""), qty, paid),)
    named = [part.strip() for part in _SEVERAL_GOODS.split(goods) if part.strip()]
    if not named:
        raise _Refuse(Refusal.NO_GOODS)
    lines = []
    for part in named:
        found = _GOODS_QTY.fullmatch(part)
        name, qty_text = (found["name"], found["times"] or found["plus"]) if found else (part, "1")
        qty = pieces(qty_text or "1")
        if qty is None or not name:
            raise _Refuse(Refusal.QTY_INVALID, part)
        lines.append(ForeignLine(name, "", qty, paid if len(named) == 1 else None))
    return tuple(lines)


def _paid_fen(row: Mapping[str, str]) -> int | None:
    """What the row was paid with: the order's amount, freight and discount in it."""
    if "amount" not in row:
        return None
    amount = fen(row["amount"])
    if amount is None or amount < 0:
        raise _Refuse(Refusal.AMOUNT_INVALID, row["amount"])
    return amount


def _refund_off(
    reading: _Reading, number: int, row: Mapping[str, str], lines: tuple[ForeignLine, ...]
) -> tuple[ForeignLine, ...]:
    """The lines without what was refunded: all of it, whole pieces, or nothing understandable."""
    refund = fen(row.get("refund", ""))
    if refund is None or refund < 0:
        raise _Refuse(Refusal.AMOUNT_INVALID, row.get("refund", ""))
    if not refund:
        return lines
    paid = sum(line.amount_fen or 0 for line in lines)
    if refund >= paid:
        raise _Refuse(Refusal.REFUNDED, row.get("refund", ""))
    line = lines[0]
    unit = paid // line.qty if len(lines) == 1 and paid % line.qty == 0 else 0
    if not unit or refund % unit:
        raise _Refuse(Refusal.PARTLY_REFUNDED, row.get("refund", ""))
    reading.notes.append(Note(number, Remark.REFUND_TAKEN_OFF, row["refund"]))
    return (replace(line, qty=line.qty - refund // unit, amount_fen=paid - refund),)


def _shared(lines: tuple[ForeignLine, ...], count: int) -> list[tuple[ForeignLine, ...]]:
    """The lines of a row on so many orders; the first takes what cannot be shared evenly."""
    for line in lines:
        if line.amount_fen is not None and line.amount_fen % line.qty:
            raise _Refuse(Refusal.AMOUNT_NOT_PER_PIECE, str(line.amount_fen))
    if count == 1:
        return [lines]
    if len(lines) > 1:
        raise _Refuse(Refusal.SEVERAL_GOODS_MERGED)
    (line,) = lines
    if line.qty < count:
        raise _Refuse(Refusal.FEWER_PIECES_THAN_ORDERS, str(line.qty))
    each, rest = divmod(line.qty, count)
    unit = None if line.amount_fen is None else line.amount_fen // line.qty
    shares = [each + rest, *[each] * (count - 1)]
    return [
        (replace(line, qty=qty, amount_fen=None if unit is None else unit * qty),) for qty in shares
    ]


def _correct(reading: _Reading) -> None:
    """Let remarks correct the places of the orders they name."""
    for row, correction in reading.corrections:
        named = [
            at for at, order in enumerate(reading.orders) if order.source_no == correction.group_no
        ]
        code = Remark.CORRECTED if named else Remark.CORRECTION_FOR_NOBODY
        words = f"{correction.group_no}:{correction.place}"
        for at in named:
            order = reading.orders[at]
            place = place_corrected(order.place, correction.place)
            words = f"{words} → {place.building} {place.room}".rstrip()
            reading.orders[at] = replace(order, place=place)
        reading.notes.append(Note(row, code, words))
