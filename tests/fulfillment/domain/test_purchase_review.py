"""What the buyer sees first."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from fulfillment.domain.purchase_review import (
    Objection,
    ReviewedLine,
    ReviewedOrder,
    ReviewLimits,
    Rule,
    is_price_jump,
    objections_to,
    reasons_needed,
)

DELIVERY = date(2026, 3, 12)
NOW = datetime(2026, 3, 11, 15, 30, tzinfo=UTC)
LIMITS = ReviewLimits(on=DELIVERY, now=NOW, price_jump_percent=15)


def line(
    sku_code: str = "K042",
    *,
    cost_fen: int = 400,
    last_cost_fen: int | None = 400,
    least: int = 0,
    confirmed_qty: int | None = None,
) -> ReviewedLine:
    return ReviewedLine(
        sku_code=sku_code,
        need_qty=86,
        ordered_qty=100,
        unit_cost_fen=cost_fen,
        min_order_qty=least,
        last_cost_fen=last_cost_fen,
        confirmed_qty=confirmed_qty,
    )


def order(
    *lines: ReviewedLine,
    amount_fen: int = 40_000,
    licences: Sequence[date | None] = (None,),
    confirm_by: datetime | None = None,
    is_confirmed: bool = False,
) -> ReviewedOrder:
    return ReviewedOrder(
        amount_fen=amount_fen,
        min_order_fen=40_000,
        lines=lines or (line(),),
        licences=licences,
        confirm_by=confirm_by,
        is_confirmed=is_confirmed,
    )


def test_nothing_speaks_against_a_good_order() -> None:
    assert objections_to(order(), LIMITS) == []


def test_the_gravest_come_first_and_lines_by_their_code() -> None:
    bad = order(
        line("K2", cost_fen=600),
        line("K1", cost_fen=600, least=120, confirmed_qty=50),
        amount_fen=39_999,
        licences=[],
    )

    assert [(found.rule, found.sku_code) for found in objections_to(bad, LIMITS)] == [
        (Rule.NO_LICENCE, ""),
        (Rule.BELOW_MINIMUM, ""),
        (Rule.BELOW_MOQ, "K1"),
        (Rule.PRICE_JUMP, "K1"),
        (Rule.PRICE_JUMP, "K2"),
        (Rule.CONFIRMED_SHORT, "K1"),
    ]


def test_an_objection_says_what_is_and_what_should_be() -> None:
    assert objections_to(order(amount_fen=39_999), LIMITS) == [
        Objection(rule=Rule.BELOW_MINIMUM, is_value=39_999, should_value=40_000)
    ]


@pytest.mark.parametrize(("days", "expected"), [(-1, True), (0, False), (30, False)])
def test_a_licence_holds_on_its_last_day(days: int, expected: bool) -> None:
    last_day = DELIVERY + timedelta(days=days)

    found = objections_to(order(licences=[None, last_day]), LIMITS)

    assert [objection.on for objection in found] == ([last_day] if expected else [])


@pytest.mark.parametrize(
    ("cost_fen", "last_fen", "expected"),
    [(460, 400, False), (461, 400, True), (340, 400, False), (339, 400, True), (1, 0, True)],
)
def test_a_price_jumps_up_and_down(cost_fen: int, last_fen: int, expected: bool) -> None:
    assert is_price_jump(cost_fen, last_fen, percent=15) is expected


def test_goods_that_were_never_bought_have_no_price_to_jump_from() -> None:
    assert objections_to(order(line(cost_fen=9_999, last_cost_fen=None)), LIMITS) == []


def test_a_confirmation_that_covers_the_need_is_not_short() -> None:
    assert objections_to(order(line(confirmed_qty=86), is_confirmed=True), LIMITS) == []


@pytest.mark.parametrize(
    ("confirm_by", "is_confirmed", "expected"),
    [
        (None, False, False),
        (NOW + timedelta(minutes=1), False, False),
        (NOW, False, True),
        (NOW, True, False),
    ],
)
def test_silence_counts_from_the_deadline_on(
    confirm_by: datetime | None, is_confirmed: bool, expected: bool
) -> None:
    found = objections_to(order(confirm_by=confirm_by, is_confirmed=is_confirmed), LIMITS)

    assert [objection.rule for objection in found] == ([Rule.UNCONFIRMED] if expected else [])


def test_what_happens_after_an_approval_needs_no_reason_for_it() -> None:
    late = order(line(confirmed_qty=1), confirm_by=NOW, licences=[])

    found = objections_to(late, LIMITS)

    assert [objection.rule for objection in reasons_needed(found)] == [Rule.NO_LICENCE]
