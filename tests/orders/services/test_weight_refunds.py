"""Refunds for short weight: one per order and asking, numbered W1, W2 and so on."""

from datetime import UTC, date, datetime

import pytest

from orders.errors import RefundExceedsPaid
from orders.models.ledger import Transfer
from orders.models.orders import OrderLine
from orders.models.outbox import OutboxMessage
from orders.models.payments import Payment, Refund, RefundReason, RefundState
from orders.services.refunds import LineRefund
from orders.services.weight_refunds import short_weight_refunds_request
from tests.factories.orders import OrderLineFactory, PaymentFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 20, 40, tzinfo=UTC)
TODAY = date(2026, 3, 11)


@pytest.fixture
def melons() -> OrderLine:
    """Two melons for 19.80 yuan, paid."""
    line: OrderLine = OrderLineFactory.create(
        order__order_no="OT1", qty=2, unit_price_fen=990, sku_name="西瓜"
    )
    PaymentFactory.create(order=line.order, amount_fen=1980)
    return line


def ask(*amounts: tuple[OrderLine, int]) -> list[Refund]:
    return short_weight_refunds_request(
        lines=[
            LineRefund(
                order_no=line.order.order_no,
                order_line_id=line.pk,
                qty=line.qty,
                amount_fen=amount_fen,
            )
            for line, amount_fen in amounts
        ],
        business_date=TODAY,
        now=NOW,
    )


def test_all_light_lines_of_an_order_go_into_one_refund(melons: OrderLine) -> None:
    chicken = OrderLineFactory.create(order=melons.order, line_no=2, qty=1, unit_price_fen=3200)
    Payment.objects.update(amount_fen=5180)

    ask((melons, 51), (chicken, 103))

    refund = Refund.objects.get()
    assert (refund.out_refund_no, refund.reason) == ("OT1-W1", RefundReason.SHORT_WEIGHT)
    assert refund.amount_fen == 154
    assert list(refund.lines.order_by("pk").values_list("qty", "amount_fen")) == [(2, 51), (1, 103)]
    transfer = Transfer.objects.get()
    assert (transfer.debit.code, transfer.credit.code) == ("customer_prepaid", "refund_payable")


def test_what_is_found_later_gets_the_next_number(melons: OrderLine) -> None:
    ask((melons, 51))
    Refund.objects.update(state=RefundState.CLOSED)

    (later,) = ask((melons, 60))

    assert later.out_refund_no == "OT1-W2"


def test_a_line_that_owes_nothing_asks_for_nothing(melons: OrderLine) -> None:
    assert ask((melons, 0)) == []
    assert not Refund.objects.exists()


def test_never_more_than_was_paid_goes_back(melons: OrderLine) -> None:
    with pytest.raises(RefundExceedsPaid):
        ask((melons, 1981))


def test_who_is_paid_back_hears_which_goods_were_light(melons: OrderLine) -> None:
    ask((melons, 51))

    message = OutboxMessage.objects.get()
    assert (message.topic, message.dedupe_key) == ("weight_refunded", "OT1-W1")
    assert message.phone == melons.order.resident_phone
    assert message.facts == {"order_no": "OT1", "goods": [["西瓜", 2]], "amount_fen": 51}


def test_an_imported_payment_is_paid_back_and_told_by_its_operator(melons: OrderLine) -> None:
    Payment.objects.update(provider="import")

    ask((melons, 51))

    assert Refund.objects.get().next_attempt_at is None
    assert not OutboxMessage.objects.exists()
