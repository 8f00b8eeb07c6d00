"""The nightly check, and what waits for it."""

from datetime import UTC, datetime, timedelta

import pytest

from fulfillment.errors import BooksDoNotAgree
from fulfillment.models.settlement import CommissionState
from fulfillment.services.books import (
    books_check_nightly,
    books_check_record,
    books_require_clean,
    payouts_require_clean,
)
from fulfillment.services.settlement import commission_release
from leaders.models.accounts import Role
from orders.errors import BooksBroken
from orders.models.orders import Order
from orders.models.outbox import OutboxMessage
from orders.models.reconciliation import BillDifference, BooksCheck
from orders.services.reconciliation import difference_resolve
from tests.factories.busy_day import BusyDay
from tests.factories.fulfillment import CommissionEntryFactory, CutoffRunFactory
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db

TWO_AT_NIGHT = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)  # 2:00 on the 11th in Shanghai


def spoil() -> None:
    """One order asks for a fen more than its lines."""
    order = Order.objects.filter(state="frozen").earliest("pk")
    Order.objects.filter(pk=order.pk).update(total_fen=order.total_fen + 1)


def test_the_books_are_checked_once_a_night_after_two() -> None:
    moments = [
        TWO_AT_NIGHT - timedelta(minutes=1),
        TWO_AT_NIGHT,
        TWO_AT_NIGHT + timedelta(minutes=1),
        TWO_AT_NIGHT + timedelta(hours=21),
        TWO_AT_NIGHT + timedelta(hours=24),
    ]

    made = [books_check_nightly(now=moment) for moment in moments]

    assert made == [0, 1, 0, 0, 1]
    assert list(BooksCheck.objects.values_list("violations", flat=True)) == [0, 0]


def test_a_check_keeps_what_it_found() -> None:
    BusyDay()
    spoil()

    check = books_check_record(now=TWO_AT_NIGHT)

    found = {finding["name"]: finding["violations"] for finding in check.findings}
    assert found == {"prepayments": 1, "order_totals": 1}
    assert check.violations == 2


def test_without_any_check_and_difference_money_may_be_paid_out() -> None:
    payouts_require_clean()


def test_nothing_is_paid_out_after_a_check_that_found_something() -> None:
    BusyDay()
    BillDifference.objects.all().delete()
    spoil()
    books_check_record(now=TWO_AT_NIGHT)

    with pytest.raises(BooksBroken):
        payouts_require_clean()


def test_a_clean_check_lets_payouts_go_on() -> None:
    BooksCheck.objects.create(checked_at=TWO_AT_NIGHT, violations=3)
    books_check_record(now=TWO_AT_NIGHT)

    payouts_require_clean()


def test_nothing_is_paid_out_while_a_bill_differs() -> None:
    BusyDay()

    with pytest.raises(BooksBroken):
        payouts_require_clean()
    difference_resolve(
        difference_id=BillDifference.objects.get().pk,
        actor=UserFactory.create(role=Role.BUYER),
        resolution="A test payment of the provider.",
        now=TWO_AT_NIGHT,
    )

    payouts_require_clean()


def test_commission_does_not_fall_due_while_the_books_are_broken() -> None:
    entry = CommissionEntryFactory.create(hold_until=TWO_AT_NIGHT)
    BooksCheck.objects.create(checked_at=TWO_AT_NIGHT, violations=1)

    waiting = commission_release(now=TWO_AT_NIGHT)
    BooksCheck.objects.create(checked_at=TWO_AT_NIGHT, violations=0)
    released = commission_release(now=TWO_AT_NIGHT)

    entry.refresh_from_db()
    assert (waiting, released, entry.state) == (0, 1, CommissionState.RELEASED)


def test_goods_do_not_wait_for_a_message_but_for_a_wrong_total() -> None:
    BusyDay()
    run = CutoffRunFactory.create()
    OutboxMessage.objects.all().delete()

    figures = books_require_clean(run=run)
    spoil()

    assert figures["violations"] == 0
    with pytest.raises(BooksDoNotAgree):
        books_require_clean(run=run)
