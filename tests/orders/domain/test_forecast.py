"""What a campaign will have sold at its end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaders.errors import PromiseBroken
from orders.domain.forecast import Curve, Level, Window, forecast, naive

QUARTERS = Curve((1_000, 3_000, 7_000, 10_000))
DAY = Window(datetime(2026, 3, 9, 0, tzinfo=UTC), datetime(2026, 3, 9, 16, tzinfo=UTC))
LEVEL = Level(mean=1_000, spread=0.25)

sold_pieces = st.integers(0, 100_000)
shares = st.floats(0, 1)
levels = st.builds(Level, st.floats(1, 1e6), st.floats(0.001, 2))
caps = st.none() | st.integers(0, 100_000)
sureness = st.floats(1, 2_000)


def test_the_part_of_a_window_runs_from_0_to_1_and_stays_there() -> None:
    parts = [DAY.part_at(DAY.opens_at + timedelta(hours=hours)) for hours in (-1, 0, 4, 16, 20)]

    assert parts == [0, 0, 0.25, 1, 1]


def test_a_curve_is_straight_within_a_step() -> None:
    shares = [QUARTERS.share_at(part) for part in (0, 0.125, 0.25, 0.375, 1)]

    assert shares == [0, 0.05, 0.1, 0.2, 1]


def test_goods_of_a_slot_sell_along_the_part_of_the_curve_that_it_covers() -> None:
    slot = (0.25, 0.75)

    shares = [QUARTERS.share_at(part, slot) for part in (0.1, 0.25, 0.5, 0.75, 0.9)]

    assert shares == pytest.approx([0, 0, 1 / 3, 1, 1])


def test_goods_of_a_slot_in_which_nobody_ever_bought_have_sold_nothing_yet() -> None:
    night = Curve((5_000, 5_000, 5_000, 10_000))

    assert night.share_at(0.4, (0.25, 0.75)) == 0


@pytest.mark.parametrize("shares", [(5_000, 4_000, 10_000), (0, 9_999), (-1, 10_000)])
def test_a_curve_that_falls_or_ends_early_is_none(shares: tuple[int, ...]) -> None:
    with pytest.raises(PromiseBroken):
        Curve(shares)


def test_before_anything_is_paid_the_usual_end_is_expected() -> None:
    found = forecast(0, 0.0, level=LEVEL, steadiness=100)

    assert found.final == 1_000
    # Half of the mean up or down is one deviation.
    assert (found.low, found.high) == (359, 1_641)


def test_at_noon_what_is_paid_counts_more_than_what_is_usual() -> None:
    # doubt 0.7 × (3/1000 + 1/100) = 0.0091; what is paid weighs 0.25 × 0.3 = 0.075
    found = forecast(450, 0.3, level=LEVEL, steadiness=100)

    assert found.final == round((0.0091 * 1_000 + 0.25 * 450) / 0.0841) == 1_446
    assert (found.low, found.high) == (1_141, 1_751)
    assert naive(450, 0.3) == 1_500


def test_nothing_is_expected_beyond_what_there_is() -> None:
    found = forecast(450, 0.3, level=LEVEL, steadiness=100, cap=600)

    assert (found.final, found.high) == (600, 600)


def test_the_baseline_before_the_first_share_is_what_is_paid() -> None:
    assert naive(7, 0.0) == 7


@given(sold=sold_pieces, level=levels, steadiness=sureness, cap=caps)
def test_at_the_end_of_the_window_everything_is_what_was_sold(
    sold: int, level: Level, steadiness: float, cap: int | None
) -> None:
    found = forecast(sold, 1.0, level=level, steadiness=steadiness, cap=cap)

    assert (found.low, found.final, found.high) == (sold, sold, sold)


@given(sold=sold_pieces, share=shares, level=levels, steadiness=sureness, cap=caps)
def test_the_range_holds_the_forecast_and_nothing_below_what_is_paid_or_above_the_cap(
    sold: int, share: float, level: Level, steadiness: float, cap: int | None
) -> None:
    found = forecast(sold, share, level=level, steadiness=steadiness, cap=cap)

    assert sold <= found.low <= found.final <= found.high
    assert cap is None or found.high <= max(sold, cap)


@given(
    sold=sold_pieces,
    more=st.integers(0, 10_000),
    share=shares,
    level=levels,
    steadiness=sureness,
    cap=caps,
)
def test_more_paid_never_means_fewer_expected(
    sold: int, more: int, share: float, level: Level, steadiness: float, cap: int | None
) -> None:
    less = forecast(sold, share, level=level, steadiness=steadiness, cap=cap)
    greater = forecast(sold + more, share, level=level, steadiness=steadiness, cap=cap)

    assert greater.final >= less.final
    assert naive(sold + more, share) >= naive(sold, share)


@given(
    steps=st.lists(st.integers(0, 10_000), min_size=1, max_size=8),
    parts=st.tuples(shares, shares),
    slot=st.tuples(shares, shares).map(lambda ends: (min(ends), max(ends))),
)
def test_a_share_never_falls_while_the_window_goes_on(
    steps: list[int], parts: tuple[float, float], slot: tuple[float, float]
) -> None:
    curve = Curve((*sorted(steps), 10_000))

    earlier, later = (curve.share_at(part, slot) for part in sorted(parts))

    assert 0 <= earlier <= later + 1e-12
    assert later <= 1 + 1e-12
