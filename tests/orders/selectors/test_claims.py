"""What can still be claimed of a line."""

import pytest

from orders.models.payments import RefundReason, RefundState
from orders.selectors.claims import claimable_lines
from tests.factories.orders import (
    OrderLineFactory,
    PaymentFactory,
    RefundFactory,
    RefundLineFactory,
)

pytestmark = pytest.mark.django_db


def test_short_weight_lowers_what_is_asked_and_not_how_many_pieces() -> None:
    line = OrderLineFactory.create(qty=2, unit_price_fen=500)
    payment = PaymentFactory.create(order=line.order)
    for reason, state, fen in [
        (RefundReason.SHORT_WEIGHT, RefundState.SUCCEEDED, 60),
        (RefundReason.SHORT_WEIGHT, RefundState.CLOSED, 300),
    ]:
        refund = RefundFactory.create(payment=payment, reason=reason, state=state)
        RefundLineFactory.create(refund=refund, order_line=line, qty=2, amount_fen=fen)

    left = claimable_lines([line])[line.pk]

    assert (left.left_qty, left.light_fen) == (2, 60)
    assert [left.asked(qty, 10_000).fen for qty in (1, 2)] == [470, 940]
