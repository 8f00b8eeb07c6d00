"""The orders of a night by their slots, and the lines of one order."""

from datetime import UTC, date, datetime, time

import pytest
from pytest_django import DjangoAssertNumQueries

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import (
    LineEnd,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderState,
)
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.selectors.receiving_board import (
    DockLine,
    OrderState,
    count_of,
    dock_line_of,
    dock_lines,
    dock_order_of,
    dock_orders,
    lines_not_counted,
)
from orders.models.catalogue import SkuKind, Storage
from tests.factories.fulfillment import (
    BatchFactory,
    CutoffRunFactory,
    GoodsReceiptFactory,
    GoodsReceiptLineFactory,
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
)
from tests.factories.receiving import ReceiptLineVoidFactory

pytestmark = pytest.mark.django_db

# 02:00 in Shanghai, on the morning of the delivery.
NOW = datetime(2026, 3, 9, 18, 0, tzinfo=UTC)


@pytest.fixture
def run() -> CutoffRun:
    run: CutoffRun = CutoffRunFactory.create(campaign__delivery_date=date(2026, 3, 10))
    return run


def order_due(run: CutoffRun, slot: time | None, **more: object) -> PurchaseOrder:
    order: PurchaseOrder = PurchaseOrderFactory.create(run=run, supplier__slot_start=slot, **more)
    return order


def bought(order: PurchaseOrder, **more: object) -> PurchaseOrderLine:
    """Ten pieces ordered, nine needed."""
    line: PurchaseOrderLine = PurchaseOrderLineFactory.create(purchase_order=order, **more)
    return line


def counted(line: PurchaseOrderLine, arrived_qty: int, **more: object) -> GoodsReceiptLine:
    row = GoodsReceiptLineFactory.create(
        receipt=GoodsReceiptFactory.create(purchase_order=line.purchase_order),
        purchase_line=line,
        arrived_qty=arrived_qty,
        **more,
    )
    BatchFactory.create(receipt_line=row)
    return GoodsReceiptLine.objects.get(pk=row.pk)


def shown(line: PurchaseOrderLine) -> DockLine:
    found = dock_line_of(line.purchase_order, line.pk)
    assert found is not None
    return found


def test_orders_come_as_they_are_due_and_the_evening_is_first(run: CutoffRun) -> None:
    orders = [order_due(run, slot) for slot in (None, time(3), time(0, 30), time(22))]

    found = dock_orders(run, now=NOW)

    assert [row.order for row in found] == [orders[3], orders[2], orders[1], orders[0]]
    assert [row.due_at for row in found] == [
        datetime(2026, 3, 9, 14, 0, tzinfo=UTC),
        datetime(2026, 3, 9, 16, 30, tzinfo=UTC),
        datetime(2026, 3, 9, 19, 0, tzinfo=UTC),
        None,
    ]


def test_a_slot_the_supplier_offered_counts(run: CutoffRun) -> None:
    order_due(run, time(1), slot_offered=time(4))

    (row,) = dock_orders(run, now=NOW)

    assert row.due_at == datetime(2026, 3, 9, 20, 0, tzinfo=UTC)
    assert not row.is_late


def test_an_order_is_late_when_its_slot_passed_and_nothing_was_counted(run: CutoffRun) -> None:
    late, here = bought(order_due(run, time(1))), bought(order_due(run, time(1, 30)))
    bought(order_due(run, time(2, 30)))
    counted(here, 0)

    assert [row.order for row in dock_orders(run, now=NOW) if row.is_late] == [late.purchase_order]


@pytest.mark.parametrize(
    ("arrived", "expected"),
    [
        pytest.param((None, None), OrderState.NOT_ENTERED, id="nothing_case"),
        pytest.param((0, None), OrderState.PARTLY, id="zero_case"),
        pytest.param((10, 10), OrderState.COMPLETE, id="complete_case"),
        pytest.param((10, 9), OrderState.DIFFERENT, id="short_case"),
        pytest.param((10, 0), OrderState.DIFFERENT, id="none_case"),
    ],
)
def test_an_order_says_how_far_its_count_is(
    run: CutoffRun, arrived: tuple[int | None, ...], expected: OrderState
) -> None:
    order = order_due(run, time(1))
    for qty in arrived:
        line = bought(order)
        if qty is None:
            ReceiptLineVoidFactory.create(receipt_line=counted(line, 10))
        else:
            counted(line, qty)

    (row,) = dock_orders(run, now=NOW)

    assert row.state is expected


