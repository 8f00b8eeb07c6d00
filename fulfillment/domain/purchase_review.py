"""What speaks against a purchase order, so that the buyer sees it first.

Nothing here stops an order: the buyer approves it all the same with a reason,
buys up, moves goods to another supplier or gives them up.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Rule(StrEnum):
    """Rules of buying that an order can break, the gravest first."""

    NO_LICENCE = "no_licence"
    EXPIRED_LICENCE = "expired_licence"
    BELOW_MINIMUM = "below_minimum"
    BELOW_MOQ = "below_moq"
    PRICE_JUMP = "price_jump"
    CONFIRMED_SHORT = "confirmed_short"
    UNCONFIRMED = "unconfirmed"


# What an approval has to answer for; the others come up after it.
NEEDS_REASON = frozenset(
    {
        Rule.NO_LICENCE,
        Rule.EXPIRED_LICENCE,
        Rule.BELOW_MINIMUM,
        Rule.BELOW_MOQ,
        Rule.PRICE_JUMP,
    }
)
GRAVITY = {rule: position for position, rule in enumerate(Rule)}
PER_CENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One broken rule of one order.

    Parameters
    ----------
    rule
        Which rule.
    sku_code
        The line it is about; empty for the whole order.
    is_value, should_value
        The figure and what it is held against: amounts and costs in fen,
        quantities in pieces; 0 where the rule compares none.
    on
        The last day of an expired licence.
    """

    rule: Rule
    sku_code: str = ""
    is_value: int = 0
    should_value: int = 0
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedLine:
    """A line with what it is held against.

    `last_cost_fen` is what a piece cost when it was bought last, None if it
    never was; `confirmed_qty` is None until the supplier has answered.
    """

    sku_code: str
    need_qty: int
    ordered_qty: int
    unit_cost_fen: int
    min_order_qty: int
    last_cost_fen: int | None
    confirmed_qty: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedOrder:
    """An order as the rules look at it.

    Parameters
    ----------
    amount_fen, min_order_fen
        What it costs, and what the supplier wants it to cost at least.
    lines
        The lines that are still bought.
    licences
        The last day of each kind of licence the supplier holds; None for one
        without an end.
    confirm_by
        Until when the supplier was to answer; None if nothing was sent.
    is_confirmed
        Whether the supplier has answered.
    """

    amount_fen: int
    min_order_fen: int
    lines: Sequence[ReviewedLine]
    licences: Sequence[date | None]
    confirm_by: datetime | None
    is_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLimits:
    """What the rules are measured by: the delivery day, the moment, and when a price jumps."""

    on: date
    now: datetime
    price_jump_percent: int


def objections_to(order: ReviewedOrder, limits: ReviewLimits) -> list[Objection]:
    """Return what speaks against an order, the gravest first, then by SKU code."""
    found = [
        *_licences(order.licences, limits.on),
        *_minimum(order),
        *_lines(order.lines, limits.price_jump_percent),
        *_silence(order, limits.now),
    ]
    return sorted(found, key=lambda objection: (GRAVITY[objection.rule], objection.sku_code))


def reasons_needed(objections: Iterable[Objection]) -> list[Objection]:
    """Return the objections that an approval has to give a reason for."""
    return [objection for objection in objections if objection.rule in NEEDS_REASON]


def is_price_jump(cost_fen: int, last_cost_fen: int, *, percent: int) -> bool:
    """Whether a cost differs from the last one by more than so many per cent, up or down."""
    return abs(cost_fen - last_cost_fen) * PER_CENT > last_cost_fen * percent


def _licences(licences: Sequence[date | None], on: date) -> Iterator[Objection]:
    if not licences:
        yield Objection(rule=Rule.NO_LICENCE)
    for last_day in licences:
        if last_day is not None and last_day < on:
            yield Objection(rule=Rule.EXPIRED_LICENCE, on=last_day)


def _minimum(order: ReviewedOrder) -> Iterator[Objection]:
    if order.amount_fen < order.min_order_fen:
        yield Objection(
            rule=Rule.BELOW_MINIMUM, is_value=order.amount_fen, should_value=order.min_order_fen
        )


def _lines(lines: Sequence[ReviewedLine], price_jump_percent: int) -> Iterator[Objection]:
    for line in lines:
        if line.ordered_qty < line.min_order_qty:
            yield Objection(
                rule=Rule.BELOW_MOQ,
                sku_code=line.sku_code,
                is_value=line.ordered_qty,
                should_value=line.min_order_qty,
            )
        if line.last_cost_fen is not None and is_price_jump(
            line.unit_cost_fen, line.last_cost_fen, percent=price_jump_percent
        ):
            yield Objection(
                rule=Rule.PRICE_JUMP,
                sku_code=line.sku_code,
                is_value=line.unit_cost_fen,
                should_value=line.last_cost_fen,
            )
        if line.confirmed_qty is not None and line.confirmed_qty < line.need_qty:
            yield Objection(
                rule=Rule.CONFIRMED_SHORT,
                sku_code=line.sku_code,
                is_value=line.confirmed_qty,
                should_value=line.need_qty,
            )


def _silence(order: ReviewedOrder, now: datetime) -> Iterator[Objection]:
    """An order that was sent and not answered in time."""
    if not order.is_confirmed and order.confirm_by is not None and order.confirm_by <= now:
        yield Objection(rule=Rule.UNCONFIRMED)
