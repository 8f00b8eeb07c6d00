"""Where a code scanned at the dock leads."""

from datetime import date

import pytest

from fulfillment.domain.label_codes import LabelCode, Labelled
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import LineEnd, PurchaseOrder, PurchaseOrderLine
from fulfillment.selectors.dock_codes import CodeMeaning, DockCode, dock_code
from tests.factories.fulfillment import (
    CutoffRunFactory,
    GoodsReceiptLineFactory,
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
)
from tests.factories.orders import SkuFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> CutoffRun:
    run: CutoffRun = CutoffRunFactory.create(campaign__delivery_date=date(2026, 3, 10))
    return run


@pytest.fixture
def order(run: CutoffRun) -> PurchaseOrder:
    order: PurchaseOrder = PurchaseOrderFactory.create(
        run=run, supplier__code="S1", po_no="P-C1-S1"
    )
    return order


@pytest.fixture
def line(order: PurchaseOrder) -> PurchaseOrderLine:
    line: PurchaseOrderLine = PurchaseOrderLineFactory.create(purchase_order=order, sku__code="K1")
    return line


@pytest.mark.parametrize(
    "text",
    [
        "P*0310*S1*1",
        "G*0310A*S1*2",
        "https://shop.example/c/P*0310A*S1*1",
        " p*0310*s1*1 ",
        "P-C1-S1",
        "s1",
    ],
)
def test_the_codes_and_the_number_of_an_order_lead_to_it(
    run: CutoffRun, order: PurchaseOrder, text: str
) -> None:
    found = dock_code(run, text)

    assert (found.meaning, found.order_id) == (CodeMeaning.ORDER, order.pk)


def test_a_second_order_to_a_supplier_has_papers_of_its_own(
    run: CutoffRun, order: PurchaseOrder
) -> None:
    second = PurchaseOrderFactory.create(run=run, supplier=order.supplier, seq=2)

    assert dock_code(run, "P*0310*S1-2*1").order_id == second.pk
    assert dock_code(run, "P*0310*S1*1").order_id == order.pk


@pytest.mark.parametrize("text", ["K1", "k1", "Ｋ１"])
def test_a_sku_leads_to_its_line(run: CutoffRun, line: PurchaseOrderLine, text: str) -> None:
    assert dock_code(run, text) == DockCode(
        meaning=CodeMeaning.LINE,
        text="K1",
        order_id=line.purchase_order_id,
        line_id=line.pk,
    )


def test_a_sku_of_several_orders_leads_to_the_one_that_is_open(
    run: CutoffRun, line: PurchaseOrderLine
) -> None:
    other = PurchaseOrderLineFactory.create(purchase_order__run=run, sku=line.sku)

    assert dock_code(run, "K1").line_id == line.pk
    assert dock_code(run, "K1", order=other.purchase_order).line_id == other.pk


def test_a_line_that_is_still_bought_wins_over_one_that_moved(
    run: CutoffRun, line: PurchaseOrderLine
) -> None:
    PurchaseOrderLine.objects.update(ended_as=LineEnd.MOVED, ended_reason="缺货")
    moved_to = PurchaseOrderLineFactory.create(purchase_order__run=run, sku=line.sku)

    assert dock_code(run, "K1").line_id == moved_to.pk


def test_a_pallet_label_leads_to_the_line_it_was_printed_for(
    run: CutoffRun, line: PurchaseOrderLine
) -> None:
    row = GoodsReceiptLineFactory.create(
        receipt__purchase_order=line.purchase_order, purchase_line=line
    )

    found = dock_code(run, str(LabelCode(Labelled.PALLET, row.pk)))

    assert (found.meaning, found.line_id) == (CodeMeaning.LINE, line.pk)


def test_goods_nobody_bought_tonight_are_named(run: CutoffRun, line: PurchaseOrderLine) -> None:
    sku = SkuFactory.create(code="K9")

    assert dock_code(run, "K9") == DockCode(meaning=CodeMeaning.NOT_BOUGHT, text="K9", sku=sku)


def test_papers_and_labels_of_other_nights_are_told_apart(
    run: CutoffRun, order: PurchaseOrder
) -> None:
    row = GoodsReceiptLineFactory.create()

    for text in ("P*0309*S1*1", str(LabelCode(Labelled.PALLET, row.pk))):
        assert dock_code(run, text).meaning is CodeMeaning.OTHER_NIGHT


@pytest.mark.parametrize("text", ["", "X", "M*0310A*C1-A*1", "P*0310*S9*1", "A-000099-0"])
def test_other_texts_mean_nothing_here(run: CutoffRun, order: PurchaseOrder, text: str) -> None:
    assert dock_code(run, text).meaning is CodeMeaning.UNKNOWN
