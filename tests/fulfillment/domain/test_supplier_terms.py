"""Packs, prices by quantity, least orders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.supplier_terms import PriceTier, SupplierTerms
from fulfillment.errors import PurchaseTermsNotUsable

tiers_strategy = st.lists(
    st.builds(PriceTier, st.integers(2, 300), st.integers(0, 2000)), max_size=5
).map(tuple)


def terms(
    *,
    pack: int = 1,
    cost_fen: int = 400,
    least: int = 0,
    tiers: tuple[PriceTier, ...] = (),
) -> SupplierTerms:
    return SupplierTerms(
        supplier_code="S01",
        sku_code="K042",
        pack_factor=pack,
        unit_cost_fen=cost_fen,
        min_order_qty=least,
        tiers=tiers,
    )


@pytest.mark.parametrize(
    ("ordered", "expected"), [(1, 400), (49, 400), (50, 360), (99, 360), (100, 330), (999, 330)]
)
def test_a_tier_holds_from_its_quantity_on_whatever_the_order_of_rows(
    ordered: int, expected: int
) -> None:
    tiered = terms(tiers=(PriceTier(100, 330), PriceTier(50, 360)))

    assert tiered.unit_cost_at(ordered) == expected


def test_a_tier_that_was_typed_too_dear_is_not_paid() -> None:
    assert terms(tiers=(PriceTier(50, 3600),)).unit_cost_at(60) == 400


def test_what_is_ordered_and_not_what_is_needed_reaches_a_tier() -> None:
    tiered = terms(pack=6, tiers=(PriceTier(50, 360),))

    assert tiered.cost_of(49) == 54 * 360


def test_a_least_order_is_what_the_supplier_gets_paid_for() -> None:
    assert terms(pack=6, least=30).cost_of(4) == 30 * 400


@pytest.mark.parametrize(
    ("pack", "cost_fen", "least"), [(0, 100, 0), (-1, 100, 0), (1, -1, 0), (1, 1, -1)]
)
def test_terms_nobody_can_buy_with_are_refused(pack: int, cost_fen: int, least: int) -> None:
    with pytest.raises(PurchaseTermsNotUsable):
        terms(pack=pack, cost_fen=cost_fen, least=least)


def test_a_tier_below_nothing_is_refused() -> None:
    with pytest.raises(PurchaseTermsNotUsable):
        terms(tiers=(PriceTier(5, -1),))


@given(tiers=tiers_strategy, fewer=st.integers(1, 400), more=st.integers(1, 400))
def test_ordering_more_never_makes_a_piece_dearer(
    tiers: tuple[PriceTier, ...], fewer: int, more: int
) -> None:
    tiered = terms(tiers=tiers)

    assert tiered.unit_cost_at(max(fewer, more)) <= tiered.unit_cost_at(min(fewer, more)) <= 400
