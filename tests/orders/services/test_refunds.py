"""Refunds: decided, reserved and booked in one step."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.domain.gateway import GatewayLimits
from orders.errors import RefundExceedsPaid, RequestKeyReused
from orders.integrations.sandbox import SandboxGateway
from orders.models.ledger import Transfer
from orders.models.orders import OrderLine, OrderState
from orders.models.outbox import OutboxMessage
from orders.models.payments import (
    Payment,
    PaymentState,
    Refund,
    RefundReason,
    RefundState,
    Verdict,
)
from orders.services.refunds import (
    LineRefund,
    RefundDraft,
    refund_request,
    refunds_request,
    shortage_refunds_request,
)
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


def test_a_later_shortage_asks_for_the_difference_under_the_next_number() -> None:
    line = paid_line(qty=3, unit_price_fen=250)

    for qty in (1, 1, 3):
        shortage_refunds_request(
            lines=[line_refund(line, qty=qty, amount_fen=qty * 250)], business_date=TODAY, now=NOW
        )

    made = Refund.objects.order_by("pk").values_list("out_refund_no", "amount_fen", "lines__qty")
    order_no = line.order.order_no
    assert list(made) == [(f"{order_no}-S1", 250, 1), (f"{order_no}-S2", 500, 2)]
    assert Payment.objects.get().refund_reserved_fen == 750


def test_a_refund_the_provider_closed_is_not_asked_for_again() -> None:
    line = paid_line(qty=2, unit_price_fen=250)
    wanted = [line_refund(line, qty=1, amount_fen=250)]
    shortage_refunds_request(lines=wanted, business_date=TODAY, now=NOW)
    Refund.objects.update(state=RefundState.CLOSED, next_attempt_at=None)

    assert shortage_refunds_request(lines=wanted, business_date=TODAY, now=NOW) == 0


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


def asked(payment: Payment, amount_fen: int, number: str = "RF1") -> Refund:
    return refund_request(
        payment_id=payment.pk,
        reason=RefundReason.AFTER_SALES,
        amount_fen=amount_fen,
        refund_no=number,
        now=NOW,
    )


def test_refunds_of_one_payment_together_stay_within_it() -> None:
    payment = PaymentFactory.create(amount_fen=1000)
    asked(payment, 600)

    with pytest.raises(RefundExceedsPaid):
        asked(payment, 401, "RF2")
    asked(payment, 400, "RF2")

    payment.refresh_from_db()
    assert payment.refund_reserved_fen == 1000


@pytest.mark.parametrize(("received_fen", "limit_fen"), [(None, 1000), (900, 900), (1100, 1100)])
def test_what_came_in_is_the_limit(received_fen: int | None, limit_fen: int) -> None:
    payment = PaymentFactory.create(amount_fen=1000, received_fen=received_fen)

    with pytest.raises(RefundExceedsPaid):
        asked(payment, limit_fen + 1)

    assert asked(payment, limit_fen).amount_fen == limit_fen


def test_two_refunds_of_one_payment_in_one_request_are_added_up() -> None:
    payment = PaymentFactory.create(amount_fen=1000)
    drafts = [
        RefundDraft(
            payment_id=payment.pk,
            refund_no=number,
            reason=RefundReason.AFTER_SALES,
            amount_fen=501,
        )
        for number in ("RF1", "RF2")
    ]

    with pytest.raises(RefundExceedsPaid):
        refunds_request(drafts=drafts, business_date=TODAY, now=NOW)

    assert not Refund.objects.exists()


def test_the_same_number_is_the_same_refund() -> None:
    payment = PaymentFactory.create(amount_fen=1000)

    first, second = asked(payment, 600), asked(payment, 600)

    assert first.pk == second.pk
    assert Payment.objects.get().refund_reserved_fen == 600
    with pytest.raises(RequestKeyReused):
        asked(payment, 599)


def test_money_that_never_came_in_is_not_refunded() -> None:
    payment = PaymentFactory.create(
        state=PaymentState.SUBMITTED, verdict="", succeeded_at=None, amount_fen=1000
    )

    with pytest.raises(RefundExceedsPaid):
        asked(payment, 1)


@pytest.mark.parametrize(
    ("verdict", "state", "debit"),
    [
        (Verdict.PAID, OrderState.FROZEN, "customer_prepaid"),
        (Verdict.PAID, OrderState.COMPLETED, "shortage_loss"),
        (Verdict.REFUND_DUPLICATE, OrderState.COMPLETED, "customer_prepaid"),
        (Verdict.HOLD_IN_SUSPENSE, OrderState.PENDING_PAYMENT, "suspense"),
    ],
)
def test_a_refund_is_owed_out_of_where_its_money_lies(
    verdict: Verdict, state: OrderState, debit: str
) -> None:
    payment = PaymentFactory.create(verdict=verdict, order__state=state)

    asked(payment, 100)

    transfer = Transfer.objects.get()
    assert (transfer.debit.code, transfer.credit.code) == (debit, "refund_payable")


def test_a_refund_is_due_at_once_and_its_sibling_a_minute_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(SandboxGateway, "limits", GatewayLimits())
    payment = PaymentFactory.create(amount_fen=1000)

    first, second = asked(payment, 100), asked(payment, 100, "RF2")

    assert first.next_attempt_at == NOW
    assert second.next_attempt_at == NOW + timedelta(minutes=1)


def test_an_imported_payment_is_booked_and_its_operator_pays_it_back() -> None:
    line = paid_line(qty=2, unit_price_fen=250)
    Payment.objects.update(provider="import")

    shortage_refunds_request(
        lines=[line_refund(line, qty=1, amount_fen=250)], business_date=TODAY, now=NOW
    )

    assert Refund.objects.get().next_attempt_at is None
    assert not OutboxMessage.objects.exists()


def test_who_gets_money_back_hears_for_which_goods() -> None:
    line = paid_line(qty=2, unit_price_fen=250)

    shortage_refunds_request(
        lines=[line_refund(line, qty=1, amount_fen=250)], business_date=TODAY, now=NOW
    )

    message = OutboxMessage.objects.get()
    assert (message.topic, message.phone) == ("shortage_refunded", line.order.resident_phone)
    assert message.facts == {
        "order_no": line.order.order_no,
        "goods": [[line.sku_name, 1]],
        "amount_fen": 250,
    }


def test_any_number_of_refunds_takes_the_same_number_of_statements() -> None:
    wanted = [
        line_refund(paid_line(qty=2, unit_price_fen=250), qty=1, amount_fen=250)
        for _number in range(20)
    ]
    with CaptureQueriesContext(connection) as first:
        shortage_refunds_request(lines=wanted[:2], business_date=TODAY, now=NOW)

    with CaptureQueriesContext(connection) as second:
        shortage_refunds_request(lines=wanted[2:], business_date=TODAY, now=NOW)

    assert len(second) <= len(first) <= 23
