"""However many phones hand out at a point, an order is in the books once and every phone knows."""

import pytest

from tests.concurrency.pickup_races import handed_out_at_once, sent_twice_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_several_phones_hand_out_each_order_once_and_all_are_answered() -> None:
    done = handed_out_at_once(phones=4)

    assert (done.lost, done.recorded, done.already, done.rows) == (0, 3, 9, 3)


@pytest.mark.control
def test_without_the_orders_locks_a_phone_gets_no_answer() -> None:
    done = handed_out_at_once(phones=4, guarded=False)

    assert done.lost > 0


def test_the_same_reports_from_two_tabs_count_once_and_are_answered_twice() -> None:
    done = sent_twice_at_once(senders=2)

    assert (done.lost, done.recorded, done.rows) == (0, 4, 2)
