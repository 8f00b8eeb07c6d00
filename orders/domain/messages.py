"""What each message needs to know, and when it is tried again.

An event queues facts, plain values that JSON keeps; which ones a topic needs
stands in `FACTS`. `message_fields` turns them into texts by name, and the
template of a channel picks those it shows (`orders.domain.message_templates`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from leaders.domain.promises import ensure
from orders.domain.money import FEN_PER_YUAN


class Topic(StrEnum):
    """What a message is about."""

    LOGIN_CODE = "login_code"
    ORDER_PAID = "order_paid"
    PAYMENT_RETURNED = "payment_returned"
    SHORTAGE_REFUNDED = "shortage_refunded"
    ARRIVED = "arrived"
    CLAIM_DECIDED = "claim_decided"
    WEIGHT_REFUNDED = "weight_refunded"
    PURCHASE_ORDER = "purchase_order"
    PURCHASE_REMINDER = "purchase_reminder"
    DELIVERY_LATE = "delivery_late"
    PICKUP_REMINDER = "pickup_reminder"
    CLAIM_TO_LEADER = "claim_to_leader"
    LEVEL_NOTICE = "level_notice"
    PAYOUT_TO_CONFIRM = "payout_to_confirm"
    RECALL = "recall"


# What a supplier is told: `link` is the whole address, `token` its last part for
# channels that know the rest, `confirm_by` a time of day.
_TO_SUPPLIER = frozenset({"po_no", "supplier", "delivery_date", "confirm_by", "link", "token"})
# What an event must say when it queues a message. Amounts are whole fen, dates
# and moments ISO texts, `goods` a list of [name, pieces], `place` the name of
# the pickup point, `code` what the resident types or says.
FACTS: Mapping[Topic, frozenset[str]] = {
    Topic.LOGIN_CODE: frozenset({"code", "minutes", "expires_at"}),
    Topic.ORDER_PAID: frozenset({"order_no", "amount_fen", "delivery_date", "place"}),
    Topic.PAYMENT_RETURNED: frozenset({"order_no", "amount_fen"}),
    Topic.SHORTAGE_REFUNDED: frozenset({"order_no", "goods", "amount_fen"}),
    Topic.ARRIVED: frozenset({"order_no", "code", "place", "address", "date", "hours", "pieces"}),
    Topic.CLAIM_DECIDED: frozenset({"order_no", "goods", "is_approved", "amount_fen"}),
    Topic.WEIGHT_REFUNDED: frozenset({"order_no", "goods", "amount_fen"}),
    Topic.PURCHASE_ORDER: _TO_SUPPLIER,
    Topic.PURCHASE_REMINDER: _TO_SUPPLIER,
    # To a leader; both are times of day.
    Topic.DELIVERY_LATE: frozenset({"place", "announced", "expected"}),
    Topic.LEVEL_NOTICE: frozenset({"level", "effective_on"}),
    Topic.PICKUP_REMINDER: frozenset({"order_no", "code", "place", "address", "hours", "pieces"}),
    # To a leader; `until` is a time of day.
    Topic.CLAIM_TO_LEADER: frozenset({"order_no", "goods", "until"}),
    # To a leader; `until` is a local moment in words.
    Topic.PAYOUT_TO_CONFIRM: frozenset({"amount_fen", "until"}),
    # To a resident or, with `residents` (how many of theirs it concerns), a leader.
    # `goods` is the name of the goods alone, `days` the days of delivery in words.
    Topic.RECALL: frozenset({"recalled", "days", "reason", "advice"}),
}
# What a resident is told whose data may be used for nothing else: danger and money.
OBLIGED = frozenset(
    {
        Topic.RECALL,
        Topic.PAYMENT_RETURNED,
        Topic.SHORTAGE_REFUNDED,
        Topic.WEIGHT_REFUNDED,
        Topic.CLAIM_DECIDED,
    }
)
# Facts that are gone once the message is sent.
SECRETS: Mapping[Topic, frozenset[str]] = {Topic.LOGIN_CODE: frozenset({"code"})}

ATTEMPTS_MAX = 8
_FIRST_PAUSE = timedelta(seconds=15)
_LONGEST_PAUSE = timedelta(hours=1)
GOODS_NAMED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One message as a channel gets it.

    Parameters
    ----------
    topic
        Picks the channel's template.
    key
        The same in every attempt; a receiver that can, drops the second.
    phone, openid
        The two addresses; an empty one means that channel cannot be used.
    text
        The whole message in words.
    fields
        The values by name, for channels with templates of their own.
    """

    topic: Topic
    key: str
    phone: str
    openid: str
    text: str
    fields: Mapping[str, str]


def facts_missing(topic: Topic, facts: Mapping[str, object]) -> frozenset[str]:
    """Return the names of the facts that the topic needs and that are not there."""
    return FACTS[topic] - facts.keys()


def facts_without_secrets(topic: Topic, facts: Mapping[str, object]) -> dict[str, object]:
    """Return the facts that may be kept when the message has been sent."""
    return {name: fact for name, fact in facts.items() if name not in SECRETS.get(topic, ())}


def message_fields(facts: Mapping[str, Any], *, comma: str) -> dict[str, str]:
    """Return the texts of a message by name.

    Parameters
    ----------
    facts
        What the event said.
    comma
        What stands between two goods of a list, in the reader's language.

    Returns
    -------
    dict of str
        `amount` for `amount_fen` ('¥12.50'), `goods` as 'name×pieces' with at
        most `GOODS_NAMED` of them spelled out, `hours` as they are, and every
        other fact in words of its own. Facts that are no text, number or list
        of goods are left to the template.
    """
    fields = {
        name: str(fact)
        for name, fact in facts.items()
        if isinstance(fact, str | int) and not isinstance(fact, bool)
    }
    if "amount_fen" in facts:
        fields["amount"] = amount_text(facts["amount_fen"])
    if "goods" in facts:
        fields["goods"] = goods_text(facts["goods"], comma=comma)
    return fields


def amount_text(amount_fen: int) -> str:
    """Return '¥1234.50': WeChat takes a currency sign and digits, no separators."""
    yuan, fen = divmod(amount_fen, FEN_PER_YUAN)
    return f"¥{yuan}.{fen:02d}"


def goods_text(goods: list[tuple[str, int]], *, comma: str) -> str:
    """Return 'A×2, B×1 …' with the first goods spelled out and dots for more."""
    named = comma.join(f"{name}×{pieces}" for name, pieces in goods[:GOODS_NAMED])
    return f"{named} …" if len(goods) > GOODS_NAMED else named


def retry_pause(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: 15 s, doubled each time, at most 1 h."""
    ensure(attempts >= 1, "a pause follows an attempt")
    return min(_FIRST_PAUSE * (1 << min(attempts - 1, 16)), _LONGEST_PAUSE)
