"""Counts at the dock."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.receiving import ReceiptFlag, ReceiptLine, counted
from fulfillment.errors import CountNegative, ReceiptDoesNotAddUp

counts = st.integers(min_value=0, max_value=10_000)


def count(arrived: int, rejected: int = 0) -> ReceiptLine:
    return counted(
        sku_code="K042", ordered_qty=100, need_qty=86, arrived_qty=arrived, rejected_qty=rejected
    )


@pytest.mark.parametrize(
    ("arrived", "rejected", "accepted", "flags", "difference"),
    [
        pytest.param(100, 0, 100, (), "+14", id="as_ordered"),
        pytest.param(86, 0, 86, (), "0", id="just_what_is_needed"),
        pytest.param(80, 0, 80, (ReceiptFlag.SHORT,), "-6", id="short"),
        pytest.param(104, 0, 104, (ReceiptFlag.OVER,), "+18", id="more_than_ordered"),
        pytest.param(
            100, 20, 80, (ReceiptFlag.SHORT, ReceiptFlag.REJECTED), "-6", id="short_by_rejects"
        ),
        pytest.param(0, 0, 0, (ReceiptFlag.SHORT,), "-86", id="nothing_came"),
    ],
)
def test_a_count_is_compared_with_order_and_need(
    arrived: int, rejected: int, accepted: int, flags: tuple[ReceiptFlag, ...], difference: str
) -> None:
    line = count(arrived, rejected)

    assert line.accepted_qty == accepted
    assert line.flags == flags
    assert line.difference_text == difference


def test_a_line_nobody_counted_is_not_a_line_of_nothing() -> None:
    untouched = ReceiptLine(sku_code="K042", ordered_qty=100, need_qty=86)

    assert not untouched.is_entered
    assert untouched.flags == (ReceiptFlag.NOT_ENTERED,)
    assert (untouched.short_qty, untouched.over_qty, untouched.spare_qty) == (0, 0, 0)
    assert untouched.difference_text == ""
    assert count(0).is_entered
    assert (count(0).short_qty, count(0).difference_text) == (86, "-86")


@given(arrived=counts, ordered=counts, need=counts, data=st.data())
def test_accepted_pieces_are_for_residents_or_spare(
    arrived: int, ordered: int, need: int, data: st.DataObject
) -> None:
    rejected = data.draw(st.integers(min_value=0, max_value=arrived))

    line = counted(
        sku_code="K042",
        ordered_qty=ordered,
        need_qty=need,
        arrived_qty=arrived,
        rejected_qty=rejected,
    )

    assert line.accepted_qty == arrived - rejected
    assert line.accepted_qty == need - line.short_qty + line.spare_qty
    assert 0 in (line.short_qty, line.spare_qty)


@pytest.mark.parametrize(
    "figures",
    [
        pytest.param({"arrived_qty": 10, "accepted_qty": 8, "rejected_qty": 1}, id="lost_one"),
        pytest.param({"arrived_qty": 10, "accepted_qty": 10}, id="rejects_not_entered"),
        pytest.param({"rejected_qty": 0}, id="only_rejects_entered"),
    ],
)
def test_counts_that_do_not_add_up_are_refused(figures: dict[str, Any]) -> None:
    with pytest.raises(ReceiptDoesNotAddUp):
        ReceiptLine(sku_code="K042", ordered_qty=100, need_qty=86, **figures)


@pytest.mark.parametrize(("arrived", "rejected"), [(-1, 0), (5, 6), (5, -1)])
def test_no_count_is_below_zero(arrived: int, rejected: int) -> None:
    with pytest.raises(CountNegative):
        count(arrived, rejected)
