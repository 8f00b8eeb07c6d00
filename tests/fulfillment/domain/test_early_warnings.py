"""What a forecast says to suppliers before the cut-off."""

from dataclasses import replace

from fulfillment.domain.early_warnings import (
    EarlyWarning,
    ExpectedSku,
    sku_warnings,
    supplier_warnings,
)
from fulfillment.domain.purchasing import Need, PurchaseProposal, propose
from fulfillment.domain.supplier_terms import SupplierTerms
from orders.domain.forecast import Forecast

QUIET = ExpectedSku(
    sku_code="K1",
    forecast=Forecast(sold=50, final=100, low=80, high=120),
    last_week=100,
    stock_cap=None,
    min_order_gap_qty=0,
    is_sourced=True,
)


def order(qty: int, min_order_fen: int = 0) -> PurchaseProposal:
    terms = SupplierTerms(supplier_code="S1", sku_code="K1", pack_factor=10, unit_cost_fen=100)
    (proposal,) = propose([Need("K1", qty)], [terms], {"S1": min_order_fen})
    return proposal


def test_goods_that_sell_as_usual_warn_of_nothing() -> None:
    assert sku_warnings(QUIET) == []


def test_what_is_expected_and_nobody_offers_comes_first() -> None:
    sku = replace(QUIET, is_sourced=False, last_week=10)

    assert sku_warnings(sku) == [EarlyWarning.UNSOURCED, EarlyWarning.RISING]


def test_what_nobody_is_expected_to_buy_needs_no_supplier() -> None:
    nothing = replace(QUIET, is_sourced=False, forecast=Forecast(sold=0, final=0, low=0, high=1))

    assert sku_warnings(nothing) == []


def test_a_rise_is_told_when_even_the_low_end_is_a_fifth_above_last_week() -> None:
    assert sku_warnings(replace(QUIET, last_week=67)) == []
    assert sku_warnings(replace(QUIET, last_week=60)) == [EarlyWarning.RISING]


def test_a_rise_of_a_few_pieces_is_no_news() -> None:
    few = replace(QUIET, forecast=Forecast(sold=20, final=30, low=21, high=40), last_week=2)

    assert sku_warnings(few) == []


def test_a_least_quantity_that_is_missed_and_a_cap_that_is_reached_are_told() -> None:
    sku = replace(QUIET, min_order_gap_qty=20, stock_cap=100)

    assert sku_warnings(sku) == [EarlyWarning.BELOW_MOQ, EarlyWarning.SELLS_OUT]


def test_what_is_sold_out_already_will_not_sell_out() -> None:
    gone = replace(QUIET, stock_cap=100, forecast=Forecast(sold=100, final=100, low=100, high=100))

    assert sku_warnings(gone) == []


def test_a_supplier_hears_of_a_missed_minimum_and_of_a_rise() -> None:
    found = supplier_warnings(order(100, min_order_fen=20_000), {"K1": 60}, {"K1": 90})

    assert found == [EarlyWarning.BELOW_MINIMUM, EarlyWarning.RISING]


def test_a_supplier_without_a_week_before_has_no_rise() -> None:
    assert supplier_warnings(order(100), {}, {"K1": 90}) == []
