"""What a count at the dock may say, and how much of it is taken."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.receiving import (
    LineCount,
    dock_moment,
    expected_pieces,
    in_packs,
    is_too_warm,
    needs_temperature,
    sample_cases,
    without_excess,
)
from fulfillment.errors import CountNegative, CountNotPossible
from orders.domain.storage import StorageClass

ZONE = ZoneInfo("Asia/Shanghai")
SOME = st.integers(min_value=0, max_value=500)


def counted(**figures: Any) -> LineCount:
    return replace(LineCount(purchase_line_id=1, arrived_qty=0), **figures)


def found(good: int, bad: int, damaged: int, excess: int) -> LineCount:
    """A count that adds up, in packs of seven."""
    pieces = good + bad + damaged + excess
    return in_packs(
        counted(
            arrived_qty=pieces,
            rejected_qty=pieces - good,
            damaged_qty=damaged,
            excess_qty=excess,
        ),
        pack_factor=7,
    )


def test_full_packs_and_loose_pieces_follow_from_what_arrived() -> None:
    count = in_packs(counted(arrived_qty=23), pack_factor=5)

    assert (count.packs, count.loose_qty) == (4, 3)


def test_packs_as_counted_are_kept_when_they_add_up() -> None:
    count = counted(arrived_qty=23, packs=3, loose_qty=8)

    assert in_packs(count, pack_factor=5) == count


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        pytest.param(
            {"arrived_qty": 20, "packs": 3, "loose_qty": 4},
            "do not add up to what arrived",
            id="packs_case",
        ),
        pytest.param(
            {"arrived_qty": 5, "rejected_qty": 6}, "No more can be rejected", id="rejects_case"
        ),
        pytest.param(
            {"arrived_qty": 5, "rejected_qty": 2, "damaged_qty": 2, "excess_qty": 1},
            "are rejected pieces",
            id="parts_case",
        ),
    ],
)
def test_figures_that_contradict_each_other_are_refused(
    figures: dict[str, int], message: str
) -> None:
    with pytest.raises(CountNotPossible, match=message):
        in_packs(counted(**figures), pack_factor=5)


@pytest.mark.parametrize(
    "figures",
    [
        {"arrived_qty": -1},
        {"arrived_qty": 5, "packs": 2, "loose_qty": -5},
        {"arrived_qty": 5, "rejected_qty": -1},
        {"arrived_qty": 5, "rejected_qty": 1, "damaged_qty": -1, "excess_qty": 2},
        {"arrived_qty": 5, "weight_g": -10},
    ],
)
def test_nothing_is_counted_below_zero(figures: dict[str, int]) -> None:
    with pytest.raises(CountNegative):
        in_packs(counted(**figures), pack_factor=5)


@pytest.mark.parametrize(
    ("confirmed", "is_ended", "expected"),
    [
        pytest.param(None, False, 10, id="silent_case"),
        pytest.param(6, False, 6, id="short_case"),
        pytest.param(0, False, 0, id="none_case"),
        pytest.param(None, True, 0, id="ended_case"),
    ],
)
def test_a_supplier_should_bring_what_it_promised(
    confirmed: int | None, is_ended: bool, expected: int
) -> None:
    assert expected_pieces(ordered_qty=10, confirmed_qty=confirmed, is_ended=is_ended) == expected


@given(st.builds(found, SOME, SOME, SOME, SOME), SOME)
def test_no_more_is_taken_than_is_open_and_no_good_piece_is_lost(
    count: LineCount, open_qty: int
) -> None:
    settled = in_packs(without_excess(count, open_qty=open_qty), pack_factor=7)

    good = count.arrived_qty - count.rejected_qty
    assert settled.arrived_qty - settled.rejected_qty == min(good, open_qty)
    assert settled.quality_qty == count.quality_qty
    assert settled.damaged_qty == count.damaged_qty
    assert settled.excess_qty - count.excess_qty == max(good - open_qty, 0)


@pytest.mark.parametrize(
    ("storage", "temperature_dc", "expected"),
    [
        (StorageClass.CHILL, 80, False),
        (StorageClass.CHILL, 81, True),
        (StorageClass.FROZEN, -120, False),
        (StorageClass.FROZEN, -119, True),
        (StorageClass.AMBIENT, 350, False),
    ],
)
def test_cold_goods_have_a_warmest_temperature(
    storage: StorageClass, temperature_dc: int, expected: bool
) -> None:
    assert is_too_warm(storage, temperature_dc) is expected
    assert needs_temperature(storage) is (storage is not StorageClass.AMBIENT)


@pytest.mark.parametrize(
    ("packs", "expected"), [(0, 0), (2, 2), (3, 3), (40, 3), (60, 3), (61, 4), (200, 10)]
)
def test_five_per_cent_of_the_cases_are_opened_and_three_at_least(
    packs: int, expected: int
) -> None:
    assert sample_cases(packs) == expected


def test_a_slot_of_the_evening_is_the_day_before() -> None:
    day = date(2026, 3, 11)

    assert dock_moment(time(2, 30), delivery_date=day, zone=ZONE) == datetime(
        2026, 3, 11, 2, 30, tzinfo=ZONE
    )
    assert dock_moment(time(22), delivery_date=day, zone=ZONE) == datetime(
        2026, 3, 10, 22, 0, tzinfo=ZONE
    )
    assert dock_moment(None, delivery_date=day, zone=ZONE) is None
