"""Whoever handles money takes its locks in the one order there is."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from orders.domain.gateway import RefundReport, RefundStatus
from orders.models.payments import Payment, Refund, RefundReason
from orders.services.cancellation import order_cancel
from orders.services.payment_sweep import payments_sweep, unpaid_orders_drop
from orders.services.refund_reports import refund_report_apply
from orders.services.refund_submission import refund_renew, refunds_submit
from orders.services.refunds import refund_request
from orders.services.suspense import SuspenseDecision, suspense_resolve
from tests.factories.tills import HOST, Till
from tests.lock_recorder import Lock, lock_of, locks_recorded
from tests.simulation.gateway import Fault

CAMPAIGN, ORDER, PAYMENT, REFUND = Lock.CAMPAIGN, Lock.ORDER, Lock.PAYMENT, Lock.REFUND
QUOTA, STOCK, LEDGER = Lock.QUOTA, Lock.STOCK, Lock.LEDGER

Act = Callable[[], object]


def notice(till: Till) -> Act:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)
    return lambda: till.noticed(payment)


def late_notice(till: Till) -> Act:
    payment = till.begun()
    till.now = till.campaign.payments_close_at + timedelta(seconds=1)
    till.gateway.pay(payment.out_trade_no, late=True)
    return lambda: till.noticed(payment)


def beginning(till: Till) -> Act:
    order = till.ordered()
    return lambda: till.begun(order)


def closing(till: Till) -> Act:
    payment = till.begun()
    till.gateway.close(payment.out_trade_no)
    till.wait(minutes=6)
    return lambda: till.told(payment)


def sweep(till: Till) -> Act:
    till.begun()
    till.wait(seconds=15)
    return lambda: payments_sweep(now=till.now)


def dropping(till: Till) -> Act:
    till.ordered()
    till.wait(minutes=6)
    return lambda: unpaid_orders_drop(now=till.now)


def cancelling_paid(till: Till) -> Act:
    payment = till.paid()
    return lambda: order_cancel(order_id=payment.order_id, actor="resident:1", clock=till.clock)


def refund_of(till: Till) -> Refund:
    return refund_request(
        payment_id=till.paid().pk,
        reason=RefundReason.AFTER_SALES,
        amount_fen=100,
        refund_no="RF1",
        now=till.now,
    )


def requesting(till: Till) -> Act:
    payment = till.paid()
    return lambda: refund_request(
        payment_id=payment.pk,
        reason=RefundReason.AFTER_SALES,
        amount_fen=100,
        refund_no="RF1",
        now=till.now,
    )


def submitting(till: Till) -> Act:
    refund_of(till)
    return lambda: refunds_submit(now=till.now)


def closed_refund(till: Till) -> Act:
    refund_of(till)
    till.gateway.fail_next("refund", Fault.CALL_LOST)
    refunds_submit(now=till.now)
    word = RefundReport(out_refund_no="RF1", status=RefundStatus.CLOSED)
    return lambda: refund_report_apply(provider=HOST, report=word, now=till.now)


def renewing(till: Till) -> Act:
    refund = refund_of(till)
    closed_refund_act = RefundReport(out_refund_no="RF1", status=RefundStatus.CLOSED)
    till.gateway.fail_next("refund", Fault.CALL_LOST)
    refunds_submit(now=till.now)
    refund_report_apply(provider=HOST, report=closed_refund_act, now=till.now)
    return lambda: refund_renew(refund_id=refund.pk, now=till.now)


def accepting(till: Till) -> Act:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no, fen=3000)
    till.told(payment)
    payment = Payment.objects.get()
    return lambda: suspense_resolve(
        payment_id=payment.pk, decision=SuspenseDecision.ACCEPT, actor="user:1", now=till.now
    )


@pytest.mark.parametrize(
    ("scene", "trails"),
    [
        pytest.param(beginning, [[ORDER]], id="beginning"),
        pytest.param(notice, [[CAMPAIGN, ORDER, PAYMENT, LEDGER]], id="notice"),
        pytest.param(
            late_notice, [[CAMPAIGN, ORDER, PAYMENT, QUOTA, STOCK, LEDGER]], id="late_notice"
        ),
        pytest.param(closing, [[CAMPAIGN, ORDER, PAYMENT, QUOTA, STOCK]], id="closing"),
        pytest.param(sweep, [[PAYMENT], [PAYMENT]], id="sweep"),
        pytest.param(dropping, [[CAMPAIGN, ORDER, QUOTA, STOCK]], id="dropping"),
        pytest.param(
            cancelling_paid,
            [[CAMPAIGN, ORDER, PAYMENT, QUOTA, STOCK, LEDGER]],
            id="cancelling_paid",
        ),
        pytest.param(requesting, [[PAYMENT, LEDGER]], id="refund_requested"),
        pytest.param(submitting, [[PAYMENT, REFUND], [REFUND, LEDGER]], id="refund_submitted"),
        pytest.param(closed_refund, [[PAYMENT, REFUND, LEDGER]], id="refund_closed"),
        pytest.param(renewing, [[PAYMENT, LEDGER]], id="refund_renewed"),
        pytest.param(accepting, [[CAMPAIGN, ORDER, PAYMENT, LEDGER]], id="suspense_accepted"),
    ],
)
def test_locks_are_taken_in_their_order(
    till: Till, scene: Callable[[Till], Act], trails: list[list[Lock]]
) -> None:
    act = scene(till)

    with locks_recorded() as recorded:
        act()

    assert recorded == trails
    assert all(trail == sorted(trail) for trail in recorded)


@pytest.mark.parametrize(
    ("sql", "lock"),
    [
        ('SELECT 1 FROM "orders_order" WHERE id = 1 FOR NO KEY UPDATE', ORDER),
        ('SELECT 1 FROM "orders_payment" INNER JOIN "x" ON 1 FOR UPDATE OF "y"', PAYMENT),
        ('UPDATE "orders_refund" SET state = 1', REFUND),
        ("\n UPDATE orders_payment AS p SET", PAYMENT),
        ('SELECT 1 FROM "orders_order"', None),
        ('INSERT INTO "orders_order" (id)', None),
    ],
)
def test_the_recorder_knows_a_lock_when_it_sees_one(sql: str, lock: Lock | None) -> None:
    assert lock_of(sql) == lock
