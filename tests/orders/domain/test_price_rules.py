"""What speaks against a price."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.landed_cost import CostRates, Margin, PieceCost
from orders.domain.price_rules import (
    LoggedPrice,
    PricedLine,
    PriceFault,
    PriceLimits,
    PriceRule,
    Severity,
    campaign_faults,
    former_price,
    price_faults,
    whole_margin,
)

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
LIMITS = PriceLimits(
    rates=CostRates(inbound_fen_per_kg=40, refund_reserve_bp=200, payment_fee_bp=60),
    strike_days=30,
    jump_percent=30,
    margin_min_bp=500,
    loss_leader_limit=2,
    resident_limit=20,
    skus_max=150,
)
# It lands at 4.20 and bears its cost from 4.81 on.
PIECE = PieceCost(cost_fen=400, weight_g=500, commission_bp=1_000)
SOUND = PricedLine(price_fen=600, piece=PIECE, limit_qty=20)


def rules(line: PricedLine) -> list[PriceRule]:
    return [fault.rule for fault in price_faults(line, LIMITS)]


def logged(days_ago: int, price_fen: int) -> LoggedPrice:
    return LoggedPrice(NOON - timedelta(days=days_ago), price_fen)


def test_a_sound_line_has_no_fault() -> None:
    assert price_faults(SOUND, LIMITS) == []


def test_goods_nobody_sells_us_keep_a_campaign_closed() -> None:
    line = replace(SOUND, piece=None)

    [fault] = price_faults(line, LIMITS)

    assert (fault.rule, fault.severity) == (PriceRule.NO_COST, Severity.BLOCKING)
    assert line.margin(LIMITS.rates) is None


def test_a_price_below_cost_needs_a_reason_and_then_a_second_person() -> None:
    cheap = replace(SOUND, price_fen=480, limit_qty=2)

    assert price_faults(cheap, LIMITS) == [
        PriceFault(rule=PriceRule.BELOW_COST, is_value=480, should_value=481)
    ]
    assert rules(replace(cheap, has_reason=True)) == [PriceRule.BELOW_COST_UNAPPROVED]
    assert rules(replace(cheap, has_reason=True, is_approved=True)) == []


def test_an_approval_without_a_reason_is_none() -> None:
    assert rules(replace(SOUND, price_fen=480, limit_qty=2, is_approved=True)) == [
        PriceRule.BELOW_COST
    ]


def test_what_is_given_away_has_no_price() -> None:
    line = replace(SOUND, price_fen=0, limit_qty=2, has_reason=True, is_approved=True)

    assert rules(line) == [PriceRule.NO_PRICE]


@pytest.mark.parametrize(
    ("struck", "meaning", "source", "former", "rule"),
    [
        (900, "", "", 900, PriceRule.STRIKE_WITHOUT_MEANING),
        (900, "former", "", None, PriceRule.FORMER_NOT_BORNE_OUT),
        (900, "former", "", 899, PriceRule.FORMER_NOT_BORNE_OUT),
        (900, "suggested", "", 900, PriceRule.STRIKE_WITHOUT_SOURCE),
        (900, "market", "", 900, PriceRule.STRIKE_WITHOUT_SOURCE),
        (600, "suggested", "the maker's list", 900, PriceRule.STRIKE_NOT_ABOVE),
    ],
)
def test_a_struck_price_that_cannot_be_shown_blocks(
    struck: int, meaning: str, source: str, former: int | None, rule: PriceRule
) -> None:
    line = replace(
        SOUND,
        strike_price_fen=struck,
        strike_meaning=meaning,
        strike_source=source,
        former_fen=former,
    )

    [fault] = price_faults(line, LIMITS)

    assert (fault.rule, fault.is_blocking) == (rule, True)


@pytest.mark.parametrize(
    ("meaning", "source"), [("former", ""), ("suggested", "the maker's list"), ("market", "Mon")]
)
def test_a_struck_price_that_can_be_shown_stands(meaning: str, source: str) -> None:
    line = replace(
        SOUND,
        strike_price_fen=900,
        strike_meaning=meaning,
        strike_source=source,
        former_fen=900,
    )

    assert rules(line) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (
            {"last_price_fen": 461},
            PriceFault(rule=PriceRule.PRICE_JUMP, is_value=600, should_value=461),
        ),
        (
            {"last_price_fen": 858},
            PriceFault(rule=PriceRule.PRICE_JUMP, is_value=600, should_value=858),
        ),
        (
            {"price_fen": 506},
            PriceFault(rule=PriceRule.THIN_MARGIN, is_value=434, should_value=500),
        ),
        (
            {"parallel_low_fen": 599},
            PriceFault(rule=PriceRule.DEARER_THAN_PARALLEL, is_value=600, should_value=599),
        ),
        (
            {"limit_qty": None},
            PriceFault(rule=PriceRule.RESIDENT_LIMIT, is_value=0, should_value=20),
        ),
        (
            {"limit_qty": 21},
            PriceFault(rule=PriceRule.RESIDENT_LIMIT, is_value=21, should_value=20),
        ),
        (
            {"price_fen": 480, "limit_qty": 3, "has_reason": True, "is_approved": True},
            PriceFault(rule=PriceRule.LOSS_LEADER_LIMIT, is_value=3, should_value=2),
        ),
    ],
)
def test_what_a_buyer_should_look_at_is_a_warning(
    changed: dict[str, Any], fault: PriceFault
) -> None:
    assert price_faults(replace(SOUND, **changed), LIMITS) == [fault]
    assert fault.severity is Severity.WARNING


@pytest.mark.parametrize("last", [462, 857])
def test_a_step_within_the_limit_is_no_jump(last: int) -> None:
    assert rules(replace(SOUND, last_price_fen=last)) == []


def test_faults_come_the_gravest_first() -> None:
    line = replace(SOUND, price_fen=100, limit_qty=None, strike_price_fen=90, last_price_fen=600)

    assert rules(line) == [
        PriceRule.BELOW_COST,
        PriceRule.STRIKE_WITHOUT_MEANING,
        PriceRule.STRIKE_NOT_ABOVE,
        PriceRule.PRICE_JUMP,
        PriceRule.LOSS_LEADER_LIMIT,
    ]


@pytest.mark.parametrize(("skus", "count"), [(150, 0), (151, 1)])
def test_too_many_skus_are_said(skus: int, count: int) -> None:
    assert len(campaign_faults(skus, LIMITS)) == count


def test_the_lowest_price_of_the_days_is_the_former_one() -> None:
    log = [logged(40, 300), logged(31, 700), logged(20, 650), logged(3, 800)]

    assert former_price(log, before=NOON, strike_days=30) == logged(20, 650)


def test_the_price_those_days_began_with_counts_however_old() -> None:
    log = [logged(300, 500), logged(3, 800)]

    assert former_price(log, before=NOON, strike_days=30) == logged(300, 500)
    assert former_price([logged(300, 500)], before=NOON, strike_days=30) == logged(300, 500)


def test_a_price_of_the_very_moment_is_no_former_one() -> None:
    assert former_price([logged(0, 500)], before=NOON, strike_days=30) is None


@given(
    st.lists(st.tuples(st.integers(-5, 90), st.integers(1, 2_000)), max_size=12),
    st.integers(1, 60),
)
def test_a_former_price_is_one_that_was_asked_and_none_was_lower(
    rows: list[tuple[int, int]], strike_days: int
) -> None:
    log = [logged(days_ago, price_fen) for days_ago, price_fen in rows]

    found = former_price(log, before=NOON, strike_days=strike_days)

    asked = [row for row in log if row.valid_from < NOON]
    inside = [row for row in asked if row.valid_from > NOON - timedelta(days=strike_days)]
    assert (found is None) == (not asked)
    if found is not None:
        assert found in asked
        assert all(found.price_fen <= row.price_fen for row in inside)


@given(
    st.integers(1, 5_000),
    st.integers(0, 2_000),
    st.integers(0, 5_000),
    st.integers(0, 3_000),
    st.integers(1, 9_999),
)
def test_raising_a_price_never_puts_it_below_cost(
    price_fen: int, more_fen: int, cost_fen: int, commission_bp: int, weight_g: int
) -> None:
    piece = PieceCost(cost_fen=cost_fen, weight_g=weight_g, commission_bp=commission_bp)
    line = PricedLine(price_fen=price_fen, piece=piece, limit_qty=2)

    dearer = replace(line, price_fen=price_fen + more_fen)

    assert PriceRule.BELOW_COST not in set(rules(dearer)) - set(rules(line))


@given(st.dictionaries(st.sampled_from("ABCD"), st.integers(1, 2_000)), st.integers(0, 50))
def test_the_whole_is_the_sum_of_its_lines(prices: dict[str, int], qty: int) -> None:
    lines = {code: replace(SOUND, price_fen=price_fen) for code, price_fen in prices.items()}
    unknown = {"Z": replace(SOUND, piece=None)}

    whole = whole_margin(lines | unknown, dict.fromkeys([*lines, "Z"], qty), LIMITS.rates)

    each = [
        line.margin(LIMITS.rates, qty) or Margin(sales_fen=0, landed_fen=0)
        for line in lines.values()
    ]
    assert whole.sales_fen == sum(margin.sales_fen for margin in each)
    assert whole.margin_fen == sum(margin.margin_fen for margin in each)
