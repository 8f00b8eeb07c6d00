"""Key figures: exact by hand, and by the laws of sums."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain import kpis
from fulfillment.domain.kpi_parts import (
    NAMED,
    TALLIES,
    Parts,
    median,
    parts_from_json,
    parts_sum,
    parts_to_json,
)
from fulfillment.domain.kpi_table import (
    KPI_BY_KEY,
    KPIS,
    Kpi,
    Period,
    Target,
    Unit,
    Verdict,
)
from leaders.domain.concentration import concentration

DAY = Parts(
    orders=100,
    lines=220,
    pieces=300,
    paid_fen=250_000,
    refunded_fen=4_000,
    allocated_pieces=296,
    substitute_pieces=1,
    bought_pieces=310,
    accepted_pieces=300,
    slotted_orders=20,
    punctual_orders=19,
    received_pieces=300,
    handed_pieces=295,
    returned_pieces=2,
    sorted_pieces=297,
    missorted_pieces=1,
    timed_pieces=297,
    sorter_seconds=3_600,
    stops=12,
    timed_stops=10,
    punctual_stops=9,
    trips=2,
    distance_m=30_000,
    load_ml=800,
    capacity_ml=1_000,
    delivery_fen=20_000,
    warehouse_fen=6_000,
    packing_fen=3_000,
    arrived_orders=99,
    fetched_orders=93,
    claims=5,
    first_answers={10: 1, 20: 2, 90: 1},
    resolutions={2: 3, 30: 2},
    goods_fen=180_000,
    recovered_fen=1_000,
    commission_fen=24_000,
    logistics_fen=29_000,
    fee_fen=1_476,
    released_fen=24_600,
    released_base_fen=246_000,
    selling_leaders=4,
    leaders=5,
    former_leaders=10,
    kept_leaders=9,
    week_buyers=300,
    week_repeaters=150,
    intents=50,
    paid_intents=46,
    po_minutes=4,
    po_days=1,
    label_minutes=50,
    label_days=1,
)
VALUES = {
    "gmv": 250_000,
    "net_sales": 246_000,
    "contribution": 125,  # (246,000 + 1,000 - 180,000 - 24,000 - 29,000 - 1,476) / 100
    "order_value": 2_500,
    "pieces_per_order": 300,
    "jielong": 9_200,
    "fill": 9_867,
    "supplier_fill": 9_677,
    "supplier_punctual": 9_500,
    "shrink": 100,
    "po_minutes": 4,
    "sort_accuracy": 9_966,
    "sort_productivity": 297,
    "label_minutes": 50,
    "cost_per_piece": 98,
    "punctual": 9_000,
    "load": 8_000,
    "metres_per_stop": 2_500,
    "stops_per_trip": 600,
    "pickup": 9_394,
    "repeat": 5_000,
    "claim": 227,
    "refund": 160,
    "first_answer": 20,
    "resolution": 2,
    "active_leaders": 8_000,
    "kept_leaders": 9_000,
    "orders_per_leader": 2_500,
    "commission": 1_000,
    "top_tenth": 5_000,
    "top_leader": 5_000,
    "gap": 120,
}
# A share of things that are counted among others of their kind.
BOUNDED = (
    kpis.fill_bp,
    kpis.supplier_punctual_bp,
    kpis.sort_accuracy_bp,
    kpis.punctual_bp,
    kpis.pickup_bp,
    kpis.active_leaders_bp,
    kpis.kept_leaders_bp,
    kpis.repeat_bp,
    kpis.jielong_bp,
)
PAIRS = (
    ("allocated_pieces", "pieces"),
    ("punctual_orders", "slotted_orders"),
    ("punctual_stops", "timed_stops"),
    ("fetched_orders", "arrived_orders"),
    ("selling_leaders", "leaders"),
    ("kept_leaders", "former_leaders"),
    ("week_repeaters", "week_buyers"),
    ("paid_intents", "intents"),
)

counts = st.integers(min_value=0, max_value=10**9)
tallies = st.dictionaries(st.integers(0, 50), st.integers(1, 5), max_size=6)
named = st.dictionaries(st.sampled_from(["a", "b"]), st.integers(1, 10**6), max_size=2)


def _cell(name: str) -> st.SearchStrategy[object]:
    if name in TALLIES:
        return tallies
    return named if name in NAMED else counts


parts = st.fixed_dictionaries({part.name: _cell(part.name) for part in fields(Parts)}).map(
    lambda cells: parts_from_json({name: cells[name] for name in cells})
)


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.key)
def test_a_figure_of_a_day_known_by_hand(kpi: Kpi) -> None:
    shares = concentration([500, 300, 200])
    period = Period(parts=DAY, concentration=shares, gap_fen=120)

    assert kpi.value(period) == VALUES[kpi.key]


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.key)
def test_of_nothing_nothing_is_said(kpi: Kpi) -> None:
    assert kpi.value(Period()) is None


@given(st.lists(parts, max_size=4))
def test_a_figure_of_many_days_is_that_of_their_sums(days: list[Parts]) -> None:
    summed = parts_sum(days)

    for part in fields(Parts):
        cells = [getattr(day, part.name) for day in days]
        if part.name not in TALLIES | NAMED:
            assert getattr(summed, part.name) == sum(cells)
        else:
            keys = {key for cell in cells for key in cell}
            assert getattr(summed, part.name) == {
                key: sum(cell.get(key, 0) for cell in cells) for key in keys
            }


@given(st.lists(parts, min_size=1, max_size=4), st.integers(0, 4))
def test_days_may_be_added_in_any_grouping(days: list[Parts], cut: int) -> None:
    halves = [parts_sum(days[:cut]), parts_sum(days[cut:])]

    whole = parts_sum(days)

    assert parts_sum(halves) == whole
    for kpi in KPIS:
        period, regrouped = Period(parts=whole), Period(parts=parts_sum(halves))
        assert kpi.value(period) == kpi.value(regrouped)


@given(parts)
def test_a_share_among_its_kind_lies_between_nothing_and_all(day: Parts) -> None:
    kept = {few: min(getattr(day, few), getattr(day, all_)) for few, all_ in PAIRS}

    day = replace(day, **kept)

    for rule in BOUNDED:
        value = rule(day)
        assert value is None or 0 <= value <= kpis.WHOLE_BP


@given(parts)
def test_parts_are_read_as_they_were_stored(day: Parts) -> None:
    assert parts_from_json(parts_to_json(day)) == day


def test_parts_of_another_release_are_read_as_far_as_they_are_known() -> None:
    assert parts_from_json({"orders": 3, "parts_of_tomorrow": 7}) == Parts(orders=3)


@given(tallies)
def test_the_median_is_the_value_in_the_middle(tally: dict[int, int]) -> None:
    values = sorted(value for value, times in tally.items() for _ in range(times))

    assert median(tally) == (values[(len(values) - 1) // 2] if values else None)


def test_a_loss_is_rounded_like_a_gain() -> None:
    assert kpis.ratio(-3, 2) == -1
    assert kpis.ratio(3, 2) == 2
    assert kpis.ratio(-4, 2) == -2


@pytest.mark.parametrize(
    ("target", "value", "verdict"),
    [
        (Target(least=10), 10, Verdict.MET),
        (Target(least=10), 9, Verdict.MISSED),
        (Target(most=10), 10, Verdict.MET),
        (Target(most=10), 11, Verdict.MISSED),
        (Target(least=1, most=2), 3, Verdict.MISSED),
        (Target(least=1), None, None),
        (Target(), 5, None),
    ],
)
def test_a_target_is_kept_up_to_its_bound(
    target: Target, value: int | None, verdict: Verdict | None
) -> None:
    assert target.verdict(value) is verdict


def test_every_figure_is_named_once_and_shares_have_targets() -> None:
    assert len(KPI_BY_KEY) == len(KPIS) == len(VALUES)
    assert all(kpi.target != Target() for kpi in KPIS if kpi.unit == Unit.SHARE), (
        "a share without a target says little"
    )
