"""Differences typed at the slots, and how a card adds up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.sort_entry import (
    Difference,
    MissingPieces,
    SlotFigures,
    quantities_entered,
    settle,
    too_many,
)
from fulfillment.errors import CountNegative, SortEventUnknown

figures = st.builds(
    SlotFigures,
    st.integers(0, 9),
    st.integers(0, 9),
    st.none() | st.sampled_from([Cause.DAMAGED, Cause.SHORT]),
)


def test_what_is_not_typed_is_as_the_sorter_saw_it() -> None:
    entered = quantities_entered({1: 5, 2: 3, 3: 1}, {1: 4, 2: 3}, {2: Difference(1)})

    assert entered == {1: 4, 2: 1, 3: 0}


def test_without_a_page_the_sorter_saw_what_is_planned() -> None:
    assert quantities_entered({1: 5}, None, {}) == {1: 5}


@pytest.mark.parametrize(
    ("differences", "error"),
    [
        pytest.param({9: Difference(1)}, SortEventUnknown, id="a_place_of_another_block"),
        pytest.param({1: Difference(-1)}, CountNegative, id="below_nothing"),
    ],
)
def test_a_figure_needs_its_place(
    differences: dict[int, Difference], error: type[Exception]
) -> None:
    with pytest.raises(error):
        quantities_entered({1: 5}, None, differences)


def test_too_many_names_each_place_with_its_excess() -> None:
    assert too_many({1: 5, 2: 3}, {1: 7, 2: 3, 3: 1}) == {1: 2, 3: 1}


def test_a_card_that_adds_up_is_done() -> None:
    settled = settle(supply_qty=10, slots={1: SlotFigures(8, 8)}, left_over_qty=2)

    assert settled.is_done


def test_missing_pieces_are_laid_to_the_slots_that_lack_them_first() -> None:
    slots = {1: SlotFigures(3, 2, Cause.DAMAGED), 2: SlotFigures(4, 2)}

    settled = settle(supply_qty=10, slots=slots, left_over_qty=1)

    assert settled.missing == (
        MissingPieces(1, 1, Cause.DAMAGED),
        MissingPieces(2, 2, Cause.SHORT),
        MissingPieces(None, 2, Cause.SHORT),
    )
    assert not settled.is_done


def test_less_than_nothing_is_never_left_over() -> None:
    with pytest.raises(CountNegative):
        settle(supply_qty=1, slots={}, left_over_qty=-1)


@given(
    slots=st.dictionaries(st.integers(1, 99), figures, max_size=8),
    supply_qty=st.integers(0, 90),
    left_over_qty=st.integers(0, 30),
)
def test_every_piece_lies_somewhere_is_missing_or_was_found(
    slots: dict[int, SlotFigures], supply_qty: int, left_over_qty: int
) -> None:
    settled = settle(supply_qty=supply_qty, slots=slots, left_over_qty=left_over_qty)

    sown = sum(one.sown_qty for one in slots.values())
    missing = sum(part.qty for part in settled.missing)
    assert supply_qty + settled.found_qty == sown + left_over_qty + missing
    assert not (missing and settled.found_qty)
    assert all(part.qty > 0 for part in settled.missing)
    for slot, one in slots.items():
        laid = sum(part.qty for part in settled.missing if part.slot == slot)
        lacks = max(0, one.allocated_qty - one.sown_qty)
        assert laid + settled.lacking.get(slot, 0) == lacks
