"""P13: a whole day against the bill of the fake WeChat gateway, read over HTTP."""

from datetime import date, datetime, timedelta

import pytest

from orders.domain.gateway import RefundStatus
from orders.integrations.wechat_bill import CHINA
from orders.integrations.wechat_pay import WeChatPayGateway
from orders.models.ledger import Transfer
from orders.models.payments import Payment, PaymentState, Refund, RefundState
from orders.models.reconciliation import BillCheck, BillDifference
from orders.services.reconciliation import bill_reconcile, bills_reconcile_due
from tests.factories.orders import OrderFactory, PaymentFactory, RefundFactory
from tests.fake_wechat import FakeWechat
from tests.orders.integrations.wechat import gateway_at, refund_order, trade_order

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 10)
MIDNIGHT = datetime(2026, 3, 10, tzinfo=CHINA)
LAST_SECOND = MIDNIGHT + timedelta(hours=24, seconds=-1)
NEXT_MORNING = MIDNIGHT + timedelta(hours=34)
PAYMENTS = 12
REFUNDS = 6


class Day:
    """A day of payments and refunds, the same on both sides until errors are planted."""

    def __init__(self, fake: FakeWechat) -> None:
        self.fake = fake
        self.gateway: WeChatPayGateway = gateway_at(fake)
        fake.hold_notices()
        self._pay_all()
        self._refund_all()

    def check(self) -> BillCheck:
        """Our check of the day on the next morning."""
        self.fake.set_clock(NEXT_MORNING)
        return bill_reconcile(provider="wechatpay", day=DAY, now=NEXT_MORNING)

    def _pay_all(self) -> None:
        """From the first second of the day to the last."""
        for nth in range(PAYMENTS):
            at = MIDNIGHT + nth * (LAST_SECOND - MIDNIGHT) / (PAYMENTS - 1)
            self._pay(f"TP{nth:04d}", 1_000 + nth, at)

    def _pay(self, number: str, amount_fen: int, at: datetime) -> None:
        self.fake.set_clock(at)
        expires_at = at + timedelta(minutes=5)
        self.gateway.create(trade_order(number, amount_fen=amount_fen, expires_at=expires_at))
        self.fake.pay(number, at=at)
        report = self.gateway.query(number)
        PaymentFactory.create(
            order=OrderFactory.create(total_fen=amount_fen),
            provider="wechatpay",
            out_trade_no=number,
            transaction_id=report.transaction_id,
            amount_fen=report.amount_fen,
            received_fen=report.amount_fen,
            created_at=at,
            succeeded_at=report.succeeded_at,
        )

    def _refund_all(self) -> None:
        """The last one is accepted in the last second and paid after midnight."""
        for nth in range(REFUNDS):
            is_last = nth == REFUNDS - 1
            self.fake.set_clock(LAST_SECOND if is_last else MIDNIGHT + timedelta(hours=23))
            self.fake.set_refunds(delay_s=60 if is_last else 0)
            payment = Payment.objects.get(out_trade_no=f"TP{nth:04d}")
            number = f"TR{nth:04d}"
            order = refund_order(
                number, 100 + nth, trade=payment.out_trade_no, paid_fen=payment.amount_fen
            )
            self.gateway.refund(order)
            if is_last:
                self.fake.set_clock(LAST_SECOND + timedelta(minutes=2))
            report = self.gateway.query_refund(number)
            assert report.status is RefundStatus.SUCCESS
            RefundFactory.create(
                payment=payment,
                out_refund_no=number,
                amount_fen=100 + nth,
                state=RefundState.SUCCEEDED,
                succeeded_at=report.succeeded_at,
            )


@pytest.fixture
def day(fake_wechat: FakeWechat) -> Day:
    """A day without errors."""
    return Day(fake_wechat)


def found() -> set[tuple[str, str]]:
    return set(BillDifference.objects.values_list("kind", "number"))


def test_a_day_without_errors_raises_no_alarm_on_it_or_the_next(day: Day) -> None:
    check = day.check()
    day.fake.set_clock(NEXT_MORNING + timedelta(days=1))
    bills_reconcile_due(now=NEXT_MORNING + timedelta(days=1))

    assert (check.payments, check.refunds) == (PAYMENTS, REFUNDS)
    assert found() == set()
    late = Refund.objects.get(out_refund_no=f"TR{REFUNDS - 1:04d}")
    assert late.succeeded_at is not None
    assert late.succeeded_at.astimezone(CHINA).date() == DAY + timedelta(days=1)
    assert late.billed_on == DAY


def test_the_fee_of_the_day_is_posted_as_billed(day: Day) -> None:
    check = day.check()

    transfer = Transfer.objects.get(idem_key=f"fee:wechatpay:{DAY}")
    assert transfer.amount_fen == check.fee_fen > 0


def test_every_planted_error_is_found_and_nothing_else(day: Day) -> None:
    Payment.objects.filter(out_trade_no="TP0009").update(
        state=PaymentState.CLOSED, verdict="", succeeded_at=None
    )
    Payment.objects.filter(out_trade_no="TP0010").delete()
    Refund.objects.filter(out_refund_no="TR0003").delete()
    Refund.objects.filter(out_refund_no="TR0004").update(
        state=RefundState.SUBMITTED, succeeded_at=None
    )
    day.fake.spoil_bill(
        DAY,
        {"kind": "missing", "number": "TP0000"},
        {"kind": "amount", "number": "TP0001", "fen": 999},
        {"kind": "state", "number": "TP0002", "state": "REVOKED"},
        {"kind": "duplicate", "number": "TP0003"},
        {"kind": "extra_payment", "number": "EXTRA001", "fen": 777},
        {"kind": "missing", "number": "TR0000"},
        {"kind": "amount", "number": "TR0001", "fen": 99},
        {"kind": "state", "number": "TR0002", "state": "PROCESSING"},
        {"kind": "extra_refund", "number": "EXTRA002", "fen": 5},
        {"kind": "total_rows", "value": 1},
        {"kind": "total_payments", "value": 1},
        {"kind": "total_refunds", "value": 1},
        {"kind": "total_fee", "value": 1},
    )

    day.check()

    assert found() == {
        ("payment_missing_in_bill", "TP0000"),
        ("payment_amount", "TP0001"),
        ("payment_state", "TP0002"),
        ("duplicate_row", "TP0003"),
        ("payment_unknown_to_us", "EXTRA001"),
        ("payment_state", "TP0009"),
        ("payment_unknown_to_us", "TP0010"),
        ("refund_missing_in_bill", "TR0000"),
        ("refund_amount", "TR0001"),
        ("refund_state", "TR0002"),
        ("refund_unknown_to_us", "EXTRA002"),
        ("refund_unknown_to_us", "TR0003"),
        ("refund_state", "TR0004"),
        ("totals", "rows"),
        ("totals", "payments"),
        ("totals", "refunds"),
        ("totals", "fees"),
    }
