"""Orders that were paid elsewhere: their money as it came in, and the rule they were paid under."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from orders.domain.ledger import payment_received
from orders.models.orders import Order
from orders.models.payments import Payment, PaymentState, Verdict
from orders.services.ledger import transfers_post
from orders.services.order_states import rule_in_force

BATCH_SIZE = 5_000
# Imported money came in through whoever sold; the import is its own provider.
PROVIDER = "import"


def imported_pay(*, orders: Sequence[Order], now: datetime) -> None:
    """Write the payments of imported orders and their postings, and keep the commission rule.

    Call it in the transaction that wrote the orders.
    """
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(**rule_in_force())
    payments = Payment.objects.bulk_create(
        [
            Payment(
                order=order,
                provider=PROVIDER,
                out_trade_no=order.order_no,
                state=PaymentState.SUCCEEDED,
                verdict=Verdict.PAID,
                amount_fen=order.total_fen,
                created_at=order.placed_at,
                succeeded_at=order.paid_at,
            )
            for order in orders
        ],
        batch_size=BATCH_SIZE,
    )
    transfers_post(
        drafts=[
            payment_received(
                attempt_no=payment.out_trade_no,
                order_no=payment.out_trade_no,
                provider=PROVIDER,
                amount_fen=payment.amount_fen,
                business_date=timezone.localdate(payment.succeeded_at or now),
            )
            for payment in payments
            if payment.amount_fen
        ],
        now=now,
    )
