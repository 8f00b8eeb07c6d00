"""The dock on a phone: the board, an order, its sheet and the close."""

from datetime import date, time
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django import Settings

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Document, Paper
from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderLine
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.models.warehouse import Warehouse
from leaders.models.accounts import Role
from orders.models.catalogue import Storage
from tests.factories.fulfillment import (
    BatchFactory,
    CutoffRunFactory,
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
)
from tests.factories.leaders import UserFactory
from tests.factories.orders import SkuFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def run() -> CutoffRun:
    run: CutoffRun = CutoffRunFactory.create(
        campaign__code="C1", campaign__delivery_date=date(2026, 3, 10)
    )
    return run


@pytest.fixture
def order(run: CutoffRun) -> PurchaseOrder:
    """Ten pieces of K1 and of K2, in packs of five, due at half past two."""
    order: PurchaseOrder = PurchaseOrderFactory.create(
        run=run, po_no="P-C1-S1", supplier__code="S1", supplier__slot_start=time(2, 30)
    )
    for code in ("K1", "K2"):
        PurchaseOrderLineFactory.create(purchase_order=order, sku__code=code)
    return order


def client_of(role: Role) -> Client:
    """A browser of somebody with this role."""
    client = Client()
    client.force_login(UserFactory.create(role=role))
    return client


@pytest.fixture
def receiver() -> Client:
    return client_of(Role.WAREHOUSE)


def page(name: str, *args: object) -> str:
    return reverse(name, args=["C1", *args])


def line_of(order: PurchaseOrder, code: str) -> PurchaseOrderLine:
    return order.lines.get(sku__code=code)


