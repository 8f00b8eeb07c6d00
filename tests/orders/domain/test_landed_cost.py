"""Landed cost, margin and the price that bears its cost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.landed_cost import (
    CostRates,
    LandedCost,
    Margin,
    PieceCost,
    break_even_fen,
    changed_by_percent,
    landed_cost,
    margin_of,
)
from orders.price_errors import PriceTermsInvalid

RATES = CostRates(inbound_fen_per_kg=40, refund_reserve_bp=200, payment_fee_bp=60)
PIECE = PieceCost(cost_fen=400, weight_g=510, commission_bp=1_000)

pieces = st.builds(
    PieceCost,
    cost_fen=st.integers(0, 100_000),
    weight_g=st.integers(0, 50_000),
    commission_bp=st.integers(0, 3_000),
)
rates = st.builds(
    CostRates,
    inbound_fen_per_kg=st.integers(0, 1_000),
    refund_reserve_bp=st.integers(0, 2_000),
    payment_fee_bp=st.integers(0, 500),
)
prices = st.integers(0, 200_000)


def test_every_part_is_rounded_against_us() -> None:
    cost = landed_cost(PIECE, price_fen=599, rates=RATES)

    # Carrying 510 g in is 20.4 fen; 12.6 % of 599 fen are 75.474.
    assert cost == LandedCost(
        goods_fen=400, inbound_fen=21, commission_fen=60, refund_reserve_fen=12, payment_fee_fen=4
    )
    assert cost.total_fen == 497


def test_a_margin_is_rounded_down_and_may_be_negative() -> None:
    assert margin_of(PIECE, price_fen=599, qty=3, rates=RATES) == Margin(
        sales_fen=1_797, landed_fen=1_491
    )
    assert Margin(sales_fen=1_797, landed_fen=1_491).margin_bp == 1_702
    assert Margin(sales_fen=300, landed_fen=400).margin_bp == -3_334
    assert Margin(sales_fen=0, landed_fen=0).margin_bp == 0


@pytest.mark.parametrize(
    ("amount", "percent", "changed"), [(599, 10, 658), (599, -10, 539), (599, -200, 0), (0, 50, 0)]
)
def test_a_change_by_per_cent_is_rounded_down(amount: int, percent: int, changed: int) -> None:
    assert changed_by_percent(amount, percent) == changed


def test_a_negative_figure_cannot_be_reckoned_with() -> None:
    with pytest.raises(PriceTermsInvalid, match="0 or more"):
        landed_cost(PIECE, price_fen=-1, rates=RATES)


def test_rates_that_leave_nothing_are_refused() -> None:
    greedy = CostRates(inbound_fen_per_kg=0, refund_reserve_bp=9_000, payment_fee_bp=0)

    with pytest.raises(PriceTermsInvalid, match="nothing of the price"):
        break_even_fen(PIECE, rates=greedy)


@given(pieces, prices, rates)
def test_the_parts_cover_what_is_due_by_less_than_a_fen(
    piece: PieceCost, price_fen: int, rates: CostRates
) -> None:
    cost = landed_cost(piece, price_fen=price_fen, rates=rates)
    parts = (cost.commission_fen, cost.refund_reserve_fen, cost.payment_fee_fen)
    whole_bp = piece.commission_bp + rates.refund_reserve_bp + rates.payment_fee_bp

    assert 0 <= sum(parts) * 10_000 - price_fen * whole_bp < 10_000
    assert 0 <= cost.inbound_fen * 1_000 - piece.weight_g * rates.inbound_fen_per_kg < 1_000
    assert cost.total_fen == cost.goods_fen + cost.inbound_fen + sum(parts)


@given(pieces, prices, rates)
def test_a_dearer_price_never_leaves_less(
    piece: PieceCost, price_fen: int, rates: CostRates
) -> None:
    now = margin_of(piece, price_fen=price_fen, qty=1, rates=rates)
    dearer = margin_of(piece, price_fen=price_fen + 1, qty=1, rates=rates)

    assert dearer.margin_fen >= now.margin_fen


@given(pieces, rates)
def test_the_break_even_is_the_first_price_that_bears_its_cost(
    piece: PieceCost, rates: CostRates
) -> None:
    price_fen = break_even_fen(piece, rates=rates)

    assert landed_cost(piece, price_fen=price_fen, rates=rates).total_fen <= price_fen
    if price_fen:
        below = price_fen - 1
        assert landed_cost(piece, price_fen=below, rates=rates).total_fen > below
