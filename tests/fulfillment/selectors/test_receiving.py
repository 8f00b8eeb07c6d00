"""What the dock counted."""

import pytest

from fulfillment.models.leftovers import LeftoverKind, LeftoverMovement
from fulfillment.models.purchasing import LineEnd, PurchaseOrderLine
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.selectors.receiving import accepted_by_sku, purchase_lines_uncounted
from tests.factories.fulfillment import (
    CutoffRunFactory,
    GoodsReceiptFactory,
    GoodsReceiptLineFactory,
    PurchaseOrderLineFactory,
)
from tests.factories.receiving import ReceiptLineVoidFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def line() -> PurchaseOrderLine:
    """Nine pieces sold, ten ordered."""
    return PurchaseOrderLineFactory.create()


def count(line: PurchaseOrderLine, arrived: int, rejected: int = 0) -> GoodsReceiptLine:
    return GoodsReceiptLineFactory.create(
        receipt=GoodsReceiptFactory.create(purchase_order=line.purchase_order),
        purchase_line=line,
        arrived_qty=arrived,
        rejected_qty=rejected,
    )


def test_a_count_taken_back_is_in_no_sum(line: PurchaseOrderLine) -> None:
    standing = count(line, arrived=6, rejected=1)
    ReceiptLineVoidFactory.create(receipt_line=count(line, arrived=60))

    run = line.purchase_order.run
    assert list(GoodsReceiptLine.objects.standing()) == [standing]
    assert accepted_by_sku(run) == {line.sku_id: 5}


def test_a_line_whose_only_count_was_taken_back_is_not_counted(line: PurchaseOrderLine) -> None:
    ReceiptLineVoidFactory.create(receipt_line=count(line, arrived=60))

    assert purchase_lines_uncounted(line.purchase_order.run) == 1


def test_a_line_that_is_no_longer_bought_waits_for_no_count(line: PurchaseOrderLine) -> None:
    PurchaseOrderLine.objects.update(ended_as=LineEnd.GIVEN_UP, ended_reason="停产")

    assert purchase_lines_uncounted(line.purchase_order.run) == 0


def test_leftovers_used_for_a_run_are_shared_out_with_what_arrived(
    line: PurchaseOrderLine,
) -> None:
    run = line.purchase_order.run
    count(line, arrived=6)
    other = PurchaseOrderLineFactory.create(purchase_order=line.purchase_order)
    origin = CutoffRunFactory.create()
    for sku, qty in ((line.sku, -3), (other.sku, -2)):
        LeftoverMovement.objects.create(
            origin_run=origin,
            used_run=run,
            sku=sku,
            kind=LeftoverKind.USED,
            qty=qty,
            at=run.created_at,
        )

    assert accepted_by_sku(run) == {line.sku_id: 9, other.sku_id: 2}
    assert accepted_by_sku(origin) == {}