def text_of(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_the_board_shows_the_slot_and_that_nothing_is_entered(
    receiver: Client, order: PurchaseOrder
) -> None:
    text = text_of(receiver, page("receiving"))

    assert "02:30" in text
    assert "P-C1-S1" in text
    assert "0/2" in text


def test_the_board_can_show_one_state_only(receiver: Client, order: PurchaseOrder) -> None:
    assert "P-C1-S1" in text_of(receiver, page("receiving") + "?state=open")
    assert "P-C1-S1" not in text_of(receiver, page("receiving") + "?state=complete")
    assert "P-C1-S1" not in text_of(receiver, page("receiving") + "?q=nobody")


@pytest.mark.parametrize("role", [Role.LEADER, Role.DISPATCHER])
def test_the_dock_belongs_to_the_warehouse_and_the_buyers(order: PurchaseOrder, role: Role) -> None:
    assert client_of(role).get(page("receiving")).status_code == 403
    assert client_of(Role.BUYER).get(page("receiving")).status_code == 200


@pytest.mark.parametrize("text", ["P-C1-S1", "P*0310*S1*1"])
def test_scanning_an_order_opens_it(receiver: Client, order: PurchaseOrder, text: str) -> None:
    answer = receiver.get(page("receiving"), {"scan": text})

    assert answer["Location"] == page("receiving-order", order.pk)


def test_scanning_goods_opens_their_line(receiver: Client, order: PurchaseOrder) -> None:
    line = line_of(order, "K2")

    for start in (page("receiving"), page("receiving-order", order.pk)):
        answer = receiver.get(start, {"scan": "K2"})
        assert answer["Location"] == page("receiving-line", order.pk, line.pk)


def test_goods_of_another_order_are_said_to_be_of_another(
    receiver: Client, order: PurchaseOrder
) -> None:
    other = PurchaseOrderLineFactory.create(purchase_order__run=order.run, sku__code="K9")

    answer = receiver.get(page("receiving-order", order.pk), {"scan": "K9"}, follow=True)

    assert answer.redirect_chain[0][0] == page("receiving-line", other.purchase_order_id, other.pk)
    assert "K9 comes with another order" in answer.content.decode()


def test_goods_nobody_bought_lead_to_the_page_for_them(
    receiver: Client, order: PurchaseOrder
) -> None:
    SkuFactory.create(code="K9", name="Pears")

    answer = receiver.get(page("receiving"), {"scan": "K9"}, follow=True)

    assert answer.redirect_chain[0][0].startswith(page("receiving-stray"))
    assert "K9 Pears is on no purchase order of tonight" in answer.content.decode()
    assert 'value="K9 Pears"' in answer.content.decode()


def test_an_unknown_code_is_repeated_to_whoever_scanned_it(
    receiver: Client, order: PurchaseOrder
) -> None:
    assert "XYZ is no code" in text_of(receiver, page("receiving") + "?scan=xyz")


def test_an_order_shows_expected_packs_before_and_pieces_after_the_count(
    receiver: Client, order: PurchaseOrder
) -> None:
    receiver.post(
        page("receiving-line", order.pk, line_of(order, "K1").pk),
        {"event_id": "0d9f5ad0-6d53-4a6e-9f0b-3c6ad1c6f001", "packs": "1", "loose_qty": "1"},
    )

    text = text_of(receiver, page("receiving-order", order.pk))

    assert '<span class="dock-line__figure num">6</span>' in text
    assert '<span class="badge badge--caution num">-4</span>' in text
    assert '<span class="dock-line__figure dock-line__figure--due num">2' in text


def test_a_blind_count_shows_no_expected_figure(receiver: Client, order: PurchaseOrder) -> None:
    Warehouse.objects.update(is_blind_count=True)
    PurchaseOrderLine.objects.update(packs=77)

    texts = [
        text_of(receiver, page("receiving-order", order.pk)),
        text_of(receiver, page("receiving-line", order.pk, line_of(order, "K1").pk)),
        text_of(receiver, page("receiving-close")),
    ]

    shown = strip_tags("".join(texts))
    assert "77" not in shown
    assert "385" not in shown
    assert "Rest as ordered" not in shown


def test_everything_as_ordered_is_one_press(receiver: Client, order: PurchaseOrder) -> None:
    for _press in range(2):
        answer = receiver.post(page("receiving-as-ordered", order.pk), follow=True)

    assert list(GoodsReceiptLine.objects.values_list("accepted_qty", flat=True)) == [10, 10]
    assert "left to count" in answer.content.decode()


def test_a_blind_count_is_not_pressed_away(receiver: Client, order: PurchaseOrder) -> None:
    Warehouse.objects.update(is_blind_count=True)

    receiver.post(page("receiving-as-ordered", order.pk))

    assert not GoodsReceiptLine.objects.exists()


def test_the_sheet_is_drawn_when_it_is_asked_for(
    receiver: Client, order: PurchaseOrder, settings: Settings, tmp_path: Path
) -> None:
    settings.PAPERS_ROOT = tmp_path

    first = receiver.post(page("receiving-sheet", order.pk))
    again = receiver.post(page("receiving-sheet", order.pk))
    receiver.post(page("receiving-as-ordered", order.pk))
    changed = receiver.post(page("receiving-sheet", order.pk))

    revisions = Paper.objects.filter(document=Document.RECEIVING_SHEET).order_by("revision")
    assert [paper.revision for paper in revisions] == [1, 2]
    assert first["Location"] == again["Location"]
    assert changed["Location"] == reverse("paper-download", args=[revisions[1].pk])
    assert receiver.get(changed["Location"]).getvalue()[:4] == b"%PDF"


def test_closing_with_open_lines_needs_a_clear_word(
    receiver: Client, order: PurchaseOrder, run: CutoffRun
) -> None:
    refused = receiver.post(page("receiving-close"))
    run.refresh_from_db()
    before = run.receiving_closed_at
    receiver.post(page("receiving-close"), {"confirmed": "on"})
    run.refresh_from_db()

    assert refused.status_code == 422
    assert "Lines not entered: 2" in refused.content.decode()
    assert before is None
    assert run.receiving_closed_at is not None


def test_closing_is_one_press_when_everything_is_entered(
    receiver: Client, order: PurchaseOrder, run: CutoffRun
) -> None:
    receiver.post(page("receiving-as-ordered", order.pk))

    assert "Every line is entered" in text_of(receiver, page("receiving-close"))
    receiver.post(page("receiving-close"))

    run.refresh_from_db()
    assert run.receiving_closed_at is not None


def test_counts_show_their_batch_and_the_way_to_correct_them(
    receiver: Client, order: PurchaseOrder
) -> None:
    line = line_of(order, "K1")
    row = BatchFactory.create(
        receipt_line__receipt__purchase_order=order,
        receipt_line__purchase_line=line,
        batch_no="B-77",
        expires_on=date(2026, 3, 19),
    ).receipt_line

    text = text_of(receiver, page("receiving-order", order.pk))

    assert "B-77 · 2026-03-19" in text
    assert page("receiving-correct", row.pk) in text


def test_orders_of_other_nights_are_not_found(receiver: Client, run: CutoffRun) -> None:
    other = PurchaseOrderFactory.create()

    assert receiver.get(page("receiving-order", other.pk)).status_code == 404


def test_cold_goods_say_so(receiver: Client, order: PurchaseOrder) -> None:
    PurchaseOrderLineFactory.create(purchase_order=order, sku__storage=Storage.FROZEN)

    assert "Frozen" in text_of(receiver, page("receiving-order", order.pk))
