"""Refunds of shortages."""

from datetime import UTC, date, datetime

import pytest

from orders.errors import RefundExceedsPaid
from orders.models.ledger import Transfer
from orders.models.orders import OrderLine
from orders.models.payments import Payment, Refund, RefundReason
from orders.services.refunds import LineRefund, shortage_refunds_request
from tests.factories.orders import OrderLineFactory, PaymentFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 20, 40, tzinfo=UTC)
TODAY = date(2026, 3, 11)


def paid_line(*, qty: int, unit_price_fen: int) -> OrderLine:
    line = OrderLineFactory.create(qty=qty, unit_price_fen=unit_price_fen)
    PaymentFactory.create(order=line.order, amount_fen=qty * unit_price_fen)
    return line


def line_refund(line: OrderLine, *, qty: int, amount_fen: int) -> LineRefund:
    return LineRefund(
        order_no=line.order.order_no,
        order_line_id=line.pk,
        qty=qty,
        amount_fen=amount_fen,
    )


def test_one_order_gets_one_refund_for_all_its_short_lines() -> None:
    first = paid_line(qty=4, unit_price_fen=250)
    second = OrderLineFactory.create(order=first.order, line_no=2, qty=1, unit_price_fen=100)

    made = shortage_refunds_request(
        lines=[
            line_refund(first, qty=1, amount_fen=250),
            line_refund(second, qty=1, amount_fen=100),
        ],
        business_date=TODAY,
        now=NOW,
    )

    refund = Refund.objects.get()
    assert made == 1
    assert (refund.amount_fen, refund.reason) == (350, RefundReason.SHORTAGE)
    assert list(refund.lines.order_by("pk").values_list("qty", "amount_fen")) == [
        (1, 250),
        (1, 100),
    ]
    assert Payment.objects.get().refund_reserved_fen == 350
    transfer = Transfer.objects.get()
    assert (transfer.debit.code, transfer.credit.code) == ("customer_prepaid", "refund_payable")


def test_asking_again_refunds_nothing_more() -> None:
    line = paid_line(qty=2, unit_price_fen=250)
    wanted = [line_refund(line, qty=1, amount_fen=250)]
    shortage_refunds_request(lines=wanted, business_date=TODAY, now=NOW)

    made = shortage_refunds_request(lines=wanted, business_date=TODAY, now=NOW)

    assert made == 0
    assert Payment.objects.get().refund_reserved_fen == 250
    assert Transfer.objects.count() == 1


def test_a_payment_never_gives_back_more_than_it_took() -> None:
    line = paid_line(qty=1, unit_price_fen=250)

    with pytest.raises(RefundExceedsPaid):
        shortage_refunds_request(
            lines=[line_refund(line, qty=1, amount_fen=251)], business_date=TODAY, now=NOW
        )

    assert not Refund.objects.exists()
    assert Payment.objects.get().refund_reserved_fen == 0


def test_goods_that_were_free_are_short_without_a_refund() -> None:
    line = paid_line(qty=1, unit_price_fen=0)

    made = shortage_refunds_request(
        lines=[line_refund(line, qty=1, amount_fen=0)], business_date=TODAY, now=NOW
    )

    assert made == 0
    assert not Refund.objects.exists()
