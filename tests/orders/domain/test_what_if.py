"""Changes that are only thought of."""

from hypothesis import given
from hypothesis import strategies as st

from orders.domain.landed_cost import CostRates, PieceCost
from orders.domain.price_rules import PricedLine
from orders.domain.what_if import WhatIf

RATES = CostRates(inbound_fen_per_kg=40, refund_reserve_bp=200, payment_fee_bp=60)
LINE = PricedLine(price_fen=599, piece=PieceCost(cost_fen=400, weight_g=500, commission_bp=1_000))


def test_prices_commission_and_quantities_change() -> None:
    change = WhatIf(price_percent=10, qty_percent=-15, commission_bp=800)

    line = change.line(LINE)

    assert line.price_fen == 658
    assert line.piece == PieceCost(cost_fen=400, weight_g=500, commission_bp=800)
    assert change.qty(41) == 34


def test_goods_without_a_cost_stay_without_one() -> None:
    line = WhatIf(price_percent=10, commission_bp=800).line(PricedLine(price_fen=599, piece=None))

    assert (line.price_fen, line.piece) == (658, None)


def test_no_change_is_none() -> None:
    assert WhatIf().line(LINE) == LINE
    assert WhatIf().qty(41) == 41


@given(st.integers(0, 3_000), st.integers(0, 3_000))
def test_a_higher_commission_never_leaves_more(low_bp: int, more_bp: int) -> None:
    low = WhatIf(commission_bp=low_bp).line(LINE).margin(RATES)
    high = WhatIf(commission_bp=min(3_000, low_bp + more_bp)).line(LINE).margin(RATES)

    assert low is not None
    assert high is not None
    assert high.margin_fen <= low.margin_fen
