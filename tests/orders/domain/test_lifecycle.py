"""What the state tables of ordering allow and refuse."""

from itertools import pairwise

import pytest

from leaders.domain.lifecycle import Lifecycle
from orders.domain.lifecycle import (
    CAMPAIGN_LIFECYCLE,
    ORDER_LIFECYCLE,
    PAYMENT_LIFECYCLE,
    REFUND_LIFECYCLE,
    CampaignState,
    OrderState,
    PaymentState,
    RefundState,
)


@pytest.mark.parametrize(
    ("lifecycle", "path"),
    [
        pytest.param(
            CAMPAIGN_LIFECYCLE, "draft open closing frozen fulfilling done", id="campaign"
        ),
        pytest.param(ORDER_LIFECYCLE, "pending_payment paid frozen completed", id="order"),
        pytest.param(PAYMENT_LIFECYCLE, "created submitted unknown succeeded", id="payment"),
        pytest.param(
            REFUND_LIFECYCLE,
            "requested submitted abnormal submitted succeeded",
            id="refund_tried_twice",
        ),
    ],
)
def test_the_usual_path_runs_from_a_start_to_an_end(lifecycle: Lifecycle, path: str) -> None:
    states = path.split()

    assert states[0] in lifecycle.initial
    assert all(new in lifecycle.moves[old] for old, new in pairwise(states))
    assert states[-1] in lifecycle.completed
    assert lifecycle.moves[states[-1]] == frozenset()


@pytest.mark.parametrize(
    "state", [CampaignState.FROZEN, CampaignState.FULFILLING, CampaignState.DONE]
)
def test_a_frozen_campaign_can_no_longer_be_cancelled_or_reopened(state: CampaignState) -> None:
    assert not CAMPAIGN_LIFECYCLE.moves[state] & {CampaignState.CANCELLED, CampaignState.OPEN}


@pytest.mark.parametrize("state", [OrderState.CANCELLED, OrderState.REFUNDED])
def test_nothing_leaves_a_cancelled_or_refunded_order(state: OrderState) -> None:
    assert ORDER_LIFECYCLE.moves[state] == frozenset()


def test_only_a_paid_order_is_frozen() -> None:
    assert ORDER_LIFECYCLE.sources_of(OrderState.FROZEN) == {OrderState.PAID}


def test_nothing_leaves_an_order_whose_money_came_too_late() -> None:
    assert ORDER_LIFECYCLE.moves[OrderState.LATE_PAID] == frozenset()


def test_live_payment_attempts_are_the_open_ones() -> None:
    assert PAYMENT_LIFECYCLE.open == {
        PaymentState.CREATED,
        PaymentState.SUBMITTED,
        PaymentState.UNKNOWN,
    }


def test_a_refund_that_was_closed_is_never_tried_again_under_its_number() -> None:
    assert REFUND_LIFECYCLE.sources_of(RefundState.SUBMITTED) == {
        RefundState.REQUESTED,
        RefundState.ABNORMAL,
    }
    assert REFUND_LIFECYCLE.moves[RefundState.CLOSED] == frozenset()
