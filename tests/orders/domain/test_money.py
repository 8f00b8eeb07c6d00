"""Integer-fen arithmetic."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.money import format_qty, format_yuan, share_fen, yuan_text
from orders.errors import AmountNegative, NothingToShareOver

amounts = st.integers(min_value=0, max_value=10**12)
weights = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=40)
usable_weights = weights.filter(any)


@pytest.mark.parametrize(
    ("total_fen", "own_weights", "expected"),
    [
        pytest.param(100, [1, 1, 1], [34, 33, 33], id="equal_remainders_go_by_position"),
        pytest.param(299, [1_990, 1_000], [199, 100], id="larger_remainder_first"),
        pytest.param(5, [0, 7, 0], [0, 5, 0], id="no_weight_no_share"),
        pytest.param(2, [1, 1, 1, 1], [1, 1, 0, 0], id="fewer_fen_than_shares"),
        pytest.param(0, [3, 4], [0, 0], id="nothing_to_share"),
        pytest.param(0, [0, 0], [0, 0], id="nothing_over_nobody"),
        pytest.param(0, [], [], id="no_shares"),
    ],
)
def test_an_amount_is_shared_by_largest_remainder(
    total_fen: int, own_weights: list[int], expected: list[int]
) -> None:
    assert share_fen(total_fen, own_weights) == expected


@given(total_fen=amounts, own_weights=usable_weights)
def test_shares_add_up_to_the_amount(total_fen: int, own_weights: list[int]) -> None:
    assert sum(share_fen(total_fen, own_weights)) == total_fen


@given(total_fen=amounts, own_weights=usable_weights)
def test_every_share_is_less_than_a_fen_from_its_exact_value(
    total_fen: int, own_weights: list[int]
) -> None:
    whole = sum(own_weights)

    for share, weight in zip(share_fen(total_fen, own_weights), own_weights, strict=True):
        assert abs(share * whole - total_fen * weight) < whole


@given(total_fen=amounts, own_weights=usable_weights)
def test_a_larger_weight_never_gets_a_smaller_share(total_fen: int, own_weights: list[int]) -> None:
    pairs = sorted(zip(own_weights, share_fen(total_fen, own_weights), strict=True))

    for (lighter, less), (heavier, more) in pairwise(pairs):
        assert less <= more or lighter == heavier


@given(own_weights=usable_weights)
def test_sharing_the_sum_of_the_weights_gives_the_weights(own_weights: list[int]) -> None:
    assert share_fen(sum(own_weights), own_weights) == own_weights


@pytest.mark.parametrize("own_weights", [[], [0], [0, 0, 0]])
def test_money_cannot_be_shared_over_nobody(own_weights: list[int]) -> None:
    with pytest.raises(NothingToShareOver):
        share_fen(1, own_weights)


@pytest.mark.parametrize(("total_fen", "own_weights"), [(-1, [1]), (1, [2, -1])])
def test_negative_amounts_and_weights_are_refused(total_fen: int, own_weights: list[int]) -> None:
    with pytest.raises(AmountNegative):
        share_fen(total_fen, own_weights)


@pytest.mark.parametrize(
    ("amount_fen", "expected"),
    [
        pytest.param(123_450, "1,234.50", id="thousands"),
        pytest.param(5, "0.05", id="under_a_yuan"),
        pytest.param(0, "0.00", id="zero"),
        pytest.param(-123_450, "-1,234.50", id="negative"),
        pytest.param(-5, "-0.05", id="negative_under_a_yuan"),
        pytest.param(202_862_847_399, "2,028,628,473.99", id="beyond_what_a_float_adds_up"),
    ],
)
def test_an_amount_is_written_in_yuan(amount_fen: int, expected: str) -> None:
    assert format_yuan(amount_fen) == expected


@given(amount_fen=st.integers())
def test_a_written_amount_reads_back_to_the_fen(amount_fen: int) -> None:
    digits = format_yuan(amount_fen).replace(",", "").replace(".", "")

    assert int(digits) == amount_fen


def test_a_debt_carries_its_sign_before_the_yuan() -> None:
    assert [yuan_text(fen) for fen in (123_450, 0, -1_230)] == ["¥1,234.50", "¥0.00", "-¥12.30"]


def test_pieces_are_written_with_thousands() -> None:
    assert [format_qty(qty) for qty in (0, 999, 74_550)] == ["0", "999", "74,550"]
