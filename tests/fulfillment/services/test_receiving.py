"""Counts at the dock."""

import pytest

from fulfillment.domain.receiving import LineCount
from fulfillment.errors import CountNotPossible, ReceiptForUnknownLine, ReceivingClosed
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Bearer, Cause, ExceptionCase, Stage
from fulfillment.models.purchasing import (
    LineEnd,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderState,
)
from fulfillment.models.receiving import Batch, GoodsReceipt, GoodsReceiptLine
from fulfillment.services.purchasing import purchase_orders_create
from fulfillment.services.receiving import (
    receipt_no,
    receipt_record,
    receipts_record_as_ordered,
    receiving_close,
    receiving_sum,
)
from orders.models.ledger import Transfer
from orders.services.campaigns import campaign_freeze
from tests.fulfillment.services.days import imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> CutoffRun:
    """A run whose purchase orders are written: 15 K1 and 12 K2 from S1, 6 K3 from S2."""
    run = imported()
    campaign_freeze(campaign_id=run.campaign_id, now=run.campaign.freeze_at)
    purchase_orders_create(run=run, now=run.campaign.freeze_at)
    return run


def order_to(supplier_code: str) -> PurchaseOrder:
    return PurchaseOrder.objects.get(supplier__code=supplier_code)


def count_all(
    order: PurchaseOrder, *, arrived_qty: int, rejected_qty: int, arrival: int = 1
) -> GoodsReceipt:
    return receipt_record(
        purchase_order=order,
        receipt_no=receipt_no(order, arrival=arrival),
        counts=[
            LineCount(purchase_line_id=line.pk, arrived_qty=arrived_qty, rejected_qty=rejected_qty)
            for line in order.lines.all()
        ],
        actor=None,
        now=order.created_at,
    )


def test_accepted_is_what_arrived_less_what_was_rejected(run: CutoffRun) -> None:
    receipt = count_all(order_to("S2"), arrived_qty=6, rejected_qty=2)

    line = GoodsReceiptLine.objects.get(receipt=receipt)
    assert line.accepted_qty == 4
    assert order_to("S2").state == PurchaseOrderState.RECEIVED


def test_the_supplier_is_owed_for_accepted_goods_only(run: CutoffRun) -> None:
    count_all(order_to("S2"), arrived_qty=6, rejected_qty=2)

    transfer = Transfer.objects.get(event="goods_received")
    assert (transfer.debit.code, transfer.credit.code) == ("purchases", "supplier_payable:S2")
    assert transfer.amount_fen == 4 * 750


def test_every_counted_line_has_a_batch(run: CutoffRun) -> None:
    count_all(order_to("S1"), arrived_qty=5, rejected_qty=0)

    assert list(Batch.objects.values_list("batch_no", flat=True)) == [
        "P-C1-S1-G1-K1",
        "P-C1-S1-G1-K2",
    ]


def test_recording_the_same_arrival_again_changes_nothing(run: CutoffRun) -> None:
    first = count_all(order_to("S2"), arrived_qty=6, rejected_qty=0)

    again = count_all(order_to("S2"), arrived_qty=1, rejected_qty=1)

    assert again == first
    assert Transfer.objects.filter(event="goods_received").count() == 1


def test_a_second_arrival_adds_to_the_first(run: CutoffRun) -> None:
    count_all(order_to("S2"), arrived_qty=2, rejected_qty=0)
    count_all(order_to("S2"), arrived_qty=4, rejected_qty=1, arrival=2)

    assert receiving_sum(run=run) == {
        "pieces_arrived": 6,
        "pieces_rejected": 1,
        "pieces_accepted": 5,
        "lines_uncounted": 2,
    }


def test_zero_is_a_count_and_owes_nothing(run: CutoffRun) -> None:
    count_all(order_to("S2"), arrived_qty=0, rejected_qty=0)

    assert receiving_sum(run=run)["lines_uncounted"] == 2
    assert not Transfer.objects.filter(event="goods_received").exists()


def test_more_cannot_be_rejected_than_arrived(run: CutoffRun) -> None:
    with pytest.raises(CountNotPossible, match="No more can be rejected"):
        count_all(order_to("S2"), arrived_qty=1, rejected_qty=2)

    assert not GoodsReceipt.objects.exists()


def test_a_line_of_another_order_is_refused(run: CutoffRun) -> None:
    foreign = order_to("S1").lines.first()
    assert foreign is not None

    with pytest.raises(ReceiptForUnknownLine):
        receipt_record(
            purchase_order=order_to("S2"),
            receipt_no="X",
            counts=[LineCount(purchase_line_id=foreign.pk, arrived_qty=1, rejected_qty=0)],
            actor=None,
            now=run.created_at,
        )


def test_everything_as_ordered_counts_only_what_is_still_open(run: CutoffRun) -> None:
    count_all(order_to("S2"), arrived_qty=3, rejected_qty=0)

    receipts_record_as_ordered(purchase_order=order_to("S1"), actor=None, now=run.created_at)

    assert receiving_sum(run=run)["pieces_accepted"] == 15 + 12 + 3
    with pytest.raises(CountNotPossible, match="left to count"):
        receipts_record_as_ordered(purchase_order=order_to("S2"), actor=None, now=run.created_at)


def test_everything_as_ordered_is_what_the_supplier_promised(run: CutoffRun) -> None:
    PurchaseOrderLine.objects.filter(sku__code="K1").update(confirmed_qty=9)
    PurchaseOrderLine.objects.filter(sku__code="K2").update(
        ended_as=LineEnd.GIVEN_UP, ended_reason="停产"
    )

    receipt = receipts_record_as_ordered(
        purchase_order=order_to("S1"), actor=None, now=run.created_at
    )

    assert list(receipt.lines.values_list("purchase_line__sku__code", "arrived_qty")) == [("K1", 9)]
    assert order_to("S1").state == PurchaseOrderState.RECEIVED


def test_an_order_is_received_once_all_its_lines_are_counted(run: CutoffRun) -> None:
    first, second = order_to("S1").lines.order_by("sku__code")

    for line, state in (
        (first, PurchaseOrderState.DRAFT),
        (second, PurchaseOrderState.RECEIVED),
    ):
        receipt_record(
            purchase_order=order_to("S1"),
            receipt_no=f"X-{line.pk}",
            counts=[LineCount(purchase_line_id=line.pk, arrived_qty=0)],
            actor=None,
            now=run.created_at,
        )
        assert order_to("S1").state == state


def test_rejected_pieces_of_an_arrival_are_a_case(run: CutoffRun) -> None:
    count_all(order_to("S2"), arrived_qty=6, rejected_qty=2)

    case = ExceptionCase.objects.get()
    assert (case.stage, case.cause, case.qty) == (Stage.RECEIVE, Cause.QUALITY, 2)
    assert case.proposed_bearer == Bearer.SUPPLIER


def test_nothing_is_counted_after_the_dock_has_closed(run: CutoffRun) -> None:
    receiving_close(run=run, now=run.created_at)

    with pytest.raises(ReceivingClosed):
        count_all(order_to("S2"), arrived_qty=6, rejected_qty=0)


def test_the_dock_closes_once(run: CutoffRun) -> None:
    receiving_close(run=run, now=run.campaign.freeze_at)
    receiving_close(run=run, now=run.created_at)

    run.refresh_from_db()
    assert run.receiving_closed_at == run.campaign.freeze_at
