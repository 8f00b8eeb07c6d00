"""An order is completed once, and money that goes back meanwhile is prepaid or a loss, not both."""

import pytest

from tests.concurrency.completion_races import (
    ORDERS,
    REFUND_FEN,
    completed_against_claims,
    completed_against_refunds,
    completed_by_many,
)

# Two pieces at 4.00 yuan each.
PAID_FEN = 800 * ORDERS

pytestmark = pytest.mark.django_db(transaction=True)


def test_several_schedules_complete_an_order_once() -> None:
    ended = completed_by_many(clocks=3)

    assert (ended.completed, ended.sold_fen) == (ORDERS, PAID_FEN)


def test_a_claim_is_paid_back_out_of_the_prepayment_or_as_a_loss() -> None:
    ended = completed_against_claims()

    assert (ended.completed, ended.refunds) == (ORDERS, ORDERS)
    assert ended.sold_fen - ended.lost_fen == PAID_FEN - ORDERS * REFUND_FEN
    assert ended.broken == []


def test_a_refund_nobody_complained_for_waits_for_the_sale() -> None:
    ended = completed_against_refunds()

    assert (ended.completed, ended.refunds) == (ORDERS, ORDERS)
    assert ended.sold_fen - ended.lost_fen == PAID_FEN - ORDERS * REFUND_FEN
    assert ended.broken == []


@pytest.mark.control
def test_without_the_payments_locks_more_is_sold_than_was_left() -> None:
    ended = completed_against_refunds(guarded=False)

    assert "prepaid" in ended.broken
