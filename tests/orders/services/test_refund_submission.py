"""Refunds are sent to their provider, each under one number for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest

from orders.domain.gateway import GatewayLimits, RefundReport, RefundStatus
from orders.errors import RefundNotRepeatable
from orders.models.ledger import Transfer
from orders.models.payments import Payment, Refund, RefundReason, RefundState
from orders.services.refund_reports import refund_report_apply
from orders.services.refund_submission import refund_renew, refunds_submit
from orders.services.refunds import refund_request
from tests.factories.deaths import Died, die_at
from tests.factories.tills import HOST, SpacedGateway, Till
from tests.simulation.gateway import Fault

pytestmark = pytest.mark.usefixtures("books_hold")


def requested(till: Till, payment: Payment, amount_fen: int = 100, number: str = "RF1") -> Refund:
    return refund_request(
        payment_id=payment.pk,
        reason=RefundReason.AFTER_SALES,
        amount_fen=amount_fen,
        refund_no=number,
        now=till.now,
    )


def paid_back() -> list[tuple[str, int]]:
    rows = Transfer.objects.filter(event="refund_paid").order_by("pk")
    return list(rows.values_list("ref_id", "amount_fen"))


def at_provider(till: Till) -> dict[str, int]:
    return {number: refund.amount_fen for number, refund in till.gateway.books.refunds.items()}


def test_a_refund_is_sent_counted_and_posted(till: Till) -> None:
    refund = requested(till, till.paid())

    figures = refunds_submit(now=till.now)

    refund.refresh_from_db()
    assert figures == {"refunds_due": 1, "refunds_sent": 1, "refunds_paid": 1}
    assert (refund.state, refund.attempts) == (RefundState.SUCCEEDED, 1)
    assert (refund.succeeded_at, refund.next_attempt_at) == (till.now, None)
    assert refund.provider_refund_id == "RXRF1"
    assert at_provider(till) == {"RF1": 100}
    assert paid_back() == [("RF1", 100)]
    assert refunds_submit(now=till.wait(hours=2))["refunds_due"] == 0


@pytest.mark.parametrize("fault", [Fault.CALL_LOST, Fault.ANSWER_LOST])
def test_after_a_lost_answer_the_same_number_is_sent_until_it_is_heard(
    till: Till, fault: Fault
) -> None:
    refund = requested(till, till.paid())
    for _time in range(3):
        till.gateway.fail_next("refund", fault)

    for _minute in range(20):
        refunds_submit(now=till.wait(minutes=1))

    refund.refresh_from_db()
    assert (refund.state, refund.attempts) == (RefundState.SUCCEEDED, 4)
    assert at_provider(till) == {"RF1": 100}
    assert paid_back() == [("RF1", 100)]


@pytest.mark.parametrize(
    "fatal", ["refund.claimed", "refund.answered", "refund.counted", "refund.posted"]
)
def test_a_death_anywhere_leaves_a_refund_that_happens_once(till: Till, fatal: str) -> None:
    refund = requested(till, till.paid())
    with pytest.raises(Died), die_at(fatal):
        refunds_submit(now=till.now)

    at_once = refunds_submit(now=till.now)
    refunds_submit(now=till.wait(minutes=1))

    refund.refresh_from_db()
    assert at_once["refunds_sent"] == 0
    assert refund.state == RefundState.SUCCEEDED
    assert at_provider(till) == {"RF1": 100}
    assert paid_back() == [("RF1", 100)]


def test_an_accepted_refund_is_asked_about_until_it_is_over(till: Till) -> None:
    refund = requested(till, till.paid())
    till.gateway.fail_next("refund", Fault.SLOW)
    refunds_submit(now=till.now)
    refund.refresh_from_db()
    till.gateway.fail_next("refund", Fault.REFUSED)

    figures = refunds_submit(now=till.wait(minutes=1))

    assert (refund.state, refund.provider_refund_id) == (RefundState.SUBMITTED, "RXRF1")
    assert figures["refunds_paid"] == 1
    assert paid_back() == [("RF1", 100)]


def test_a_refund_the_provider_forgot_is_sent_again(till: Till) -> None:
    refund = requested(till, till.paid())
    till.gateway.fail_next("refund", Fault.SLOW)
    refunds_submit(now=till.now)
    till.gateway.books.refunds.clear()

    refunds_submit(now=till.wait(minutes=1))
    refunds_submit(now=till.wait(minutes=2))

    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    assert at_provider(till) == {"RF1": 100}


def test_a_refused_refund_is_tried_again_with_longer_pauses(till: Till) -> None:
    refund = requested(till, till.paid())
    for _time in range(3):
        till.gateway.fail_next("refund", Fault.REFUSED)
    tried_at = [
        minute for minute in range(20) if refunds_submit(now=till.wait(minutes=1))["refunds_sent"]
    ]

    refund.refresh_from_db()
    assert tried_at == [0, 1, 3, 7]
    assert refund.state == RefundState.SUCCEEDED
    assert refund.error == ""


def test_a_refund_that_is_refused_for_half_a_day_waits_for_a_person(till: Till) -> None:
    refund = requested(till, till.paid())
    for _time in range(12):
        till.gateway.fail_next("refund", Fault.REFUSED)
    for _hour in range(20):
        refunds_submit(now=till.wait(hours=1))
    refund.refresh_from_db()
    given_up = (refund.state, refund.attempts, refund.next_attempt_at)

    refund_renew(refund_id=refund.pk, now=till.now)
    refunds_submit(now=till.now)

    refund.refresh_from_db()
    assert given_up == (RefundState.ABNORMAL, 12, None)
    assert refund.state == RefundState.SUCCEEDED
    assert at_provider(till) == {"RF1": 100}


def test_an_abnormal_refund_is_sent_again_under_its_number(till: Till) -> None:
    refund = requested(till, till.paid())
    till.gateway.fail_next("refund", Fault.ABNORMAL)
    refunds_submit(now=till.now)
    refund.refresh_from_db()
    abnormal = (refund.state, refund.error)

    refunds_submit(now=till.wait(minutes=1))

    refund.refresh_from_db()
    assert abnormal == (RefundState.ABNORMAL, "Abnormal at the provider.")
    assert refund.state == RefundState.SUCCEEDED
    assert at_provider(till) == {"RF1": 100}


def test_a_payment_has_one_refund_a_minute(till: Till) -> None:
    payment = till.paid()
    for number in ("RF1", "RF2", "RF3"):
        requested(till, payment, number=number)
    sent = [list(at_provider(till))]
    for _half_minute in range(5):
        refunds_submit(now=till.now)
        sent.append(list(at_provider(till)))
        till.wait(seconds=30)

    assert [len(numbers) for numbers in sent] == [0, 1, 1, 2, 2, 3]


def test_refunds_of_different_payments_do_not_wait_for_each_other(till: Till) -> None:
    for number in ("RF1", "RF2", "RF3"):
        requested(till, till.paid(), number=number)

    assert refunds_submit(now=till.now)["refunds_paid"] == 3


def test_a_payment_has_no_more_refunds_than_its_provider_allows(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = GatewayLimits(refunds_per_payment=2, refund_spacing=timedelta(0))
    monkeypatch.setattr(SpacedGateway, "limits", limits)
    payment = till.paid()
    refunds = [requested(till, payment, number=number) for number in ("RF1", "RF2", "RF3")]

    refunds_submit(now=till.now)
    refunds_submit(now=till.wait(days=1))

    refunds[-1].refresh_from_db()
    assert list(at_provider(till)) == ["RF1", "RF2"]
    assert (refunds[-1].state, refunds[-1].next_attempt_at) == (RefundState.REQUESTED, None)
    assert refunds[-1].error == "The provider refunds this payment no more: too many refunds."


def test_a_payment_is_too_old_to_be_refunded_after_a_year(till: Till) -> None:
    payment = till.paid()
    till.wait(days=365, seconds=1)
    refund = requested(till, payment)

    refunds_submit(now=till.now)

    refund.refresh_from_db()
    assert at_provider(till) == {}
    assert refund.error == "The provider refunds this payment no more: it is too old."


def test_an_outage_costs_three_calls(till: Till) -> None:
    for number in range(6):
        requested(till, till.paid(), number=f"RF{number}")
        till.gateway.fail_next("refund", Fault.CALL_LOST)

    figures = refunds_submit(now=till.now)

    assert figures == {"refunds_due": 6, "refunds_sent": 3, "refunds_paid": 0}


def test_calls_side_by_side_find_the_same(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SpacedGateway, "limits", GatewayLimits(calls_at_once=4))
    for number in range(6):
        requested(till, till.paid(), number=f"RF{number}")

    assert refunds_submit(now=till.now)["refunds_paid"] == 6
    assert len(paid_back()) == 6


def test_an_imported_payment_is_refunded_by_its_own_operator(till: Till) -> None:
    payment = till.paid()
    Payment.objects.filter(pk=payment.pk).update(provider="import")
    refund = requested(till, payment)

    figures = refunds_submit(now=till.now)

    assert refund.next_attempt_at is None
    assert figures["refunds_due"] == 0
    Payment.objects.filter(pk=payment.pk).update(provider=HOST)


def test_a_closed_refund_gives_its_reservation_back_and_is_owed_again(till: Till) -> None:
    payment = till.paid()
    refund = requested(till, payment, 2990)
    refunds_submit_lost(till)
    closed = RefundReport(out_refund_no="RF1", status=RefundStatus.CLOSED, refund_id="X1")

    states = [refund_report_apply(provider=HOST, report=closed, now=till.now) for _time in range(2)]

    payment.refresh_from_db()
    refund.refresh_from_db()
    assert states == [RefundState.CLOSED, None]
    assert payment.refund_reserved_fen == 0
    assert (refund.state, refund.next_attempt_at) == (RefundState.CLOSED, None)
    rows = Transfer.objects.order_by("pk").values_list("idem_key", "amount_fen")
    assert list(rows)[1:] == [("refund-req:RF1", 2990), ("reverse:refund-req:RF1", 2990)]


def test_a_closed_refund_is_asked_for_again_under_the_next_number(till: Till) -> None:
    payment = till.paid()
    refund = requested(till, payment, 2990)
    refunds_submit_lost(till)
    closed = RefundReport(out_refund_no="RF1", status=RefundStatus.CLOSED)
    refund_report_apply(provider=HOST, report=closed, now=till.now)

    second = refund_renew(refund_id=refund.pk, now=till.now)
    refunds_submit(now=till.wait(minutes=1))

    payment.refresh_from_db()
    assert (second.out_refund_no, second.amount_fen) == ("RF1@2", 2990)
    assert payment.refund_reserved_fen == 2990
    assert at_provider(till) == {"RF1@2": 2990}


def test_a_success_after_a_closing_is_not_counted(till: Till) -> None:
    requested(till, till.paid())
    refunds_submit_lost(till)
    closed = RefundReport(out_refund_no="RF1", status=RefundStatus.CLOSED)
    refund_report_apply(provider=HOST, report=closed, now=till.now)

    paid = replace(closed, status=RefundStatus.SUCCESS)

    assert refund_report_apply(provider=HOST, report=paid, now=till.now) is None
    assert paid_back() == []


def test_a_word_about_another_amount_counts_nothing(till: Till) -> None:
    refund = requested(till, till.paid())
    refunds_submit_lost(till)
    word = RefundReport(out_refund_no="RF1", status=RefundStatus.SUCCESS, amount_fen=99)

    state = refund_report_apply(provider=HOST, report=word, now=till.now)

    refund.refresh_from_db()
    assert state == RefundState.ABNORMAL
    assert refund.error == "The provider speaks of another amount."
    assert paid_back() == []


def test_a_word_about_a_number_that_is_not_ours_changes_nothing(till: Till) -> None:
    word = RefundReport(out_refund_no="nobody", status=RefundStatus.SUCCESS)

    assert refund_report_apply(provider=HOST, report=word, now=till.now) is None


def test_a_refund_that_did_not_fail_is_not_tried_again(till: Till) -> None:
    refund = requested(till, till.paid())

    with pytest.raises(RefundNotRepeatable):
        refund_renew(refund_id=refund.pk, now=till.now)


def refunds_submit_lost(till: Till) -> None:
    """A round whose call never reached the provider."""
    till.gateway.fail_next("refund", Fault.CALL_LOST)
    refunds_submit(now=till.now)
