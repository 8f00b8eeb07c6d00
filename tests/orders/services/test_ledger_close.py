"""Days that are closed, and what is booked after that."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from orders.domain.ledger import payment_received, refund_due
from orders.models.ledger import DailyBalance, Transfer
from orders.selectors.ledger import closed_through, trial_balance_on
from orders.services.ledger import transfers_post
from orders.services.ledger_close import days_close
from tests.factories.orders import OrderFactory, PaymentFactory

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 9)
TUESDAY = date(2026, 3, 10)
TUESDAY_NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
WEDNESDAY_NOON = TUESDAY_NOON + timedelta(days=1)


def receive(attempt_no: str, amount_fen: int, day: date) -> None:
    draft = payment_received(
        attempt_no=attempt_no,
        order_no=OrderFactory.create().order_no,
        provider="sandbox",
        amount_fen=amount_fen,
        business_date=day,
    )
    transfers_post(drafts=[draft], now=TUESDAY_NOON)


def give_back(refund_no: str, amount_fen: int, day: date) -> None:
    draft = refund_due(
        refund_no=refund_no,
        order_no=OrderFactory.create().order_no,
        amount_fen=amount_fen,
        business_date=day,
    )
    transfers_post(drafts=[draft], now=TUESDAY_NOON)


def stored(day: date) -> dict[str, tuple[int, int]]:
    return {
        row.account.code: (row.debit_fen, row.credit_fen)
        for row in DailyBalance.objects.filter(business_date=day).select_related("account")
    }


def test_a_day_is_closed_at_noon_of_the_next() -> None:
    receive("T1", 500, MONDAY)

    early = days_close(now=TUESDAY_NOON - timedelta(seconds=1))
    in_time = days_close(now=TUESDAY_NOON)

    assert (early, in_time) == (0, 1)
    assert stored(MONDAY) == {
        "bank": (0, 0),
        "clearing:sandbox": (500, 0),
        "customer_prepaid": (0, 500),
    }


def test_closing_again_changes_nothing() -> None:
    receive("T1", 500, MONDAY)
    days_close(now=TUESDAY_NOON)

    assert days_close(now=TUESDAY_NOON) == 0
    assert DailyBalance.objects.count() == 3


def test_later_days_start_from_the_stored_sums() -> None:
    receive("T1", 500, MONDAY)
    receive("T2", 300, TUESDAY)
    give_back("R1", 100, TUESDAY)

    closed = days_close(now=WEDNESDAY_NOON)

    assert closed == 2
    assert stored(TUESDAY) == {
        "bank": (0, 0),
        "clearing:sandbox": (800, 0),
        "customer_prepaid": (100, 800),
        "refund_payable": (0, 100),
    }
    assert [(row.code, row.net_fen) for row in trial_balance_on(MONDAY)] == [
        ("bank", 0),
        ("clearing:sandbox", 500),
        ("customer_prepaid", -500),
        ("refund_payable", 0),
    ]


def test_what_is_booked_late_counts_on_the_first_open_day() -> None:
    receive("T1", 500, MONDAY)
    days_close(now=TUESDAY_NOON)

    receive("T2", 300, MONDAY)

    assert Transfer.objects.get(ref_id="T2").business_date == TUESDAY
    assert stored(MONDAY)["customer_prepaid"] == (0, 500)


def test_a_day_waits_for_money_that_is_not_posted() -> None:
    receive("T1", 500, MONDAY)
    PaymentFactory.create(
        out_trade_no="T2", succeeded_at=datetime(2026, 3, 9, 15, 59, tzinfo=UTC), amount_fen=300
    )

    waiting = days_close(now=TUESDAY_NOON)
    receive("T2", 300, MONDAY)
    complete = days_close(now=TUESDAY_NOON)

    assert (waiting, complete) == (0, 1)
    assert stored(MONDAY)["customer_prepaid"] == (0, 800)


def test_money_of_the_next_day_does_not_hold_a_day_open() -> None:
    receive("T1", 500, MONDAY)
    PaymentFactory.create(succeeded_at=datetime(2026, 3, 9, 16, 0, tzinfo=UTC))

    assert days_close(now=TUESDAY_NOON) == 1


def test_without_transfers_there_is_nothing_to_close() -> None:
    assert days_close(now=TUESDAY_NOON) == 0
    assert closed_through() is None


def test_stored_sums_refuse_to_be_changed() -> None:
    receive("T1", 500, MONDAY)
    days_close(now=TUESDAY_NOON)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        DailyBalance.objects.update(debit_fen=1)
