"""Catch weight: bands, and money that only goes back."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fulfillment.domain.catch_weight import (
    Band,
    Portion,
    Verdict,
    is_weighed,
    require_within,
    settle,
    settle_line,
    weight_band,
)
from fulfillment.errors import PortionOutsideBand

FEN = st.integers(0, 10_000_000)
GRAMS = st.integers(0, 1_000_000)
NOMINAL = st.integers(1, 1_000_000)
MINIMUM = st.integers(0, 1_000)


def portion(number: int, net_g: int, nominal_g: int = 1750) -> Portion:
    return Portion(number=number, nominal_g=nominal_g, net_g=net_g)


@pytest.mark.parametrize(
    ("nominal_g", "tolerance_bp", "band"),
    [
        (1750, 300, Band(1698, 1802)),
        (1000, 1000, Band(900, 1100)),
        (500, 1, Band(500, 500)),
        (1000, 0, Band(500, 1500)),
        (3, 10_000, Band(1, 6)),
        (1000, 20_000, Band(1, 3000)),
    ],
)
def test_a_band_is_rounded_inwards(nominal_g: int, tolerance_bp: int, band: Band) -> None:
    assert weight_band(nominal_g, tolerance_bp) == band


@pytest.mark.parametrize(
    ("net_g", "verdict"),
    [
        (1697, Verdict.UNDER),
        (1698, Verdict.WITHIN),
        (1802, Verdict.WITHIN),
        (1803, Verdict.OVER),
    ],
)
def test_both_ends_of_a_band_are_within(net_g: int, verdict: Verdict) -> None:
    assert Band(1698, 1802).verdict(net_g) is verdict


@given(NOMINAL, st.integers(1, 9_999))
def test_what_it_is_sold_as_lies_within_its_band(nominal_g: int, tolerance_bp: int) -> None:
    band = weight_band(nominal_g, tolerance_bp)

    assert band.verdict(nominal_g) is Verdict.WITHIN
    assert Fraction(nominal_g - band.lo_g, nominal_g) <= Fraction(tolerance_bp, 10_000)
    assert Fraction(band.hi_g - nominal_g, nominal_g) <= Fraction(tolerance_bp, 10_000)


@pytest.mark.parametrize("note", ["", "   "])
def test_outside_the_band_needs_the_supervisors_words(note: str) -> None:
    band = Band(1698, 1802)

    with pytest.raises(PortionOutsideBand) as caught:
        require_within(band, 1600, approval_note=note)

    assert dict(caught.value.details) == {"net_g": 1600, "lo_g": 1698, "hi_g": 1802}
    assert require_within(band, 1600, approval_note="小瓜,客户同意") is Verdict.UNDER
    assert require_within(band, 1700, approval_note="") is Verdict.WITHIN


def test_a_line_is_weighed_when_each_of_its_pieces_is() -> None:
    first, second, third = portion(1, 1700), portion(2, 1700), portion(3, 1700)

    assert is_weighed([second, first], 2)
    assert not is_weighed([first], 2)
    assert not is_weighed([first, third], 2)
    assert not is_weighed([first, second, third], 2)
    assert not is_weighed([], 0)


@given(paid=FEN, nominal=NOMINAL, actual=GRAMS, minimum=MINIMUM)
def test_charge_and_refund_are_what_was_paid(
    paid: int, nominal: int, actual: int, minimum: int
) -> None:
    found = settle(paid_fen=paid, nominal_g=nominal, actual_g=actual, refund_min_fen=minimum)

    assert found.charge_fen + found.refund_fen == paid
    assert 0 <= found.refund_fen <= paid
    assert found.refund_fen == 0 or found.refund_fen >= minimum


@given(paid=FEN, nominal=NOMINAL, actual=GRAMS, minimum=MINIMUM)
def test_nobody_pays_for_a_gram_that_did_not_come(
    paid: int, nominal: int, actual: int, minimum: int
) -> None:
    found = settle(paid_fen=paid, nominal_g=nominal, actual_g=actual, refund_min_fen=minimum)

    exact = max(Fraction(0), paid - Fraction(paid * actual, nominal))
    if found.refund_fen:
        assert exact <= found.refund_fen < exact + 1
    else:
        assert exact < max(minimum, 1)


@given(paid=FEN, nominal=NOMINAL, more=GRAMS, minimum=MINIMUM)
def test_more_weight_costs_nothing_and_is_reported(
    paid: int, nominal: int, more: int, minimum: int
) -> None:
    found = settle(
        paid_fen=paid, nominal_g=nominal, actual_g=nominal + more, refund_min_fen=minimum
    )

    assert (found.refund_fen, found.over_g) == (0, more)
    assert found.over_fen == more * paid // nominal


@given(paid=FEN, nominal=NOMINAL, actual=GRAMS, more=GRAMS, minimum=MINIMUM)
def test_more_weight_never_gives_back_more(
    paid: int, nominal: int, actual: int, more: int, minimum: int
) -> None:
    light = settle(paid_fen=paid, nominal_g=nominal, actual_g=actual, refund_min_fen=minimum)
    heavy = settle(paid_fen=paid, nominal_g=nominal, actual_g=actual + more, refund_min_fen=minimum)

    assert heavy.refund_fen <= light.refund_fen


@given(price=st.integers(0, 100_000), nets=st.lists(GRAMS, min_size=1, max_size=6), data=st.data())
def test_a_line_is_settled_as_a_whole(price: int, nets: list[int], data: st.DataObject) -> None:
    nominals = data.draw(st.lists(NOMINAL, min_size=len(nets), max_size=len(nets)))
    portions = [
        portion(number, net, nominal)
        for number, (net, nominal) in enumerate(zip(nets, nominals, strict=True), start=1)
    ]

    found = settle_line(portions, pieces=len(nets), unit_price_fen=price, refund_min_fen=0)

    assert found == settle(
        paid_fen=price * len(nets),
        nominal_g=sum(nominals),
        actual_g=sum(nets),
        refund_min_fen=0,
    )


@given(nets=st.lists(st.integers(1, 3000), min_size=1, max_size=6))
def test_whole_grams_at_a_fen_a_gram_go_back_to_the_gram(nets: list[int]) -> None:
    nominal = 1000 * len(nets)
    assume(sum(nets) < nominal)

    found = settle_line(
        [portion(number, net, 1000) for number, net in enumerate(nets, start=1)],
        pieces=len(nets),
        unit_price_fen=1000,
        refund_min_fen=0,
    )

    assert found is not None
    assert found.refund_fen == nominal - sum(nets)


def test_a_line_that_is_not_fully_weighed_is_not_settled() -> None:
    assert settle_line([portion(1, 1700)], pieces=2, unit_price_fen=990, refund_min_fen=10) is None


def test_less_than_the_minimum_stays() -> None:
    kept = settle(paid_fen=990, nominal_g=1750, actual_g=1735, refund_min_fen=10)
    returned = settle(paid_fen=990, nominal_g=1750, actual_g=1732, refund_min_fen=10)

    assert (kept.charge_fen, kept.refund_fen) == (990, 0)
    assert (returned.charge_fen, returned.refund_fen) == (979, 11)
