"""What a run leaves over."""

from datetime import UTC, datetime

import pytest

from fulfillment.models.exceptions import Bearer, Cause, ExceptionCase, Stage
from fulfillment.selectors.spare import spare_by_sku
from tests.factories.fulfillment import (
    AllocationFactory,
    CutoffRunFactory,
    GoodsReceiptLineFactory,
    PurchaseOrderFactory,
)
from tests.factories.orders import OrderLineFactory

pytestmark = pytest.mark.django_db


def test_spare_is_what_was_good_and_nobody_was_given() -> None:
    run = CutoffRunFactory.create()
    order = PurchaseOrderFactory.create(run=run)
    counted = GoodsReceiptLineFactory.create(receipt__purchase_order=order, arrived_qty=10)
    other = GoodsReceiptLineFactory.create(receipt__purchase_order=order, arrived_qty=10)
    sku, substitute = counted.purchase_line.sku, other.purchase_line.sku
    line = OrderLineFactory.create(
        offer__sku=sku, offer__campaign=run.campaign, order__campaign=run.campaign, qty=6
    )
    AllocationFactory.create(
        run=run,
        order_line=line,
        allocated_qty=5,
        substitute_sku=substitute,
        substitute_qty=1,
    )
    for stage, cause, qty in (
        (Stage.SORT, Cause.DAMAGED, 2),
        (Stage.SORT, Cause.OVER, 1),
        (Stage.LOAD, Cause.SHORT, 1),
    ):
        ExceptionCase.objects.create(
            run=run,
            stage=stage,
            cause=cause,
            sku=sku,
            qty=qty,
            proposed_bearer=Bearer.WAREHOUSE,
            found_at=datetime(2026, 3, 10, 21, 0, tzinfo=UTC),
        )

    assert spare_by_sku(run) == {sku.pk: 10 - 5 - 2, substitute.pk: 10 - 1}
