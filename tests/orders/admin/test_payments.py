"""Payments in the admin: shown to buyers, decided about by the operator."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from orders.domain.gateway import RefundReport, RefundStatus
from orders.models.payments import Payment, Refund, RefundReason, RefundState, Verdict
from orders.services.refund_reports import refund_report_apply
from orders.services.refund_submission import refunds_submit
from orders.services.refunds import refund_request
from tests.factories.tills import HOST, Till
from tests.simulation.gateway import Fault

pytestmark = pytest.mark.usefixtures("books_hold")

PAYMENTS = "/admin/orders/payment/"
REFUNDS = "/admin/orders/refund/"


def suspended(till: Till) -> Payment:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no, fen=3000)
    till.told(payment)
    return payment


def act(client: Client, url: str, action: str, key: int) -> str:
    answer = client.post(url, {"action": action, "_selected_action": [key]}, follow=True)
    return answer.content.decode()


def test_a_buyer_sees_payments_and_cannot_decide(till: Till, buyer: Client) -> None:
    payment = suspended(till)

    listed = buyer.get(PAYMENTS, {"verdict": Verdict.HOLD_IN_SUSPENSE}).content.decode()
    page = buyer.get(f"{PAYMENTS}{payment.pk}/change/")
    act(buyer, PAYMENTS, "suspense_refund", payment.pk)

    assert payment.out_trade_no in listed
    assert "30.00" in listed
    assert "suspense_refund" not in listed
    assert page.status_code == 200
    assert not Refund.objects.exists()


def test_no_page_of_money_shows_who_paid(till: Till, buyer: Client) -> None:
    payment = till.paid()
    till.begun()

    pages = [
        buyer.get(PAYMENTS).content.decode(),
        buyer.get(f"{PAYMENTS}{payment.pk}/change/").content.decode(),
    ]

    assert not any(payment.order.resident_phone in page for page in pages)
    assert not any(payment.order.resident_name in page for page in pages)


def test_the_operator_sends_suspended_money_back(till: Till, admin_client: Client) -> None:
    payment = suspended(till)

    page = act(admin_client, PAYMENTS, "suspense_refund", payment.pk)
    again = act(admin_client, PAYMENTS, "suspense_refund", payment.pk)

    assert 'class="success"' in page
    assert 'class="error"' in again
    assert Refund.objects.get().amount_fen == 3000
    assert LogEntry.objects.get().change_message == "refund"


def test_the_operator_accepts_suspended_money(till: Till, admin_client: Client) -> None:
    payment = suspended(till)

    act(admin_client, PAYMENTS, "suspense_accept", payment.pk)

    payment.refresh_from_db()
    assert payment.verdict == Verdict.PAID


def test_the_operator_asks_for_a_closed_refund_anew(till: Till, admin_client: Client) -> None:
    refund = refund_request(
        payment_id=till.paid().pk,
        reason=RefundReason.AFTER_SALES,
        amount_fen=100,
        refund_no="RF1",
        now=till.now,
    )
    early = act(admin_client, REFUNDS, "try_again", refund.pk)
    till.gateway.fail_next("refund", Fault.CALL_LOST)
    refunds_submit(now=till.now)
    closed = RefundReport(out_refund_no="RF1", status=RefundStatus.CLOSED)
    refund_report_apply(provider=HOST, report=closed, now=till.now)

    act(admin_client, REFUNDS, "try_again", refund.pk)

    states = dict(Refund.objects.values_list("out_refund_no", "state"))
    assert 'class="error"' in early
    assert states == {"RF1": RefundState.CLOSED, "RF1@2": RefundState.REQUESTED}


def test_the_inbox_is_shown(till: Till, buyer: Client) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)
    till.noticed(payment)

    page = buyer.get("/admin/orders/paymentnotice/").content.decode()

    assert f"N-{payment.out_trade_no}-first" in page
