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
    DEFECT_SHARES_BP,
    KINDS,
    WHOLE_BP,
    ClaimableLine,
    ClaimRequest,
    granted_fen,
    has_arrived,
    is_within_tolerance,
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
        ({"defect_bp": 2_000}, ClaimInvalid),
        ({"defect_bp": 0}, ClaimInvalid),
        ({"kind": "missing", "defect_bp": 5_000}, ClaimInvalid),
        ({"kind": "light_weight"}, ClaimInvalid),
        ({"kind": "light_weight", "weighed_g": -1}, ClaimInvalid),
        ({"kind": "light_weight", "weighed_g": 400, "defect_bp": 5_000}, ClaimInvalid),
        ({"weighed_g": 400}, ClaimInvalid),
    ],
)
def test_what_cannot_be_a_claim_is_refused(changes: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        replace(REQUEST, **changes)


def test_what_is_not_there_needs_no_photo() -> None:
    assert replace(REQUEST, kind="missing", photos=()).photos == ()


def claimed(line: ClaimableLine, qty: int, defect_bp: int) -> tuple[ClaimableLine, int]:
    """The line after one more claim, and what that asked for."""
    asked = line.asked(qty, defect_bp)
    after = replace(
        line,
        claimed_bp=line.claimed_bp + qty * asked.defect_bp,
        claimed_fen=line.claimed_fen + asked.fen,
    )
    return after, asked.fen


@given(
    qty=st.integers(1, 99),
    price_fen=st.integers(0, 100_000),
    data=st.data(),
)
def test_whole_pieces_together_ask_for_what_came_and_no_more(
    qty: int, price_fen: int, data: st.DataObject
) -> None:
    short = data.draw(st.integers(0, qty))
    line = ClaimableLine(qty=qty, amount_fen=qty * price_fen, short_qty=short)
    asked_fen = 0

    while line.left_qty:
        part = data.draw(st.integers(1, line.left_qty))
        line, fen = claimed(line, part, WHOLE_BP)
        asked_fen += fen

    assert asked_fen == (qty - short) * price_fen
    with pytest.raises(ClaimExceedsLine):
        line.asked(1, WHOLE_BP)


@given(
    qty=st.integers(1, 20),
    amount_fen=st.integers(0, 100_000),
    light_bp=st.integers(0, WHOLE_BP),
    data=st.data(),
)
def test_no_claims_of_any_kind_ask_for_more_than_was_paid_and_kept(
    qty: int, amount_fen: int, light_bp: int, data: st.DataObject
) -> None:
    short = data.draw(st.integers(0, qty))
    line = ClaimableLine(qty=qty, amount_fen=amount_fen, short_qty=short)
    line = replace(line, light_fen=line.kept_fen * light_bp // WHOLE_BP)
    kept_fen, asked_fen = line.kept_fen, 0

    for _claim in range(8):
        if not line.left_qty:
            break
        pieces = data.draw(st.integers(1, line.left_qty))
        if data.draw(st.booleans()):
            line, fen = claimed(line, pieces, data.draw(st.sampled_from(DEFECT_SHARES_BP)))
        else:
            grams = data.draw(st.integers(0, pieces * 500 - 1))
            asked = line.asked_by_weight(pieces, promised_g=pieces * 500, weighed_g=grams)
            fen = asked.fen
            line = replace(
                line,
                claimed_bp=line.claimed_bp + pieces * asked.defect_bp,
                claimed_fen=line.claimed_fen + fen,
            )
        assert fen >= 0
        asked_fen += fen

    assert asked_fen <= kept_fen <= amount_fen


@given(
    qty=st.integers(1, 20),
    amount_fen=st.integers(0, 100_000),
    earlier_bp=st.sampled_from(DEFECT_SHARES_BP[:-1]),
)
def test_a_larger_share_never_asks_for_less(qty: int, amount_fen: int, earlier_bp: int) -> None:
    line, _fen = claimed(ClaimableLine(qty=qty, amount_fen=amount_fen), 1, earlier_bp)

    asked = [line.asked(1, share).fen for share in DEFECT_SHARES_BP]

    assert asked == sorted(asked)


@given(promised_g=st.integers(1, 5_000), amount_fen=st.integers(0, 50_000), data=st.data())
def test_lighter_goods_never_ask_for_less(
    promised_g: int, amount_fen: int, data: st.DataObject
) -> None:
    line = ClaimableLine(qty=1, amount_fen=amount_fen)
    light, lighter = sorted(
        data.draw(st.lists(st.integers(0, promised_g - 1), min_size=2, max_size=2)), reverse=True
    )

    asked = [
        line.asked_by_weight(1, promised_g=promised_g, weighed_g=grams).fen
        for grams in (light, lighter)
    ]

    assert asked == sorted(asked)


@pytest.mark.parametrize(
    ("qty", "defect_bp", "fen"),
    [(1, 1_000, 49), (1, 3_000, 149), (1, 5_000, 249), (1, 10_000, 499), (3, 5_000, 748)],
)
def test_a_share_is_rounded_down_once(qty: int, defect_bp: int, fen: int) -> None:
    assert ClaimableLine(qty=4, amount_fen=1_996).asked(qty, defect_bp).fen == fen


@pytest.mark.parametrize(
    ("weighed_g", "light_fen", "fen", "defect_bp"),
    [(485, 0, 14, 300), (450, 0, 49, 1_000), (450, 30, 19, 1_000), (450, 60, 0, 1_000)],
)
def test_what_the_weigh_station_paid_back_counts(
    weighed_g: int, light_fen: int, fen: int, defect_bp: int
) -> None:
    line = ClaimableLine(qty=1, amount_fen=499, light_fen=light_fen)

    asked = line.asked_by_weight(1, promised_g=500, weighed_g=weighed_g)

    assert (asked.fen, asked.defect_bp) == (fen, defect_bp)


@pytest.mark.parametrize("weighed_g", [500, 501])
def test_goods_that_weigh_enough_are_no_claim(weighed_g: int) -> None:
    with pytest.raises(ClaimInvalid) as refusal:
        ClaimableLine(qty=1, amount_fen=499).asked_by_weight(1, promised_g=500, weighed_g=weighed_g)

    assert refusal.value.details == {"field": "weighed_g", "promised_g": 500}


@pytest.mark.parametrize(("weighed_g", "is_within"), [(485, True), (484, False), (500, True)])
def test_the_tolerance_is_a_share_of_what_was_promised(weighed_g: int, is_within: bool) -> None:
    assert is_within_tolerance(500, weighed_g, 300) is is_within


def test_pieces_with_a_small_defect_can_be_claimed_again_as_a_whole() -> None:
    line, first = claimed(ClaimableLine(qty=4, amount_fen=2_000), 4, 1_000)

    line, second = claimed(line, 4, WHOLE_BP)

    assert (first, second, line.left_qty) == (200, 1_800, 0)


def test_too_many_pieces_are_told_how_many_are_left() -> None:
    line = ClaimableLine(qty=5, amount_fen=500, short_qty=1, claimed_bp=2 * WHOLE_BP)

    with pytest.raises(ClaimExceedsLine) as refusal:
        line.asked(3, WHOLE_BP)

    assert refusal.value.details == {"left_qty": 2}


@pytest.mark.parametrize(("asked_fen", "refund_fen"), [(500, 1), (500, 500), (0, 0)])
def test_a_refund_is_something_and_at_most_what_was_asked(asked_fen: int, refund_fen: int) -> None:
    assert granted_fen(asked_fen, refund_fen) == refund_fen


@pytest.mark.parametrize(("asked_fen", "refund_fen"), [(500, 0), (500, 501), (500, -1), (0, 1)])
def test_any_other_refund_is_refused(asked_fen: int, refund_fen: int) -> None:
    with pytest.raises(ClaimAmountOutOfRange):
        granted_fen(asked_fen, refund_fen)


@pytest.mark.parametrize(("day", "is_there"), [(10, False), (11, True), (13, True)])
def test_goods_are_there_from_the_delivery_day_on(day: int, is_there: bool) -> None:
    assert has_arrived(date(2026, 3, day), DELIVERY) is is_there
