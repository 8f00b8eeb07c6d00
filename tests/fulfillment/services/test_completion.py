"""Orders are completed when their commission is released, and their money becomes a sale."""

from datetime import UTC, datetime, timedelta

import pytest

from fulfillment.models.cutoff_run import CutoffRun, StepState
from fulfillment.models.settlement import CommissionEntry
from fulfillment.selectors.books import books_check
from fulfillment.services import completion
from fulfillment.services.completion import orders_complete_due
from fulfillment.services.settlement import commission_release
from orders.models.ledger import Transfer
from orders.models.orders import Order, OrderEvent, OrderState
from orders.models.payments import Payment, Refund, RefundReason, RefundState
from orders.services.refunds import refund_request
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db

# Three days after the end of 11 March in Shanghai.
OVER = datetime(2026, 3, 14, 16, 0, tzinfo=UTC)


@pytest.fixture
def run() -> CutoffRun:
    """A played day; two pieces of K2 short of nine are refunded by their operator."""
    return played()


def sales() -> dict[str, int]:
    return dict(
        Transfer.objects.filter(event="handover_sale").values_list("order__order_no", "amount_fen")
    )


def left_of_orders() -> dict[str, int]:
    """What was paid for each order less what goes back."""
    return {
        payment.order.order_no: payment.amount_fen - payment.refund_reserved_fen
        for payment in Payment.objects.select_related("order")
    }


def states() -> set[str]:
    return set(Order.objects.values_list("state", flat=True))


def broken() -> list[str]:
    return [result.name for result in books_check() if result.violations]


@pytest.mark.usefixtures("run")
def test_orders_are_completed_at_the_moment_their_commission_is_released() -> None:
    early = OVER - timedelta(seconds=1)
    assert (orders_complete_due(now=early), commission_release(now=early)) == (0, 0)

    assert orders_complete_due(now=OVER) == 4
    assert commission_release(now=OVER) == CommissionEntry.objects.count()

    assert states() == {OrderState.COMPLETED}
    assert sales() == {number: fen for number, fen in left_of_orders().items() if fen}
    moves = OrderEvent.objects.values_list("from_state", "to_state", "actor", "at")
    assert set(moves) == {("frozen", "completed", "system", OVER)}
    assert broken() == []


@pytest.mark.usefixtures("run")
def test_nothing_is_completed_or_sold_twice() -> None:
    orders_complete_due(now=OVER)
    before = Transfer.objects.count()

    assert orders_complete_due(now=OVER + timedelta(days=1)) == 0
    assert Transfer.objects.count() == before


@pytest.mark.usefixtures("run")
def test_an_order_is_completed_by_the_rule_it_was_paid_under() -> None:
    order = Order.objects.earliest("pk")
    Order.objects.filter(pk=order.pk).update(commission_hold_days=7)

    assert orders_complete_due(now=OVER) == 3
    assert orders_complete_due(now=OVER + timedelta(days=4)) == 1


@pytest.mark.usefixtures("run")
def test_a_refund_on_its_way_holds_its_order_back() -> None:
    refund = Refund.objects.select_related("payment").first()
    assert refund is not None
    Refund.objects.filter(pk=refund.pk).update(state=RefundState.SUBMITTED, attempts=1)

    assert orders_complete_due(now=OVER) == 3
    assert Order.objects.get(pk=refund.payment.order_id).state == OrderState.FROZEN

    Refund.objects.filter(pk=refund.pk).update(state=RefundState.REQUESTED, attempts=0)
    assert orders_complete_due(now=OVER) == 1


def test_a_night_that_is_not_over_completes_nothing(run: CutoffRun) -> None:
    last = run.steps.latest("position")
    run.steps.filter(pk=last.pk).update(state=StepState.PENDING)

    assert orders_complete_due(now=OVER) == 0


@pytest.mark.usefixtures("run")
def test_many_orders_go_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "BATCH_SIZE", 3)

    assert orders_complete_due(now=OVER) == 4
    assert states() == {OrderState.COMPLETED}
    assert broken() == []


@pytest.mark.usefixtures("run")
def test_who_complains_later_gets_money_back_that_was_a_sale() -> None:
    orders_complete_due(now=OVER)
    payment = Payment.objects.filter(refund_reserved_fen=0).earliest("pk")

    refund_request(
        payment_id=payment.pk,
        reason=RefundReason.AFTER_SALES,
        amount_fen=100,
        refund_no="late",
        now=OVER + timedelta(days=5),
    )

    transfer = Transfer.objects.get(idem_key="refund-req:late")
    assert transfer.debit.code == "shortage_loss"
    assert broken() == []
