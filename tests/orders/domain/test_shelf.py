"""What a shelf says of an offer, and what becomes of a basket."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.shelf import (
    QTY_MAX,
    BasketChange,
    ChangeKind,
    KeptLine,
    OfferTerms,
    SaleState,
    basket_review,
    is_return_excluded,
    picture_of,
    price_per_500g_fen,
)

OPENS = datetime(2026, 3, 9, 23, 0, tzinfo=UTC)
CLOSES = datetime(2026, 3, 10, 14, 58, tzinfo=UTC)
NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
EGGS = OfferTerms(
    offer_id=1, name="鸡蛋 30枚", price_fen=2490, opens_at=OPENS, orders_close_at=CLOSES
)
FLASH = replace(EGGS, sells_from=NOON - HOUR, sells_until=NOON + HOUR)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("terms", "now", "state"),
    [
        pytest.param(EGGS, OPENS - SECOND, SaleState.UPCOMING, id="before_the_opening"),
        pytest.param(EGGS, OPENS, SaleState.ON_SALE, id="the_second_it_opens"),
        pytest.param(EGGS, CLOSES - SECOND, SaleState.ON_SALE, id="the_last_second"),
        pytest.param(EGGS, CLOSES, SaleState.ENDED, id="the_second_it_closes"),
        pytest.param(FLASH, NOON - HOUR - SECOND, SaleState.UPCOMING, id="before_the_slot"),
        pytest.param(FLASH, NOON - HOUR, SaleState.ON_SALE, id="the_slot_begins"),
        pytest.param(FLASH, NOON + HOUR, SaleState.ENDED, id="the_slot_is_over"),
        pytest.param(replace(EGGS, left_qty=0), NOON, SaleState.SOLD_OUT, id="nothing_left"),
        pytest.param(replace(EGGS, left_qty=0), CLOSES, SaleState.ENDED, id="sold_out_and_over"),
        pytest.param(replace(EGGS, left_qty=1), NOON, SaleState.ON_SALE, id="one_left"),
    ],
)
def test_an_offer_sells_within_its_window_while_something_is_left(
    terms: OfferTerms, now: datetime, state: SaleState
) -> None:
    assert terms.state_at(now) is state


@pytest.mark.parametrize(
    ("terms", "most"),
    [
        pytest.param(EGGS, QTY_MAX, id="neither_cap_nor_limit"),
        pytest.param(replace(EGGS, left_qty=3), 3, id="what_is_left"),
        pytest.param(replace(EGGS, limit_qty=2), 2, id="what_the_limit_allows"),
        pytest.param(replace(EGGS, limit_qty=2, bought_qty=1), 1, id="what_of_it_is_left"),
        pytest.param(replace(EGGS, limit_qty=2, bought_qty=5), 0, id="never_less_than_nothing"),
        pytest.param(replace(EGGS, left_qty=1, limit_qty=2), 1, id="the_smaller_of_both"),
        pytest.param(replace(EGGS, sells_from=NOON + SECOND), 0, id="not_yet"),
    ],
)
def test_a_basket_holds_what_stock_and_limit_allow(terms: OfferTerms, most: int) -> None:
    assert terms.most_qty(NOON) == most


def test_a_basket_that_still_holds_is_left_alone() -> None:
    kept = [KeptLine(1, 2, 2490)]

    review = basket_review(kept, {1: EGGS}, NOON)

    assert review.lines == (KeptLine(1, 2, 2490),)
    assert review.changes == ()


def test_every_change_is_told() -> None:
    tofu = replace(EGGS, offer_id=2, name="嫩豆腐", price_fen=290, left_qty=3)
    milk = replace(EGGS, offer_id=3, name="鲜牛奶", left_qty=0)
    kept = [KeptLine(1, 2, 2390), KeptLine(2, 5, 290), KeptLine(3, 1, 2490), KeptLine(4, 1, 100)]

    review = basket_review(kept, {1: EGGS, 2: tofu, 3: milk}, NOON)

    assert review.lines == (KeptLine(1, 2, 2490), KeptLine(2, 3, 290))
    assert review.changes == (
        BasketChange(ChangeKind.PRICE, "鸡蛋 30枚", 2390, 2490),
        BasketChange(ChangeKind.FEWER, "嫩豆腐", 5, 3),
        BasketChange(ChangeKind.GONE, "鲜牛奶", 1, 0),
        BasketChange(ChangeKind.GONE, "", 1, 0),
    )


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 200), st.integers(1, 9999)), max_size=8),
    st.dictionaries(
        st.integers(1, 6),
        st.tuples(st.none() | st.integers(0, 9), st.none() | st.integers(1, 9), st.integers(0, 9)),
        max_size=6,
    ),
)
def test_a_reviewed_basket_can_be_ordered_and_needs_no_second_review(
    asked: list[tuple[int, int, int]],
    offers: dict[int, tuple[int | None, int | None, int]],
) -> None:
    terms = {
        key: replace(EGGS, offer_id=key, left_qty=left, limit_qty=limit, bought_qty=bought)
        for key, (left, limit, bought) in offers.items()
    }

    review = basket_review([KeptLine(*line) for line in asked], terms, NOON)

    assert all(1 <= line.qty <= terms[line.offer_id].most_qty(NOON) for line in review.lines)
    assert basket_review(review.lines, terms, NOON).changes == ()


def test_the_price_of_500_g_is_rounded_half_up() -> None:
    assert price_per_500g_fen(2990, 2500) == 598
    assert price_per_500g_fen(1, 1000) == 1
    assert price_per_500g_fen(1, 1001) == 0


@given(st.integers(0, 1_000_000), st.integers(1, 100_000))
def test_the_price_of_500_g_is_never_more_than_half_a_fen_off(
    price_fen: int, weight_g: int
) -> None:
    exact = Fraction(price_fen * 500, weight_g)

    assert abs(price_per_500g_fen(price_fen, weight_g) - exact) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("category", "storage", "is_excluded"),
    [
        pytest.param("叶菜", "ambient", True, id="vegetables"),
        pytest.param("水果", "ambient", True, id="fruit"),
        pytest.param("饮料", "chill", True, id="chilled_whatever_it_is"),
        pytest.param("冻品", "frozen", True, id="frozen"),
        pytest.param("坚果零食", "ambient", False, id="nuts_are_no_fruit"),
        pytest.param("米面粮油", "ambient", False, id="rice"),
        pytest.param("日用", "ambient", False, id="household"),
    ],
)
def test_fresh_goods_are_not_taken_back_without_a_reason(
    category: str, storage: str, is_excluded: bool
) -> None:
    assert is_return_excluded(category, storage) is is_excluded


@pytest.mark.parametrize(
    ("category", "storage", "picture"),
    [
        ("叶菜", "ambient", "leaf"),
        ("豆制品", "chill", "tofu"),
        ("瓜茄豆", "ambient", "tomato"),
        ("水果", "ambient", "fruit"),
        ("禽蛋", "ambient", "egg"),
        ("冻品", "frozen", "ice"),
        ("新品", "frozen", "ice"),
        ("新品", "ambient", "box"),
    ],
)
def test_a_drawing_stands_in_for_a_photo(category: str, storage: str, picture: str) -> None:
    assert picture_of(category, storage) == picture
