"""What a resident asks for: a basket, who receives it, and when it is on sale.

Everything here is checked before the database is asked anything. A request
says of itself whether it can be an order at all; whether goods are left, and
whether the campaign still takes orders, is decided by `order_place`.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from orders.errors import (
    BasketEmpty,
    BasketTooLarge,
    OfferTwiceInBasket,
    PayerMissing,
    QuantityNotPositive,
    ReceiverInvalid,
    RequestKeyInvalid,
)

# An order of a household; it also keeps every amount far inside its column.
LINES_MAX = 100
QTY_MAX = 9_999
REQUEST_KEY_LENGTH = 64
RECEIVER_LENGTHS = {"name": 60, "phone": 20, "building": 30, "room": 30}
PROXY = "proxy"


@dataclass(frozen=True, slots=True)
class BasketLine:
    """Some pieces of one offer, 1 to `QTY_MAX`."""

    offer_id: int
    qty: int

    def __post_init__(self) -> None:
        if self.qty < 1:
            raise QuantityNotPositive("A line asks for at least one piece.", qty=self.qty)
        if self.qty > QTY_MAX:
            raise BasketTooLarge("That is more than one order can hold.", qty=self.qty)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who picks the goods up; building and room may be empty.

    Raises
    ------
    ReceiverInvalid
        If name or phone is empty, or a field is too long or holds control
        characters; `details` names the field.
    """

    name: str
    phone: str
    building: str = ""
    room: str = ""

    def __post_init__(self) -> None:
        for field, length in RECEIVER_LENGTHS.items():
            value: str = getattr(self, field)
            if field in ("name", "phone") and not value.strip():
                raise ReceiverInvalid("A name and a phone number are needed.", field=field)
            if len(value) > length:
                raise ReceiverInvalid("This is too long.", field=field, length=length)
            if not _is_writable(value):
                raise ReceiverInvalid("This cannot be printed.", field=field)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRequest:
    """One order as it is asked for.

    Parameters
    ----------
    campaign_id, leader_id, resident_id
        What is ordered from, with whom, and by whom.
    lines
        The basket: 1 to `LINES_MAX` lines, each offer once.
    receiver
        Name, phone and door as they stay on the order.
    request_key
        Made by the client and kept until it has an answer: the same key
        places one order, however often it is sent. 1 to 64 characters.
    source
        How it came in, as in `orders.models.orders.OrderSource`.
    payer_leader_id
        The leader who pays for a neighbour; needed when `source` is proxy.
    pickup_point_id
        Where the goods are picked up; without it the leader's first open point.
    accepts_substitutes
        Whether like goods of no less worth may be given for what is short.
    reseller_code
        The leader whose link led here, if another sells for this one; it
        counts while the two have an agreement.

    Raises
    ------
    BasketEmpty, BasketTooLarge, OfferTwiceInBasket, RequestKeyInvalid, PayerMissing
        If it cannot be an order.
    """

    campaign_id: int
    leader_id: int
    resident_id: int
    lines: tuple[BasketLine, ...]
    receiver: Receiver
    request_key: str
    source: str
    payer_leader_id: int | None = None
    pickup_point_id: int | None = None
    accepts_substitutes: bool = False
    reseller_code: str = ""

    def __post_init__(self) -> None:
        if not self.lines:
            raise BasketEmpty("The basket is empty.")
        if len(self.lines) > LINES_MAX:
            raise BasketTooLarge("That is more than one order can hold.", lines=len(self.lines))
        offers = [line.offer_id for line in self.lines]
        if len(set(offers)) < len(offers):
            raise OfferTwiceInBasket("An offer stands in the basket once, with its quantity.")
        if not 0 < len(self.request_key) <= REQUEST_KEY_LENGTH or not _is_writable(
            self.request_key
        ):
            raise RequestKeyInvalid("A request needs a key of 1 to 64 characters.")
        if self.source == PROXY and self.payer_leader_id is None:
            raise PayerMissing("An order placed for a neighbour names who pays.")

    @property
    def request_hash(self) -> str:
        """SHA-256 over everything but the key, in hex; the order of the lines is no part."""
        content = {
            "campaign": self.campaign_id,
            "leader": self.leader_id,
            "lines": sorted((line.offer_id, line.qty) for line in self.lines),
            "payer": self.payer_leader_id,
            "point": self.pickup_point_id,
            "receiver": [
                self.receiver.name,
                self.receiver.phone,
                self.receiver.building,
                self.receiver.room,
            ],
            "resident": self.resident_id,
            "source": self.source,
        }
        if self.accepts_substitutes:
            content["substitutes"] = True
        written = json.dumps(content, ensure_ascii=True, sort_keys=True)
        return hashlib.sha256(written.encode("ascii")).hexdigest()


def _is_writable(text: str) -> bool:
    """Neither control characters nor halves of characters, which no table can hold."""
    return not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text)


def basket_total_fen(lines: Iterable[tuple[int, int]]) -> int:
    """Return what (pieces, unit price in fen) lines cost together, in fen."""
    return sum(qty * unit_price_fen for qty, unit_price_fen in lines)


def offer_sells_at(
    sells_from: datetime | None, sells_until: datetime | None, now: datetime
) -> bool:
    """Say whether an offer's own time slot is running.

    It runs from the very second of `sells_from` and is over in the very
    second of `sells_until`; without a bound the campaign's clocks decide
    alone.
    """
    has_begun = sells_from is None or sells_from <= now
    return has_begun and (sells_until is None or now < sells_until)


def pay_by(placed_at: datetime, payment_window: timedelta, payments_close_at: datetime) -> datetime:
    """Return until when goods are held: the window, cut at the campaign's payment clock."""
    return min(placed_at + payment_window, payments_close_at)
