"""What the state tables of fulfilment allow and refuse."""

from itertools import pairwise

import pytest

from fulfillment.domain.lifecycle import (
    COMMISSION_LIFECYCLE,
    DELIVERY_RUN_LIFECYCLE,
    HANDOVER_LIFECYCLE,
    PURCHASE_ORDER_LIFECYCLE,
    SORT_TASK_LIFECYCLE,
    STOP_LIFECYCLE,
    TOTE_LIFECYCLE,
    CommissionState,
    DeliveryRunState,
    PurchaseOrderState,
    StopState,
    ToteState,
)
from leaders.domain.lifecycle import Lifecycle


@pytest.mark.parametrize(
    ("lifecycle", "path"),
    [
        pytest.param(PURCHASE_ORDER_LIFECYCLE, "draft sent confirmed received", id="purchase"),
        pytest.param(
            PURCHASE_ORDER_LIFECYCLE, "draft sent confirmed_short received", id="purchase_short"
        ),
        pytest.param(
            SORT_TASK_LIFECYCLE, "pending sorting short sorting done", id="sorted_after_a_recount"
        ),
        pytest.param(
            TOTE_LIFECYCLE, "free assigned sealed loaded delivered empty free", id="tote_goes_round"
        ),
        pytest.param(
            DELIVERY_RUN_LIFECYCLE, "planned released loading departed returned", id="run"
        ),
        pytest.param(STOP_LIFECYCLE, "planned arrived delivered", id="stop"),
        pytest.param(STOP_LIFECYCLE, "planned arrived refused arrived partly", id="stop_undone"),
        pytest.param(HANDOVER_LIFECYCLE, "pending counted signed accepted", id="handover"),
        pytest.param(HANDOVER_LIFECYCLE, "pending unsigned disputed accepted", id="handover_alone"),
        pytest.param(COMMISSION_LIFECYCLE, "held released settled paid", id="commission"),
    ],
)
def test_the_usual_path_runs_from_a_start_to_a_good_end(lifecycle: Lifecycle, path: str) -> None:
    states = path.split()

    assert states[0] in lifecycle.initial
    assert all(new in lifecycle.moves[old] for old, new in pairwise(states))
    assert states[-1] in lifecycle.completed


def test_goods_received_can_no_longer_be_cancelled() -> None:
    assert PURCHASE_ORDER_LIFECYCLE.moves[PurchaseOrderState.RECEIVED] == frozenset()


def test_a_tote_may_be_lost_wherever_it_is_and_turn_up_empty() -> None:
    assert TOTE_LIFECYCLE.sources_of(ToteState.LOST) == TOTE_LIFECYCLE.states - {ToteState.LOST}
    assert TOTE_LIFECYCLE.moves[ToteState.LOST] == {ToteState.EMPTY}


def test_a_vehicle_on_the_road_is_not_cancelled_or_planned_anew() -> None:
    assert DELIVERY_RUN_LIFECYCLE.moves[DeliveryRunState.DEPARTED] == {DeliveryRunState.RETURNED}


def test_every_ending_of_a_stop_can_be_undone_to_its_arrival() -> None:
    endings = STOP_LIFECYCLE.completed | STOP_LIFECYCLE.failed

    assert endings == STOP_LIFECYCLE.sources_of(StopState.ARRIVED) - {StopState.PLANNED}


def test_a_stop_may_fail_without_an_arrival() -> None:
    assert StopState.FAILED in STOP_LIFECYCLE.moves[StopState.PLANNED]


def test_paid_commission_is_never_pulled_back() -> None:
    assert COMMISSION_LIFECYCLE.moves[CommissionState.PAID] == frozenset()
