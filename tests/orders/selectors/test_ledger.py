"""Balances, statements and the money of an order, read from the books."""

from datetime import UTC, date, datetime

import pytest

from orders.domain.ledger import (
    handover_sale,
    payment_received,
    payment_suspended,
    refund_due,
    refund_paid,
)
from orders.domain.transfers import TransferDraft
from orders.models.ledger import Account
from orders.models.orders import Order
from orders.selectors.ledger import (
    OrderMoney,
    account_balance_on,
    account_statement,
    order_money,
    trial_balance_on,
)
from orders.services.ledger import transfers_post
from orders.services.ledger_close import days_close
from tests.factories.orders import OrderFactory

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 9)
TUESDAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


@pytest.fixture
def order() -> Order:
    """An order that paid 10.00 on Monday and got 3.00 back on Tuesday."""
    order = OrderFactory.create()
    post(
        payment_received(
            attempt_no="T1",
            order_no=order.order_no,
            provider="sandbox",
            amount_fen=1000,
            business_date=MONDAY,
        ),
        refund_due(refund_no="R1", order_no=order.order_no, amount_fen=300, business_date=TUESDAY),
        refund_paid(
            refund_no="R1",
            order_no=order.order_no,
            provider="sandbox",
            amount_fen=300,
            business_date=TUESDAY,
        ),
    )
    return order


def post(*drafts: TransferDraft) -> None:
    transfers_post(drafts=drafts, now=NOON)


def nets(day: date | None = None) -> dict[str, int]:
    return {balance.code: balance.net_fen for balance in trial_balance_on(day) if balance.net_fen}


@pytest.mark.parametrize("is_closed", [False, True])
def test_balances_are_those_of_the_day_closed_or_not(order: Order, is_closed: bool) -> None:
    if is_closed:
        days_close(now=NOON)

    assert nets(MONDAY) == {"clearing:sandbox": 1000, "customer_prepaid": -1000}
    assert nets(TUESDAY) == {"clearing:sandbox": 700, "customer_prepaid": -700}
    assert nets() == nets(TUESDAY)
    assert nets(date(2026, 3, 8)) == {}


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_statement_carries_the_balance_from_entry_to_entry(order: Order, is_closed: bool) -> None:
    if is_closed:
        days_close(now=NOON)
    account = Account.objects.get(code="clearing:sandbox")

    whole = account_statement(account_id=account.pk, since=MONDAY, until=TUESDAY)
    tuesday = account_statement(account_id=account.pk, since=TUESDAY, until=TUESDAY)

    assert [
        (row.other_code, row.debit_fen, row.credit_fen, row.balance_fen)
        for row in whole.entries(0, 10)
    ] == [("customer_prepaid", 1000, 0, 1000), ("refund_payable", 0, 300, 700)]
    assert (whole.opening_fen, whole.count()) == (0, 2)
    assert (tuesday.opening_fen, tuesday.entries(0, 10)) == (1000, whole.entries(1, 2))
    assert account_balance_on(account_id=account.pk).net_fen == 700


def test_the_money_of_an_order_nets_to_nothing_when_it_is_handed_over(order: Order) -> None:
    before = order_money(order.pk)

    post(
        handover_sale(
            order_no=order.order_no, handover_no="H1", amount_fen=700, business_date=TUESDAY
        )
    )

    assert before == OrderMoney(
        received_fen=1000,
        refunded_fen=300,
        refund_payable_fen=0,
        sold_fen=0,
        prepaid_fen=700,
        suspense_fen=0,
    )
    assert order_money(order.pk).prepaid_fen == 0
    assert order_money(order.pk).sold_fen == 700


def test_money_that_did_not_fit_is_in_suspense() -> None:
    order = OrderFactory.create()
    post(
        payment_suspended(
            attempt_no="T1",
            order_no=order.order_no,
            provider="sandbox",
            amount_fen=999,
            business_date=MONDAY,
        )
    )

    money = order_money(order.pk)

    assert (money.received_fen, money.prepaid_fen, money.suspense_fen) == (999, 0, 999)
