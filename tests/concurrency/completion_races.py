"""Orders that come to their end while money of theirs goes back."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from unittest.mock import patch

from fulfillment.selectors.books import books_check
from fulfillment.services.completion import orders_complete_due
from orders.models.claims import Claim
from orders.models.ledger import Transfer
from orders.models.orders import Order, OrderState
from orders.models.payments import Payment, RefundReason
from orders.services.claims import ClaimDecision, claim_decide
from orders.services.refunds import refund_request
from tests.concurrency.pickup_races import played_desk
from tests.concurrency.race import Runner, errors, race, values
from tests.factories.leaders import UserFactory
from tests.factories.orders import ClaimFactory

# Three days after the end of 11 March in Shanghai.
OVER = datetime(2026, 3, 14, 16, 0, tzinfo=UTC)
COUNTED = "completion.counted"
ORDERS = 4
REFUND_FEN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What came of it: orders completed, money asked back, and the laws that are broken."""

    completed: int
    refunds: int
    sold_fen: int
    lost_fen: int
    broken: list[str]


def completed_by_many(*, clocks: int) -> Ended:
    """Let several schedules complete the same orders at once."""
    played_desk(orders=ORDERS)
    outcomes = race(lambda _runner: orders_complete_due(now=OVER), processes=clocks)
    assert errors(outcomes) == []
    assert sum(values(outcomes)) == ORDERS
    return _ended()


def completed_against_claims() -> Ended:
    """Let claims about every order be approved while the orders are completed."""
    desk = played_desk(orders=ORDERS)
    actor = UserFactory.create()
    claims = [
        ClaimFactory.create(order_line=order.lines.get(), asked_fen=REFUND_FEN).pk
        for order in desk.orders
    ]

    def approve() -> None:
        for claim_id in claims:
            decision = ClaimDecision(approve=True, refund_fen=REFUND_FEN, note="")
            claim_decide(claim_id=claim_id, decision=decision, actor=actor, now=OVER)

    _meet(approve, delay_s=0.0, without=[])
    assert Claim.objects.filter(state="approved").count() == ORDERS
    return _ended()


def completed_against_refunds(*, guarded: bool = True) -> Ended:
    """Let refunds nobody complained for be asked while the orders are completed."""
    played_desk(orders=ORDERS)
    payment_ids = list(Payment.objects.order_by("pk").values_list("pk", flat=True))

    def ask() -> None:
        for payment_id in payment_ids:
            refund_request(
                payment_id=payment_id,
                reason=RefundReason.AFTER_SALES,
                amount_fen=REFUND_FEN,
                refund_no=f"late-{payment_id}",
                now=OVER,
            )

    lock = "fulfillment.services.completion.payments_lock"
    _meet(ask, delay_s=0.3, without=[] if guarded else [patch(lock, lambda _order_ids: None)])
    return _ended()


def _meet(
    give_back: Callable[[], None],
    *,
    delay_s: float,
    without: list[AbstractContextManager[object]],
) -> None:
    """One process completes and rests before it books the sale; the other gives money back."""

    def worker(runner: Runner) -> int:
        if runner.number == 0:
            return orders_complete_due(now=OVER)
        time.sleep(delay_s)
        give_back()
        return 0

    outcomes = race(worker, processes=2, sleep_at={COUNTED: 1.0}, without=without)
    assert errors(outcomes) == []


def _ended() -> Ended:
    asked = Transfer.objects.filter(credit__code="refund_payable")
    return Ended(
        completed=Order.objects.filter(state=OrderState.COMPLETED).count(),
        refunds=asked.count(),
        sold_fen=sum(
            Transfer.objects.filter(event="handover_sale").values_list("amount_fen", flat=True)
        ),
        lost_fen=sum(
            asked.filter(debit__code="shortage_loss").values_list("amount_fen", flat=True)
        ),
        broken=[result.name for result in books_check() if result.violations],
    )
