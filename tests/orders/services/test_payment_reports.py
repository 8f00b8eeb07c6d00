"""What a provider says of a payment becomes true, once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from orders.domain.cutoff import PaymentVerdict
from orders.domain.gateway import TradeReport, TradeState
from orders.errors import NoticeRefused
from orders.models.campaigns import Campaign, CampaignState
from orders.models.ledger import Transfer
from orders.models.orders import Order, OrderEvent, OrderState
from orders.models.outbox import OutboxMessage, Topic
from orders.models.payments import (
    Payment,
    PaymentNotice,
    PaymentState,
    Refund,
    RefundReason,
)
from orders.models.stock import OfferStock
from orders.services.payment_reports import notice_receive, trade_report_apply
from orders.services.payment_sweep import unpaid_orders_drop
from tests.factories.deaths import Died, die_at
from tests.factories.tills import HOST, Till

pytestmark = pytest.mark.usefixtures("books_hold")

PAID = PaymentVerdict.PAID
LATE = PaymentVerdict.REFUND_LATE
AFTER_FREEZE = PaymentVerdict.REFUND_AFTER_FREEZE
DUPLICATE = PaymentVerdict.REFUND_DUPLICATE
SUSPENSE = PaymentVerdict.HOLD_IN_SUSPENSE


def postings() -> list[tuple[str, str, int]]:
    rows = Transfer.objects.order_by("pk").values_list("debit__code", "credit__code", "amount_fen")
    return list(rows)


def told(topic: Topic) -> int:
    return OutboxMessage.objects.filter(topic=topic).count()


def test_money_in_time_pays_the_order(till: Till) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)
    paid_at = till.now
    till.wait(seconds=40)

    verdict = till.told(payment)

    payment.refresh_from_db()
    order = payment.order
    assert verdict is PAID
    assert (payment.state, payment.verdict) == (PaymentState.SUCCEEDED, PAID)
    assert (payment.received_fen, payment.succeeded_at) == (2990, paid_at)
    assert (payment.transaction_id, payment.next_query_at) == (f"TX{payment.out_trade_no}", None)
    assert (order.state, order.paid_at) == (OrderState.PAID, paid_at)
    assert postings() == [("clearing:sandbox", "customer_prepaid", 2990)]
    message = OutboxMessage.objects.get(topic=Topic.ORDER_PAID)
    assert (message.dedupe_key, message.phone) == (order.order_no, order.resident_phone)
    assert message.facts == {
        "order_no": order.order_no,
        "amount_fen": 2990,
        "delivery_date": "2026-03-11",
        "place": till.point.name,
    }


# Table 5.5: what counts is when the provider took the money, and whether demand was
# frozen when we heard of it; never when that was.
@pytest.mark.parametrize("heard_after", [timedelta(0), timedelta(minutes=1), timedelta(hours=24)])
@pytest.mark.parametrize(
    ("paid_after_close_s", "is_frozen", "verdict", "state"),
    [
        pytest.param(-1, False, PAID, OrderState.PAID, id="a_second_before"),
        pytest.param(0, False, PAID, OrderState.PAID, id="in_the_last_second"),
        pytest.param(1, False, LATE, OrderState.LATE_PAID, id="a_second_late"),
        pytest.param(600, False, LATE, OrderState.LATE_PAID, id="ten_minutes_late"),
        pytest.param(-1, True, AFTER_FREEZE, OrderState.LATE_PAID, id="before_heard_after_freeze"),
        pytest.param(0, True, AFTER_FREEZE, OrderState.LATE_PAID, id="last_heard_after_freeze"),
        pytest.param(1, True, LATE, OrderState.LATE_PAID, id="late_heard_after_freeze"),
        pytest.param(600, True, LATE, OrderState.LATE_PAID, id="very_late_heard_after_freeze"),
    ],
)
def test_money_is_in_the_snapshot_or_goes_back(
    till: Till,
    paid_after_close_s: int,
    is_frozen: bool,
    verdict: PaymentVerdict,
    state: OrderState,
    heard_after: timedelta,
) -> None:
    till.now = till.campaign.orders_close_at - timedelta(seconds=1)
    payment = till.begun()
    till.now = till.campaign.payments_close_at + timedelta(seconds=paid_after_close_s)
    till.gateway.pay(payment.out_trade_no, late=True)
    if is_frozen:
        till.freeze()
    till.now += heard_after

    assert till.told(payment) is verdict

    payment.refresh_from_db()
    assert (payment.verdict, payment.order.state) == (verdict, state)
    is_back = verdict is not PAID
    assert payment.refund_reserved_fen == (2990 if is_back else 0)
    assert [r.reason for r in Refund.objects.all()] == [RefundReason.LATE_PAYMENT] * is_back
    assert postings() == [
        ("clearing:sandbox", "customer_prepaid", 2990),
        *[("customer_prepaid", "refund_payable", 2990)] * is_back,
    ]
    assert told(Topic.PAYMENT_RETURNED) == is_back
    assert told(Topic.ORDER_PAID) == (not is_back)
    assert OfferStock.objects.get().reserved_qty == (0 if is_back else 1)


def test_money_for_a_cancelled_order_goes_back(till: Till) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)
    word = till.word(payment)
    till.told(payment, TradeReport(out_trade_no=payment.out_trade_no, state=TradeState.CLOSED))
    order = payment.order
    till.now = till.campaign.payments_close_at
    assert unpaid_orders_drop(now=till.now) == 1

    verdict = till.told(payment, word)

    order.refresh_from_db()
    refund = Refund.objects.get()
    assert verdict is DUPLICATE
    assert order.state == OrderState.CANCELLED
    assert (refund.reason, refund.amount_fen) == (RefundReason.DUPLICATE_PAYMENT, 2990)


def test_the_second_of_two_successes_goes_back(till: Till) -> None:
    first = till.begun()
    till.gateway.pay(first.out_trade_no)
    first_word = till.word(first)
    till.told(first, TradeReport(out_trade_no=first.out_trade_no, state=TradeState.CLOSED))
    second = till.paid(first.order)

    verdict = till.told(first, first_word)

    first.refresh_from_db()
    assert verdict is DUPLICATE
    assert (second.verdict, first.verdict) == (PAID, DUPLICATE)
    assert first.order.state == OrderState.PAID
    assert Refund.objects.get().payment == first
    assert told(Topic.ORDER_PAID) == told(Topic.PAYMENT_RETURNED) == 1


@pytest.mark.parametrize(
    ("difference", "received_fen"),
    [
        pytest.param({"amount_fen": 1}, 1, id="too_little"),
        pytest.param({"amount_fen": 5980}, 5980, id="too_much"),
        pytest.param({"currency": "USD"}, 2990, id="another_currency"),
        pytest.param({"is_payee_ours": False}, 2990, id="for_somebody_else"),
    ],
)
def test_money_that_does_not_fit_waits_for_a_person(
    till: Till, difference: dict[str, Any], received_fen: int, caplog: pytest.LogCaptureFixture
) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)
    word = replace(till.word(payment), **difference)

    verdict = till.told(payment, word)

    payment.refresh_from_db()
    assert verdict is SUSPENSE
    assert (payment.state, payment.verdict) == (PaymentState.SUCCEEDED, SUSPENSE)
    assert (payment.received_fen, payment.refund_reserved_fen) == (received_fen, 0)
    assert payment.order.state == OrderState.PENDING_PAYMENT
    assert postings() == [("clearing:sandbox", "suspense", received_fen)]
    assert not OutboxMessage.objects.exists()
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_wrong_money_outweighs_everything_else(till: Till) -> None:
    payment = till.begun()
    till.now = till.campaign.payments_close_at + timedelta(minutes=10)
    till.gateway.pay(payment.out_trade_no, fen=1, late=True)
    till.freeze()

    assert till.told(payment) is SUSPENSE
    assert not Refund.objects.exists()


def test_money_for_a_campaign_that_was_called_off_goes_back(till: Till) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)
    Campaign.objects.update(state=CampaignState.CANCELLED)

    assert till.told(payment) is DUPLICATE


def test_a_notice_counts_and_its_repeats_do_not(till: Till) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)

    results = [till.noticed(payment) for _time in range(3)]

    assert results == ["paid", "repeated", "repeated"]
    notice = PaymentNotice.objects.get()
    assert (notice.notice_id, notice.result) == (f"N-{payment.out_trade_no}-first", "paid")
    assert (Transfer.objects.count(), told(Topic.ORDER_PAID)) == (1, 1)


def test_another_notice_of_the_same_payment_is_kept_and_changes_nothing(till: Till) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)

    results = [till.noticed(payment, repeat=False) for _time in range(2)]

    assert results == ["paid", "nothing_new"]
    assert PaymentNotice.objects.count() == 2
    assert Transfer.objects.count() == 1


def test_a_notice_after_the_query_that_told_it_changes_nothing(till: Till) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)
    till.told(payment)

    assert till.noticed(payment) == "nothing_new"
    assert Transfer.objects.count() == OrderEvent.objects.count() == 1


def test_a_forged_notice_leaves_no_trace(till: Till) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)
    body = till.gateway.notice(payment.out_trade_no)

    with pytest.raises(NoticeRefused):
        notice_receive(provider=HOST, headers={"signature": "false"}, body=body, now=till.now)

    payment.refresh_from_db()
    assert payment.state == PaymentState.SUBMITTED
    assert not PaymentNotice.objects.exists()


def test_a_genuine_notice_about_a_foreign_number_is_kept_without_effect(till: Till) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)
    Payment.objects.filter(pk=payment.pk).update(provider="import")

    assert till.noticed(payment) == "unknown_number"
    assert PaymentNotice.objects.get().result == "unknown_number"


def test_a_word_about_a_number_that_is_not_ours_changes_nothing(till: Till) -> None:
    word = TradeReport(out_trade_no="nobody", state=TradeState.SUCCESS, amount_fen=1)

    assert trade_report_apply(provider=HOST, report=word, now=till.now) is None


def test_not_paid_yet_is_asked_again_by_the_schedule(till: Till) -> None:
    payment = till.begun()
    till.wait(seconds=15)

    assert till.told(payment) is None

    payment.refresh_from_db()
    assert (payment.state, payment.queries) == (PaymentState.SUBMITTED, 1)
    assert payment.next_query_at == till.now + timedelta(seconds=45)


def test_an_attempt_closed_in_time_leaves_the_order_to_another_attempt(till: Till) -> None:
    payment = till.begun()
    till.gateway.close(payment.out_trade_no)

    till.told(payment)

    payment.refresh_from_db()
    assert (payment.state, payment.next_query_at) == (PaymentState.CLOSED, None)
    assert payment.order.state == OrderState.PENDING_PAYMENT
    assert till.begun(payment.order).pk != payment.pk


@pytest.mark.parametrize("state", [TradeState.CLOSED, TradeState.UNKNOWN_TRADE])
def test_an_attempt_closed_after_its_time_ends_the_order_and_frees_its_goods(
    till: Till, state: TradeState
) -> None:
    payment = till.begun()
    till.wait(minutes=6)

    till.told(payment, TradeReport(out_trade_no=payment.out_trade_no, state=state))

    payment.refresh_from_db()
    assert payment.order.state == OrderState.CANCELLED
    assert OfferStock.objects.get().reserved_qty == 0


def test_money_known_to_have_come_is_never_closed(till: Till) -> None:
    payment = till.paid()

    till.told(payment, TradeReport(out_trade_no=payment.out_trade_no, state=TradeState.CLOSED))

    payment.refresh_from_db()
    assert payment.state == PaymentState.SUCCEEDED


def test_the_leader_who_paid_for_a_neighbour_hears_of_the_return(till: Till) -> None:
    leader = till.point.leader
    payment = till.begun()
    Order.objects.update(payer_leader=leader)
    till.now = till.campaign.payments_close_at + timedelta(seconds=1)
    till.gateway.pay(payment.out_trade_no, late=True)

    till.told(payment)

    message = OutboxMessage.objects.get(topic=Topic.PAYMENT_RETURNED)
    assert (message.phone, message.resident_id) == (leader.phone, None)
    assert message.facts == {
        "order_no": payment.order.order_no,
        "amount_fen": 2990,
        "reason": "late_payment",
    }


@pytest.mark.parametrize(
    "fatal",
    [
        "report.payment_counted",
        "report.order_moved",
        "report.money_posted",
        "report.messages_queued",
        "notice.inbox_written",
    ],
)
def test_a_notice_that_dies_halfway_is_new_when_it_comes_again(till: Till, fatal: str) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)
    with pytest.raises(Died), die_at(fatal):
        till.noticed(payment)
    traces = (Transfer.objects.count(), OrderEvent.objects.count(), PaymentNotice.objects.count())

    result = till.noticed(payment)

    assert traces == (0, 0, 0)
    assert result == "paid"
    assert (Transfer.objects.count(), told(Topic.ORDER_PAID)) == (1, 1)


def test_a_notice_that_dies_after_its_commit_has_been_counted(till: Till) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)
    with pytest.raises(Died), die_at("notice.committed"):
        till.noticed(payment)

    assert till.noticed(payment) == "repeated"
    assert Transfer.objects.count() == 1


def test_a_notice_of_a_usual_payment_takes_nine_statements(
    till: Till, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    till.paid()  # opens the accounts
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)

    # Look-up, lock of the campaign, order, payment, order, its event, ledger,
    # message, inbox; a savepoint and its release, because a test is a transaction.
    with django_assert_num_queries(9 + 2):
        till.noticed(payment)
    # A repeat is told from the look-up alone.
    with django_assert_num_queries(1 + 2):
        till.noticed(payment)
