"""Payments and refunds through the WeChat adapter and real HTTP, eight calls at a time."""

from datetime import timedelta

import pytest
from django.test import Client

from orders.errors import GatewayUnavailable
from orders.models.orders import Order, OrderState
from orders.models.payments import (
    Payment,
    PaymentNotice,
    PaymentState,
    Refund,
    RefundReason,
    RefundState,
    Verdict,
)
from orders.services.payment_sweep import payments_resolve, payments_sweep
from orders.services.payments import payment_begin
from orders.services.refund_submission import refunds_submit
from orders.services.refunds import refund_request
from tests.factories.shops import Shop
from tests.fake_wechat import FakeWechat

pytestmark = [pytest.mark.usefixtures("books_hold"), pytest.mark.slow]

URL = "/pay/notices/wechatpay/"


class Counter(Shop):
    """A shop that is paid through WeChat; both sides have the same clock."""

    def __init__(self, fake: FakeWechat) -> None:
        super().__init__()
        self.fake = fake
        self.goods = self.offer(price_fen=990, stock_cap=100)
        fake.hold_notices()
        self.wait(0)

    def wait(self, seconds: float) -> None:
        """Let time pass on both sides."""
        self.now += timedelta(seconds=seconds)
        self.fake.set_clock(self.now)

    def begun(self) -> Payment:
        """A live attempt for a new order."""
        return payment_begin(order_id=self.placed((self.goods, 1)), clock=self.clock)

    def paid(self) -> Payment:
        """An attempt that was paid and found by asking."""
        payment = self.begun()
        self.fake.pay(payment.out_trade_no)
        self.wait(15)
        payments_sweep(now=self.now)
        return Payment.objects.get(pk=payment.pk)


@pytest.fixture
def counter(db: None, fake_wechat: FakeWechat) -> Counter:
    return Counter(fake_wechat)


def test_attempts_nobody_notified_us_of_are_found_and_the_others_closed(counter: Counter) -> None:
    payments = [counter.begun() for _number in range(12)]
    for payment in payments[::2]:
        counter.fake.pay(payment.out_trade_no)
    counter.wait(15)

    first = payments_sweep(now=counter.now)
    counter.wait(300)
    last = payments_sweep(now=counter.now)

    assert (first["payments_answered"], first["payments_paid"]) == (12, 6)
    assert (last["payments_answered"], last["payments_closed"]) == (6, 6)
    states = Order.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [OrderState.PAID, OrderState.CANCELLED] * 6


def test_a_close_that_answers_ok_while_the_money_comes_is_found_out(counter: Counter) -> None:
    counter.now = counter.campaign.orders_close_at - timedelta(seconds=1)
    counter.wait(0)
    payment = counter.begun()
    counter.now = counter.campaign.payments_close_at
    counter.wait(0)
    counter.fake.fault("close", "pay_first")
    counter.fake.fault("close", "ignore")

    payments_resolve(campaign_id=counter.campaign.pk, now=counter.now + timedelta(seconds=1))

    payment.refresh_from_db()
    assert (payment.state, payment.verdict) == (PaymentState.SUCCEEDED, Verdict.PAID)


def test_an_attempt_whose_answer_was_lost_goes_on_under_its_number(counter: Counter) -> None:
    order_id = counter.placed((counter.goods, 1))
    counter.fake.fault("create", "drop_answer")
    with pytest.raises(GatewayUnavailable):
        payment_begin(order_id=order_id, clock=counter.clock)

    payment = payment_begin(order_id=order_id, clock=counter.clock)

    assert Payment.objects.count() == 1
    assert payment.handle["url"].startswith(counter.fake.url)


def test_a_refund_whose_answer_was_lost_happens_once(counter: Counter) -> None:
    payment = counter.paid()
    refund = refund_request(
        payment_id=payment.pk,
        reason=RefundReason.AFTER_SALES,
        amount_fen=100,
        refund_no=f"{payment.out_trade_no}X1",
        now=counter.now,
    )
    counter.fake.fault("refund", "drop_answer")
    refunds_submit(now=counter.now)
    for _minute in range(4):
        counter.wait(60)
        refunds_submit(now=counter.now)

    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    assert [row["amount_fen"] for row in counter.fake.refunds(payment.out_trade_no)] == [100]


def test_genuine_notices_count_once_and_forged_ones_never(counter: Counter, client: Client) -> None:
    payment = counter.begun()
    counter.fake.pay(payment.out_trade_no)
    sealed = counter.fake.sealed(payment.out_trade_no)
    calls = counter.fake.calls()

    def post(body: bytes) -> int:
        return client.post(
            URL, data=body, content_type="application/json", headers=sealed.headers
        ).status_code

    forged = [post(sealed.body + b" "), post(b"{}"), post(b"")]
    before = Payment.objects.get().state
    genuine = [post(sealed.body) for _time in range(3)]

    assert forged == [401, 401, 401]
    assert before == PaymentState.SUBMITTED
    assert genuine == [200, 200, 200]
    assert Payment.objects.get().verdict == Verdict.PAID
    assert PaymentNotice.objects.count() == 1
    assert not Refund.objects.exists()
    assert counter.fake.calls() == calls
