"""What campaigns that are over teach about the next one."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.domain.demand_history import (
    ONE_SKU,
    STEPS,
    WHOLE_CAMPAIGN,
    PastCampaign,
    curve_of,
    level_of,
    misses,
    of_weekday,
    outlook,
    own_weight,
    steadiness_of,
)
from orders.domain.forecast import Curve

EVEN = Curve(tuple((step + 1) * 10_000 // STEPS for step in range(STEPS)))

counts = st.lists(st.integers(0, 500), min_size=STEPS, max_size=STEPS)


def spread_out(pieces: int, early: bool = False) -> list[int]:
    """So many pieces in each step, or all of them in the first half."""
    return [pieces * 2 * (step < STEPS // 2) if early else pieces for step in range(STEPS)]


def campaign(weekday: int = 0, bounded: Sequence[str] = (), **pieces: int) -> PastCampaign:
    return PastCampaign(
        weekday=weekday,
        pieces={code: spread_out(each) for code, each in pieces.items()},
        bounded=frozenset(bounded),
    )


def test_pieces_add_up_to_a_curve() -> None:
    curve = curve_of([1, 0, 3, *[0] * (STEPS - 3)])

    assert curve is not None
    assert curve.shares_bp[:4] == (2_500, 2_500, 10_000, 10_000)


def test_without_pieces_there_is_no_curve_or_the_wider_one() -> None:
    assert curve_of([0] * STEPS) is None
    assert curve_of([0] * STEPS, EVEN, 200) is EVEN


def test_few_pieces_hardly_draw_a_curve_away_and_many_do() -> None:
    early = spread_out(1, early=True)
    few = curve_of(early, EVEN, 48 * 9)
    many = curve_of([9 * pieces for pieces in early], EVEN, 48)

    assert few is not None
    assert many is not None
    assert [curve.shares_bp[STEPS // 2 - 1] for curve in (few, EVEN, many)] == [5_500, 5_000, 9_500]


def test_goods_that_vary_as_chance_would_have_it_get_no_curves_of_their_own() -> None:
    chance = random.Random(1)
    alike = {}
    for code in range(40):
        pieces = [0] * STEPS
        for _ in range(200):
            pieces[chance.randrange(STEPS)] += 1
        alike[str(code)] = pieces

    assert own_weight(alike, dict.fromkeys(alike, EVEN)) is None


def test_goods_with_ways_of_their_own_get_curves_of_their_own() -> None:
    morning, evening = spread_out(10, early=True), spread_out(10, early=True)[::-1]

    weight = own_weight({"milk": morning, "beer": evening}, {"milk": EVEN, "beer": EVEN})

    assert weight is not None
    # Chance alone would never do this: their own pieces outweigh the wider curve.
    assert weight < sum(morning) / 20


def test_the_usual_end_is_the_mean_and_a_short_history_keeps_the_habit() -> None:
    level = level_of([900], WHOLE_CAMPAIGN)

    assert level is not None
    assert level.mean == 900
    assert level.spread == pytest.approx(WHOLE_CAMPAIGN.spread)
    assert level_of([], WHOLE_CAMPAIGN) is None
    assert level_of([0, 0], WHOLE_CAMPAIGN) is None


def test_a_longer_history_says_itself_how_much_days_differ() -> None:
    level = level_of([500, 1_500] * 4, ONE_SKU)

    assert level is not None
    # Seen: 0.25 less 3/1000 of chance, seven times; the habit's 0.5, four times.
    assert level.spread == pytest.approx((7 * 0.247 + 4 * 0.5) / 11)


def test_days_that_build_up_alike_make_the_share_surer_and_others_less_sure() -> None:
    alike, others = [spread_out(10)] * 8, [spread_out(10), spread_out(10, early=True)] * 4

    assert steadiness_of(alike) > WHOLE_CAMPAIGN.steadiness > steadiness_of(others)
    assert steadiness_of(alike[:1]) == pytest.approx(WHOLE_CAMPAIGN.steadiness)


def test_nothing_sold_teaches_nothing() -> None:
    assert outlook([], {}) is None
    assert outlook([campaign(milk=0)], {"milk": "dairy"}) is None


def test_each_sku_has_what_it_usually_ends_at() -> None:
    found = outlook([campaign(milk=1, beer=3), campaign(milk=2)], {"milk": "dairy", "beer": "bar"})

    assert found is not None
    assert found.level.mean == (4 * 48 + 2 * 48) / 2
    milk, beer = found.of_sku("milk", "dairy"), found.of_sku("beer", "bar")
    assert (milk.level.mean, milk.campaigns) == (72, 2)
    assert (beer.level.mean, beer.campaigns) == (144, 1)


def test_a_new_sku_is_expected_like_others_of_its_category() -> None:
    category_of = {"milk": "dairy", "curd": "dairy", "beer": "bar"}
    found = outlook([campaign(milk=1, curd=3, beer=20)], category_of)

    assert found is not None
    assert found.of_sku("cheese", "dairy").level.mean == 96
    assert found.of_sku("socks", "clothes").level.mean == (48 + 144 + 960) / 3
    assert found.of_sku("cheese", "dairy").campaigns == 0


def test_what_sold_out_says_nothing_of_its_own_level_but_counts_in_the_whole() -> None:
    found = outlook([campaign(bounded=["milk"], milk=1, beer=3)], {"milk": "a", "beer": "a"})

    assert found is not None
    assert found.level.mean == 4 * 48
    assert found.of_sku("milk", "a").campaigns == 0


def test_a_weekday_has_its_own_history_from_the_third_campaign_on() -> None:
    past = [campaign(weekday=day, milk=1) for day in (0, 0, 1, 1, 1)]

    monday, tuesday = of_weekday(past, 0), of_weekday(past, 1)

    assert monday == (past, False)
    assert tuesday == (past[2:], True)


def test_alike_days_are_forecast_exactly_by_the_others() -> None:
    found = misses([campaign(milk=10)] * 3)

    assert [miss.step for miss in found] == list(range(1, STEPS + 1))
    # Shares are kept in basis points: the first step's is cut by up to half a percent.
    assert max(miss.ours_bp for miss in found) <= 10
    assert found[-1].ours_bp == found[-1].naive_bp == 0


def test_a_day_is_judged_by_what_the_others_teach_and_not_by_itself() -> None:
    found = misses([campaign(milk=10), campaign(milk=20)])

    # The share is right, so dividing by it is; the level of the other day is off by half or double.
    assert found[0].naive_bp <= 60
    assert found[0].ours_bp > 4_000
    assert found[-1].ours_bp == 0


def test_one_campaign_alone_cannot_be_judged() -> None:
    assert misses([campaign(milk=10)]) == []


@given(pieces=counts, weight=st.none() | st.floats(1, 10_000))
def test_any_pieces_make_a_curve_that_rises_to_the_whole(
    pieces: list[int], weight: float | None
) -> None:
    curve = curve_of(pieces, EVEN, weight)

    assert curve is not None
    assert curve.shares_bp[-1] == 10_000


@given(days=st.lists(st.dictionaries(st.sampled_from("abc"), counts, max_size=3), max_size=4))
@settings(max_examples=40)
def test_any_history_gives_levels_and_curves_that_a_forecast_can_use(
    days: list[dict[str, list[int]]],
) -> None:
    past = [PastCampaign(weekday=0, pieces=pieces) for pieces in days]

    found = outlook(past, {"a": "x", "b": "x", "c": "y"})

    if found is None:
        assert not any(campaign.final for campaign in past)
        return
    for expected in (*found.skus.values(), *found.new_skus.values(), found.new_sku):
        assert expected.level.mean > 0
        assert expected.level.spread > 0
    assert found.steadiness >= 1
