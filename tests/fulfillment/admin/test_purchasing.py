"""What buyers do with purchase orders and runs."""

from io import BytesIO

import openpyxl
import pytest
from django.http import FileResponse
from django.test import Client

from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderLine, PurchaseOrderState
from fulfillment.models.receiving import GoodsReceiptLine
from leaders.models.accounts import Role, User
from leaders.services.accounts import role_permissions_apply
from tests.factories.fulfillment import (
    GoodsReceiptFactory,
    GoodsReceiptLineFactory,
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
)
from tests.factories.leaders import UserFactory
from tests.factories.purchasing import SupplierPaperFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/fulfillment/purchaseorder/"


@pytest.fixture
def order() -> PurchaseOrder:
    """Two lines of nine sold and ten ordered; the first counted as six."""
    order: PurchaseOrder = PurchaseOrderFactory.create()
    first, _second = PurchaseOrderLineFactory.create_batch(2, purchase_order=order)
    count(first, 6)
    return order


def count(line: PurchaseOrderLine, arrived: int) -> None:
    receipt = GoodsReceiptFactory.create(
        purchase_order=line.purchase_order, receipt_no=f"{line.purchase_order.po_no}-G1"
    )
    GoodsReceiptLineFactory.create(receipt=receipt, purchase_line=line, arrived_qty=arrived)


def act(client: Client, action: str, order: PurchaseOrder) -> None:
    answer = client.post(LIST, {"action": action, "_selected_action": order.pk})
    assert answer.status_code == 302


def test_the_list_adds_up_what_is_filtered(buyer: Client, order: PurchaseOrder) -> None:
    PurchaseOrderLineFactory.create(need_qty=5, packs=1)

    whole = buyer.get(LIST).context["totals"]
    short = buyer.get(f"{LIST}?received=short").context["totals"]

    assert [text for _label, text in whole] == ["3", "23", "25", "2", "6", "3", "¥80.00"]
    assert [text for _label, text in short] == ["2", "18", "20", "2", "6", "3", "¥40.00"]


def test_orders_are_found_by_how_they_were_counted(buyer: Client, order: PurchaseOrder) -> None:
    complete = PurchaseOrderLineFactory.create(need_qty=5, packs=1)
    count(complete, 5)

    def found(received: str) -> list[str]:
        changes = buyer.get(f"{LIST}?received={received}").context["cl"]
        return [row.po_no for row in changes.queryset]

    assert found("short") == [order.po_no]
    assert found("open") == [order.po_no]
    assert found("complete") == [complete.purchase_order.po_no]


def test_counting_as_ordered_fills_in_what_nobody_counted(
    buyer: Client, order: PurchaseOrder
) -> None:
    act(buyer, "count_as_ordered", order)

    counted = GoodsReceiptLine.objects.filter(receipt__purchase_order=order).order_by("pk")
    assert list(counted.values_list("arrived_qty", flat=True)) == [6, 10]
    assert counted[1].receipt.received_by == User.objects.get(role=Role.BUYER)


def test_counting_as_ordered_twice_counts_once(buyer: Client, order: PurchaseOrder) -> None:
    act(buyer, "count_as_ordered", order)

    act(buyer, "count_as_ordered", order)

    assert GoodsReceiptLine.objects.filter(receipt__purchase_order=order).count() == 2


def test_after_the_close_counting_is_refused_and_said(buyer: Client, order: PurchaseOrder) -> None:
    close_receiving(buyer, order)

    page = buyer.post(
        LIST, {"action": "count_as_ordered", "_selected_action": order.pk}, follow=True
    )

    assert GoodsReceiptLine.objects.filter(receipt__purchase_order=order).count() == 1
    assert 'class="warning"' in page.content.decode()


def close_receiving(client: Client, order: PurchaseOrder) -> None:
    client.post(
        "/admin/fulfillment/cutoffrun/",
        {"action": "close_receiving", "_selected_action": order.run.pk},
    )


def test_closing_receiving_makes_the_counts_final(buyer: Client, order: PurchaseOrder) -> None:
    close_receiving(buyer, order)

    order.run.refresh_from_db()
    assert order.run.receiving_closed_at is not None


def test_an_order_that_no_rule_objects_to_is_approved(buyer: Client, order: PurchaseOrder) -> None:
    SupplierPaperFactory.create(supplier=order.supplier)

    act(buyer, "approve", order)

    order.refresh_from_db()
    assert order.state == PurchaseOrderState.SENT


def test_an_order_that_needs_a_reason_is_not_approved_from_the_list(
    buyer: Client, order: PurchaseOrder
) -> None:
    page = buyer.post(LIST, {"action": "approve", "_selected_action": order.pk}, follow=True)

    order.refresh_from_db()
    assert order.state == PurchaseOrderState.DRAFT
    assert 'class="error"' in page.content.decode()


def test_the_dispatcher_runs_no_action_on_purchase_orders(
    client: Client, order: PurchaseOrder
) -> None:
    user = UserFactory.create(role=Role.DISPATCHER)
    role_permissions_apply("dispatcher")
    client.force_login(user)

    answer = client.post(LIST, {"action": "approve", "_selected_action": order.pk})

    assert answer.status_code == 403


def test_the_export_has_every_line_with_its_counts(buyer: Client, order: PurchaseOrder) -> None:
    rows = exported(buyer, order)

    assert len(rows) == 3
    assert rows[1][6:17] == (9, 5, 2, 10, 1, 6, 0, 6, 3, 4, 40)
    assert rows[2][11:15] == (None, None, None, None)


def test_no_cell_of_the_export_is_a_formula(buyer: Client, order: PurchaseOrder) -> None:
    order.supplier.name = "=cmd|' /C calc'!A0"
    order.supplier.save()

    cells = [cell for row in exported(buyer, order) for cell in row if isinstance(cell, str)]

    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert "'=cmd|' /C calc'!A0" in cells


def exported(client: Client, order: PurchaseOrder) -> list[tuple[object, ...]]:
    answer = client.post(LIST, {"action": "export_xlsx", "_selected_action": order.pk})
    assert isinstance(answer, FileResponse)
    book = openpyxl.load_workbook(BytesIO(answer.getvalue()))
    return list(book.worksheets[0].iter_rows(values_only=True))
