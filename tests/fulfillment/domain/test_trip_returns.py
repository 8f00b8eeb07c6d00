"""Results of stops: what contradicts itself or the load is refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.lifecycle import HandoverState, StopState
from fulfillment.domain.trip_returns import (
    EMPTIES_MAX,
    LineDifference,
    StopResult,
    pieces_not_handed_over,
    require_loaded,
)
from fulfillment.errors import ReturnNotPossible

POTATO, MILK = 1, 2
SHORT = (LineDifference(sku_id=POTATO, qty=2, cause=Cause.SHORT),)


def partly(
    *differences: LineDifference,
    brought_back: frozenset[int] = frozenset(),
    lost: frozenset[int] = frozenset(),
) -> StopResult:
    """A stop delivered in part."""
    return StopResult(
        stop_id=1,
        state=StopState.PARTLY,
        differences=differences or SHORT,
        brought_back=brought_back,
        lost=lost,
    )


DELIVERED = StopResult(stop_id=1, state=StopState.DELIVERED)
REFUSED = StopResult(stop_id=1, state=StopState.REFUSED, note="shut")


@pytest.mark.parametrize(
    "told",
    [
        lambda: replace(DELIVERED, differences=SHORT),
        lambda: replace(DELIVERED, brought_back=frozenset({1})),
        lambda: replace(REFUSED, lost=frozenset({1})),
        lambda: replace(REFUSED, note=""),
        lambda: replace(REFUSED, state=StopState.FAILED, note=" "),
        lambda: replace(DELIVERED, state=StopState.PARTLY),
        lambda: replace(DELIVERED, state=StopState.PLANNED),
        lambda: replace(DELIVERED, state=StopState.ARRIVED),
        lambda: replace(DELIVERED, is_signed=False),
        lambda: replace(DELIVERED, empties=-1),
        lambda: replace(DELIVERED, empties=EMPTIES_MAX + 1),
        lambda: partly(LineDifference(sku_id=1, qty=0, cause=Cause.SHORT)),
    ],
)
def test_a_result_that_contradicts_itself_is_refused(told: Callable[[], StopResult]) -> None:
    with pytest.raises(ReturnNotPossible):
        told()


@pytest.mark.parametrize(
    ("result", "agreed"),
    [
        (StopResult(stop_id=1, state=StopState.DELIVERED), HandoverState.SIGNED),
        (
            StopResult(
                stop_id=1, state=StopState.DELIVERED, is_signed=False, note="left at the door"
            ),
            HandoverState.UNSIGNED,
        ),
        (partly(), HandoverState.SIGNED),
        (StopResult(stop_id=1, state=StopState.REFUSED, note="late"), HandoverState.COUNTED),
        (StopResult(stop_id=1, state=StopState.FAILED, note="shut"), HandoverState.COUNTED),
    ],
)
def test_a_handover_says_what_both_agreed_on(result: StopResult, agreed: HandoverState) -> None:
    assert result.handover_state is agreed


def test_everything_of_a_refused_stop_comes_back() -> None:
    result = StopResult(stop_id=1, state=StopState.REFUSED, note="late")

    assert pieces_not_handed_over(result, {POTATO: 6, MILK: 0}) == {(POTATO, Cause.RETURNED): 6}


def test_differences_of_one_kind_are_summed() -> None:
    said = pieces_not_handed_over(
        partly(*SHORT, *SHORT, LineDifference(sku_id=MILK, qty=1, cause=Cause.OVER)), {POTATO: 4}
    )

    assert said == {(POTATO, Cause.SHORT): 4, (MILK, Cause.OVER): 1}


def test_more_than_was_loaded_cannot_be_missing() -> None:
    damaged = LineDifference(sku_id=POTATO, qty=1, cause=Cause.DAMAGED)

    with pytest.raises(ReturnNotPossible) as refusal:
        pieces_not_handed_over(partly(*SHORT, damaged), {POTATO: 2})

    assert refusal.value.details == {"sku_id": POTATO, "qty": 3}


@pytest.mark.parametrize(
    ("back", "lost"), [(frozenset({9}), frozenset()), (frozenset({1}), frozenset({1}))]
)
def test_a_tote_that_was_not_on_the_vehicle_does_not_come_back(
    back: frozenset[int], lost: frozenset[int]
) -> None:
    with pytest.raises(ReturnNotPossible):
        require_loaded(partly(brought_back=back, lost=lost), [1, 2])
