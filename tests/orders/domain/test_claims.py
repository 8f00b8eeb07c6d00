"""How much of a line can be claimed, and for how much."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.claim_errors import (
    ClaimAmountOutOfRange,
    ClaimExceedsLine,
    ClaimInvalid,
    ClaimPhotosOutOfRange,
)
from orders.domain.claims import (
    KINDS,
    ClaimableLine,
    ClaimRequest,
    granted_fen,
    has_arrived,
    is_fast_lane,
)
from orders.errors import QuantityNotPositive
from orders.models.claims import ClaimKind

DELIVERY = date(2026, 3, 11)
REQUEST = ClaimRequest(
    order_no="OT000001",
    line_no=1,
    kind="spoiled",
    qty=1,
    description="",
    photos=(b"photo",),
    request_key="key-0001",
)


def test_the_kinds_are_those_of_the_rows() -> None:
    assert list(KINDS) == ClaimKind.values


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"kind": "ugly"}, ClaimInvalid),
        ({"description": "x" * 501}, ClaimInvalid),
        ({"request_key": ""}, ClaimInvalid),
        ({"request_key": "x" * 65}, ClaimInvalid),
        ({"qty": 0}, QuantityNotPositive),
        ({"photos": ()}, ClaimPhotosOutOfRange),
        ({"photos": (b"x",) * 7}, ClaimPhotosOutOfRange),
        ({"kind": "missing", "photos": (b"x",) * 7}, ClaimPhotosOutOfRange),
    ],
)
def test_what_cannot_be_a_claim_is_refused(changes: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        replace(REQUEST, **changes)


def test_what_is_not_there_needs_no_photo() -> None:
    assert replace(REQUEST, kind="missing", photos=()).photos == ()


@given(
    qty=st.integers(1, 99),
    price_fen=st.integers(0, 100_000),
    data=st.data(),
)
def test_all_claims_of_a_line_together_ask_for_what_came_and_no_more(
    qty: int, price_fen: int, data: st.DataObject
) -> None:
    short = data.draw(st.integers(0, qty))
    line = ClaimableLine(qty=qty, amount_fen=qty * price_fen, short_qty=short)
    asked_fen = 0

    while line.left_qty:
        part = data.draw(st.integers(1, line.left_qty))
        asked_fen += line.asked_fen(part)
        line = replace(line, claimed_qty=line.claimed_qty + part)

    assert asked_fen == (qty - short) * price_fen
    with pytest.raises(ClaimExceedsLine):
        line.asked_fen(1)


@given(
    came=st.integers(1, 9),
    short=st.integers(0, 5),
    price_fen=st.integers(1, 5_000),
    light_bp=st.integers(0, 10_000),
    data=st.data(),
)
def test_what_went_back_for_short_weight_is_not_claimed_again(
    came: int, short: int, price_fen: int, light_bp: int, data: st.DataObject
) -> None:
    qty = came + short
    light_fen = came * price_fen * light_bp // 10_000
    line = ClaimableLine(qty=qty, amount_fen=qty * price_fen, short_qty=short, light_fen=light_fen)
    whole_fen = line.asked_fen(came)
    asked_fen = 0

    while line.left_qty:
        part = data.draw(st.integers(1, line.left_qty))
        asked_fen += line.asked_fen(part)
        line = replace(line, claimed_qty=line.claimed_qty + part)

    assert whole_fen == came * price_fen - light_fen
    assert whole_fen - came < asked_fen <= whole_fen


def test_too_many_pieces_are_told_how_many_are_left() -> None:
    line = ClaimableLine(qty=5, amount_fen=500, short_qty=1, claimed_qty=2)

    with pytest.raises(ClaimExceedsLine) as refusal:
        line.asked_fen(3)

    assert refusal.value.details == {"left_qty": 2}


@pytest.mark.parametrize(("asked_fen", "refund_fen"), [(500, 1), (500, 500), (0, 0)])
def test_a_refund_is_something_and_at_most_what_was_asked(asked_fen: int, refund_fen: int) -> None:
    assert granted_fen(asked_fen, refund_fen) == refund_fen


@pytest.mark.parametrize(("asked_fen", "refund_fen"), [(500, 0), (500, 501), (500, -1), (0, 1)])
def test_any_other_refund_is_refused(asked_fen: int, refund_fen: int) -> None:
    with pytest.raises(ClaimAmountOutOfRange):
        granted_fen(asked_fen, refund_fen)


@pytest.mark.parametrize(
    ("day", "is_there", "is_fast"),
    [(10, False, True), (11, True, True), (12, True, True), (13, True, False)],
)
def test_the_fast_lane_is_the_delivery_day_and_the_next(
    day: int, is_there: bool, is_fast: bool
) -> None:
    filed_on = date(2026, 3, day)

    assert (has_arrived(filed_on, DELIVERY), is_fast_lane(filed_on, DELIVERY)) == (
        is_there,
        is_fast,
    )
