"""More packs than were sold, until the minimums are met."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.buying_up import OpenLine, packs_bought_up
from fulfillment.domain.supplier_terms import PriceTier, SupplierTerms
from fulfillment.errors import PurchaseTermsNotUsable


def line(
    key: int,
    *,
    need: int,
    pack: int = 1,
    cost_fen: int = 100,
    least: int = 0,
    tiers: tuple[PriceTier, ...] = (),
) -> OpenLine:
    terms = SupplierTerms(
        supplier_code="S01",
        sku_code=f"K{key}",
        pack_factor=pack,
        unit_cost_fen=cost_fen,
        min_order_qty=least,
        tiers=tiers,
    )
    return OpenLine(line_key=key, need_qty=need, packs=terms.packs_for(need), terms=terms)


def test_an_order_that_meets_every_minimum_stays_as_it_is() -> None:
    assert packs_bought_up([line(1, need=9, pack=5)], min_order_fen=1000) == {1: 2}


def test_the_least_order_of_a_sku_is_met_in_whole_packs() -> None:
    assert packs_bought_up([line(1, need=9, pack=4, least=21)], min_order_fen=0) == {1: 6}


def test_what_sells_most_takes_the_extra_packs() -> None:
    lines = [line(1, need=100, pack=10), line(2, need=3)]

    assert packs_bought_up(lines, min_order_fen=13_000) == {1: 13, 2: 3}


def test_a_minimum_that_nothing_can_reach_is_refused() -> None:
    with pytest.raises(PurchaseTermsNotUsable):
        packs_bought_up([line(1, need=9, cost_fen=0)], min_order_fen=1)


def test_a_minimum_beyond_all_reason_is_refused() -> None:
    with pytest.raises(PurchaseTermsNotUsable):
        packs_bought_up([line(1, need=9, cost_fen=1)], min_order_fen=10_000_000)


@given(
    lines=st.lists(
        st.builds(
            line,
            st.integers(1, 6),
            need=st.integers(1, 60),
            pack=st.integers(1, 24),
            cost_fen=st.integers(50, 900),
            least=st.integers(0, 80),
            tiers=st.lists(
                st.builds(PriceTier, st.integers(2, 200), st.integers(50, 900)), max_size=2
            ).map(tuple),
        ),
        min_size=1,
        unique_by=lambda made: made.line_key,
    ),
    min_order_fen=st.integers(0, 200_000),
)
def test_every_minimum_is_met_and_no_line_shrinks(
    lines: list[OpenLine], min_order_fen: int
) -> None:
    packs = packs_bought_up(lines, min_order_fen=min_order_fen)

    amount_fen = sum(grown.amount_fen(packs[grown.line_key]) for grown in lines)
    assert amount_fen >= min_order_fen
    for grown in lines:
        assert packs[grown.line_key] >= grown.packs
        assert packs[grown.line_key] * grown.terms.pack_factor >= grown.terms.min_order_qty
