"""Purchase orders against what the dock counted."""

from datetime import UTC, datetime

import pytest

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import LineEnd, PurchaseOrderLine, PurchaseOrderState
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.selectors.purchase_board import (
    buyer_day,
    purchase_lines_counted,
    purchase_orders_counted,
)
from tests.factories.fulfillment import (
    GoodsReceiptFactory,
    GoodsReceiptLineFactory,
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
)
from tests.factories.receiving import ReceiptLineVoidFactory

pytestmark = pytest.mark.django_db

SUMS = (
    "line_count",
    "need_qty",
    "ordered_qty",
    "accepted_qty",
    "missing_qty",
    "uncounted_lines",
)
COUNTS = ("arrived_qty", "rejected_qty", "accepted_qty", "missing_qty")


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


def counts_of(line: PurchaseOrderLine) -> tuple[int | None, ...]:
    row = purchase_lines_counted().filter(pk=line.pk).values(*COUNTS)[0]
    return tuple(row[name] for name in COUNTS)


def test_a_line_nobody_counted_has_no_figures(line: PurchaseOrderLine) -> None:
    assert counts_of(line) == (None, None, None, None)


def test_once_receiving_is_closed_an_uncounted_line_did_not_arrive(
    line: PurchaseOrderLine,
) -> None:
    CutoffRun.objects.update(receiving_closed_at=datetime(2026, 3, 10, 20, 0, tzinfo=UTC))

    assert counts_of(line) == (0, 0, 0, 9)


def test_arrivals_of_a_line_add_up(line: PurchaseOrderLine) -> None:
    count(line, arrived=5, rejected=1)
    count(line, arrived=3)

    assert counts_of(line) == (8, 1, 7, 2)


def test_a_count_taken_back_does_not_add_up(line: PurchaseOrderLine) -> None:
    count(line, arrived=5, rejected=1)
    ReceiptLineVoidFactory.create(receipt_line=count(line, arrived=3))

    assert counts_of(line) == (5, 1, 4, 5)


def test_more_than_was_sold_is_no_shortage(line: PurchaseOrderLine) -> None:
    count(line, arrived=10)

    assert counts_of(line) == (10, 0, 10, 0)


def test_an_order_sums_its_lines_and_says_how_many_are_open(line: PurchaseOrderLine) -> None:
    PurchaseOrderLineFactory.create(purchase_order=line.purchase_order)
    count(line, arrived=6)

    sums = purchase_orders_counted().filter(pk=line.purchase_order_id).values(*SUMS)[0]

    assert sums == {
        "line_count": 2,
        "need_qty": 18,
        "ordered_qty": 20,
        "accepted_qty": 6,
        "missing_qty": 3,
        "uncounted_lines": 1,
    }


def test_lines_no_longer_bought_are_not_waited_for(line: PurchaseOrderLine) -> None:
    order = line.purchase_order
    count(line, arrived=9)
    for end, reason in ((LineEnd.GIVEN_UP, "不够起订"), (LineEnd.MOVED, "改买")):
        PurchaseOrderLineFactory.create(
            purchase_order=order, ended_as=end, ended_reason=reason, need_qty=4
        )

    sums = purchase_orders_counted().values(*SUMS, "surplus_qty").get(pk=order.pk)

    # What was given up is short; what was moved is missed by the line it went to.
    assert sums == {
        "line_count": 1,
        "need_qty": 9,
        "ordered_qty": 10,
        "surplus_qty": 1,
        "accepted_qty": 9,
        "missing_qty": 4,
        "uncounted_lines": 0,
    }


def test_orders_nobody_approved_are_counted(line: PurchaseOrderLine) -> None:
    run = line.purchase_order.run
    PurchaseOrderFactory.create(run=run, state=PurchaseOrderState.CANCELLED)
    PurchaseOrderFactory.create(run=run, state=PurchaseOrderState.SENT, approved_at=run.created_at)
    PurchaseOrderFactory.create(run=run, state=PurchaseOrderState.RECEIVED)

    day = buyer_day()

    assert day is not None
    assert day.unapproved == 2


def test_the_buyers_day_is_the_newest_run(line: PurchaseOrderLine) -> None:
    run = line.purchase_order.run
    PurchaseOrderFactory.create(run=run, min_order_gap_fen=56)
    count(line, arrived=6)

    day = buyer_day()

    assert day is not None
    assert (day.run, day.purchase_orders, day.amount_fen) == (run, 2, 8000)
    assert (day.below_minimum, day.missing_qty, day.uncounted_lines) == (1, 3, 0)


def test_before_the_first_run_there_is_no_day() -> None:
    assert buyer_day() is None
