"""What makes a request an order at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaders.errors import DomainError
from orders.domain.basket import (
    LINES_MAX,
    QTY_MAX,
    BasketLine,
    OrderRequest,
    Receiver,
    basket_total_fen,
    offer_sells_at,
    pay_by,
)
from orders.errors import (
    BasketEmpty,
    BasketTooLarge,
    OfferTwiceInBasket,
    PayerMissing,
    QuantityNotPositive,
    ReceiverInvalid,
    RequestKeyInvalid,
)

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RECEIVER = Receiver("陈海燕", "19906910001", "3栋", "501")
REQUEST = OrderRequest(
    campaign_id=1,
    leader_id=2,
    resident_id=3,
    lines=(BasketLine(10, 1), BasketLine(11, 2)),
    receiver=RECEIVER,
    request_key="key-1",
    source="storefront",
)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        pytest.param({"lines": ()}, BasketEmpty, id="empty"),
        pytest.param(
            {"lines": (BasketLine(10, 1), BasketLine(10, 2))}, OfferTwiceInBasket, id="twice"
        ),
        pytest.param(
            {"lines": tuple(BasketLine(n, 1) for n in range(LINES_MAX + 1))},
            BasketTooLarge,
            id="too_many_lines",
        ),
        pytest.param({"request_key": ""}, RequestKeyInvalid, id="no_key"),
        pytest.param({"request_key": "k" * 65}, RequestKeyInvalid, id="long_key"),
        pytest.param({"request_key": "k\x00"}, RequestKeyInvalid, id="unwritable_key"),
        pytest.param({"source": "proxy"}, PayerMissing, id="proxy_without_payer"),
    ],
)
def test_a_request_that_cannot_be_an_order_is_refused(
    change: dict[str, Any], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        replace(REQUEST, **change)


@pytest.mark.parametrize(
    ("qty", "refusal"),
    [(0, QuantityNotPositive), (-1, QuantityNotPositive), (QTY_MAX + 1, BasketTooLarge)],
)
def test_a_line_asks_for_a_number_of_pieces_one_can_carry(
    qty: int, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        BasketLine(10, qty)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("phone", ""),
        ("name", "陈" * 61),
        ("phone", "1" * 21),
        ("building", "3" * 31),
        ("room", "5" * 31),
        ("room", "5\x0001"),
        ("name", "陈\ud800"),
    ],
)
def test_a_receiver_who_cannot_be_printed_is_refused_by_field(field: str, value: str) -> None:
    with pytest.raises(ReceiverInvalid) as refusal:
        replace(RECEIVER, **{field: value})

    assert refusal.value.details["field"] == field


def test_names_may_hold_what_people_type() -> None:
    assert Receiver("陈　海燕👩‍🌾", "+86 199", "", "").name == "陈　海燕👩‍🌾"


def test_the_order_of_the_lines_is_no_other_request() -> None:
    turned = replace(REQUEST, lines=REQUEST.lines[::-1], request_key="key-2")

    assert turned.request_hash == REQUEST.request_hash


@pytest.mark.parametrize(
    "change",
    [
        {"lines": (BasketLine(10, 2), BasketLine(11, 2))},
        {"campaign_id": 9},
        {"leader_id": 9},
        {"resident_id": 9},
        {"pickup_point_id": 9},
        {"payer_leader_id": 9},
        {"source": "import"},
        {"receiver": replace(RECEIVER, room="502")},
        {"accepts_substitutes": True},
    ],
)
def test_any_other_content_is_another_request(change: dict[str, Any]) -> None:
    assert replace(REQUEST, **change).request_hash != REQUEST.request_hash


@pytest.mark.parametrize(
    ("sells_from", "sells_until", "sells"),
    [
        pytest.param(None, None, True, id="no_slot"),
        pytest.param(NOON, None, True, id="in_its_first_second"),
        pytest.param(NOON + SECOND, None, False, id="not_yet"),
        pytest.param(None, NOON, False, id="over_in_its_last_second"),
        pytest.param(None, NOON + SECOND, True, id="one_second_left"),
        pytest.param(NOON - SECOND, NOON + SECOND, True, id="inside"),
    ],
)
def test_a_slot_holds_its_first_second_and_not_its_last(
    sells_from: datetime | None, sells_until: datetime | None, sells: bool
) -> None:
    assert offer_sells_at(sells_from, sells_until, NOON) is sells


def test_goods_are_held_for_the_window_and_never_past_the_payment_clock() -> None:
    window = timedelta(minutes=5)

    assert pay_by(NOON, window, NOON + 2 * window) == NOON + window
    assert pay_by(NOON, window, NOON + window / 2) == NOON + window / 2


@given(st.lists(st.tuples(st.integers(1, QTY_MAX), st.integers(0, 10**6)), max_size=20))
def test_a_basket_costs_what_its_lines_cost_in_any_order(lines: list[tuple[int, int]]) -> None:
    total = basket_total_fen(lines)

    assert total == basket_total_fen(sorted(lines))
    assert total == sum(basket_total_fen([line]) for line in lines)
