"""A closed day never changes, however postings and closing meet."""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from unittest.mock import patch

import pytest
from django.db import connection, transaction

from leaders.domain.crashpoints import crashpoint
from orders.domain.ledger import payment_received
from orders.models.ledger import Transfer
from orders.selectors.ledger import closed_through, trial_balance_on
from orders.services.ledger import transfers_post
from orders.services.ledger_close import days_close
from tests.concurrency.race import Runner, errors, race
from tests.factories.orders import OrderFactory

MONDAY = date(2026, 3, 9)
TUESDAY_NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
POSTERS = 4
PER_POSTER = 15
LOCK = "orders.services.ledger_close.ledger_lock_exclusive"


def run_race(*, without: list[AbstractContextManager[object]]) -> None:
    """Posters book Monday's payments while another process closes Monday again and again."""
    order_no = OrderFactory.create().order_no
    post("first", order_no)

    def run(runner: Runner) -> None:
        if runner.number == POSTERS:
            for _again in range(20):
                days_close(now=TUESDAY_NOON)
            return
        for nth in range(PER_POSTER):
            with transaction.atomic():
                post(f"{runner.number}-{nth}", order_no)
                crashpoint("test.posted")

    outcomes = race(run, processes=POSTERS + 1, sleep_at={"test.posted": 0.01}, without=without)
    assert errors(outcomes) == []
    assert Transfer.objects.count() == POSTERS * PER_POSTER + 1
    assert closed_through() == MONDAY


def post(attempt_no: str, order_no: str) -> None:
    draft = payment_received(
        attempt_no=attempt_no,
        order_no=order_no,
        provider="sandbox",
        amount_fen=100,
        business_date=MONDAY,
    )
    transfers_post(drafts=[draft], now=TUESDAY_NOON)


def stored_and_summed() -> tuple[int, int]:
    """Monday's prepaid money by its stored sums, and by its transfers."""
    stored = {row.code: row.credit_fen for row in trial_balance_on(MONDAY)}["customer_prepaid"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(amount_fen) FROM orders_transfer WHERE business_date <= %s", [MONDAY]
        )
        (summed,) = cursor.fetchone()
    return stored, int(summed)


@pytest.mark.control  # of its books only the ledger is true: nobody paid
def test_a_day_that_is_closed_while_others_post_holds_every_transfer_of_its_date() -> None:
    run_race(without=[])

    stored, summed = stored_and_summed()
    assert stored == summed
    assert Transfer.objects.filter(business_date__gt=MONDAY).exists()


@pytest.mark.control
def test_without_the_lock_transfers_slip_into_a_closed_day() -> None:
    run_race(without=[patch(LOCK, return_value=True)])

    stored, summed = stored_and_summed()
    assert stored < summed