def test_surplus_sent_back_is_a_difference_too(run: CutoffRun) -> None:
    line = bought(order_due(run, time(1)))
    counted(line, 14, rejected_qty=4, excess_qty=4)

    (row,) = dock_orders(run, now=NOW)

    assert row.state is OrderState.DIFFERENT
    assert shown(line).difference_qty == 4


def test_lines_that_are_no_longer_bought_are_not_awaited(run: CutoffRun) -> None:
    order = order_due(run, time(1))
    counted(bought(order), 10)
    bought(order, ended_as=LineEnd.MOVED, ended_reason="缺货")
    order_due(run, time(1), state=PurchaseOrderState.CANCELLED)

    (row,) = dock_orders(run, now=NOW)

    assert (row.lines, row.counted, row.state) == (1, 1, OrderState.COMPLETE)


@pytest.mark.parametrize("query", ["st77", "叶菜", "K700", "大白菜", "PO-77"])
def test_orders_are_found_by_supplier_number_and_goods(run: CutoffRun, query: str) -> None:
    order = order_due(run, None, supplier__code="ST77", supplier__name="叶菜商行", po_no="PO-77")
    bought(order, sku__code="K700", sku__name="大白菜 1kg")
    bought(order_due(run, None))

    assert [row.order for row in dock_orders(run, now=NOW, query=query)] == [order]


def test_the_board_takes_three_queries_however_many_orders(
    run: CutoffRun, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(3):
        counted(bought(order_due(run, time(1))), 10)

    with django_assert_num_queries(3):
        dock_orders(run, now=NOW)


def test_cold_goods_are_unloaded_first_and_then_what_is_needed_most(run: CutoffRun) -> None:
    order = order_due(run, None)
    few = bought(order, need_qty=2)
    many = bought(order, need_qty=10)
    frozen = bought(order, sku__storage=Storage.FROZEN)
    chilled = bought(order, sku__storage=Storage.CHILL)
    ended = bought(
        order, sku__storage=Storage.FROZEN, ended_as=LineEnd.GIVEN_UP, ended_reason="停产"
    )

    assert [row.line for row in dock_lines(order)] == [frozen, chilled, many, few, ended]


def test_a_line_sums_the_counts_that_stand(run: CutoffRun) -> None:
    line = bought(order_due(run, None))
    first = counted(line, 4, rejected_qty=1)
    wrong = counted(line, 40)
    ReceiptLineVoidFactory.create(receipt_line=wrong)
    second = counted(line, 4)

    row = shown(line)

    assert (row.counts, row.voided) == ((first, second), (wrong,))
    assert (row.arrived_qty, row.rejected_qty, row.accepted_qty) == (8, 1, 7)
    assert (row.difference_qty, row.short_qty) == (-3, 2)


def test_a_line_nobody_counted_has_no_difference(run: CutoffRun) -> None:
    row = shown(bought(order_due(run, None), confirmed_qty=7))

    assert (row.is_counted, row.difference_qty, row.short_qty) == (False, None, 0)
    assert (row.expected_qty, row.expected_packs, row.sample) == (7, (1, 2), 1)


def test_cold_goods_that_came_warm_or_unmeasured_are_marked(run: CutoffRun) -> None:
    line = bought(order_due(run, None), sku__storage=Storage.FROZEN)
    counted(line, 5, temperature_dc=-180)
    before = shown(line)
    counted(line, 5, temperature_dc=-80)
    counted(line, 0)
    warm = shown(line)
    counted(line, 1)

    assert (before.is_too_warm, before.lacks_temperature) == (False, False)
    assert (warm.is_too_warm, warm.lacks_temperature) == (True, False)
    assert shown(line).lacks_temperature


def test_goods_sold_by_weight_are_weighed(run: CutoffRun) -> None:
    line = bought(order_due(run, None), sku__kind=SkuKind.CATCH_WEIGHT, sku__tolerance_bp=500)

    assert shown(line).is_weighed


def test_lines_nobody_counted_are_listed_by_order(run: CutoffRun) -> None:
    order = order_due(run, None)
    counted(bought(order), 0)
    waiting = bought(order)
    bought(order, ended_as=LineEnd.GIVEN_UP, ended_reason="停产")

    assert [(row.line, row.expected_qty) for row in lines_not_counted(run)] == [(waiting, 10)]


def test_rows_of_other_nights_are_not_found(run: CutoffRun) -> None:
    line = bought(order_due(CutoffRunFactory.create(), None))
    row = counted(line, 3)

    assert dock_order_of(run, line.purchase_order_id) is None
    assert count_of(run, row.pk) is None
    assert dock_line_of(order_due(run, None), line.pk) is None
