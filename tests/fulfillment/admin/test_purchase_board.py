"""The buyer's board: exceptions first, decisions beside them."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Document, Paper
from fulfillment.models.purchasing import (
    LineEnd,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderState,
    Supplier,
    SupplierOffer,
)
from fulfillment.services.purchasing import purchase_orders_create
from leaders.models.accounts import Role
from leaders.services.accounts import role_permissions_apply
from orders.services.campaigns import campaign_freeze
from tests.factories.fulfillment import CutoffRunFactory
from tests.factories.leaders import UserFactory
from tests.factories.purchasing import SupplierPaperFactory
from tests.fulfillment.services.days import imported

pytestmark = pytest.mark.django_db

BOARD = reverse("admin:fulfillment_purchaseorder_board")
RUN_BOARD = reverse("admin:fulfillment_purchaseorder_board_run", args=["C1"])
DECIDE = reverse("admin:fulfillment_purchaseorder_board_decide", args=["C1"])


@pytest.fixture(autouse=True)
def _papers(settings: Settings, tmp_path: Path) -> None:
    settings.PAPERS_ROOT = tmp_path


@pytest.fixture
def run() -> CutoffRun:
    """S1 brings K1 and K2 and has a licence; S2 brings K3, below its minimum, and has none."""
    run = imported()
    campaign_freeze(campaign_id=run.campaign_id, now=run.campaign.freeze_at)
    offer = SupplierOffer.objects.get(sku__code="K1")
    SupplierOffer.objects.create(
        supplier=Supplier.objects.get(code="S2"), sku=offer.sku, pack_factor=4, cost_fen=290, rank=5
    )
    SupplierPaperFactory.create(supplier=offer.supplier, expires_on=date(2099, 1, 1))
    purchase_orders_create(run=run, now=run.campaign.freeze_at)
    return run


def order_of(code: str) -> PurchaseOrder:
    return PurchaseOrder.objects.get(po_no=f"P-C1-{code}")


def decide(client: Client, action: str, order: PurchaseOrder, **given: object) -> str:
    page = client.post(DECIDE, {"action": action, "order": order.pk, **given}, follow=True)
    assert page.status_code == 200
    return page.content.decode()


def test_the_board_opens_on_the_newest_run_with_exceptions_first(
    buyer: Client, run: CutoffRun
) -> None:
    page = buyer.get(BOARD)

    assert [row["order"].po_no for row in page.context["rows"]] == ["P-C1-S2", "P-C1-S1"]
    assert len(page.context["rows"][0]["objections"]) == 2
    assert page.context["rows"][1]["objections"] == []
    assert len(page.context["desk"].unapproved) == 2
    assert 'class="board__alarm"' in page.content.decode()


def test_before_the_first_run_the_board_says_so(buyer: Client) -> None:
    assert buyer.get(BOARD).status_code == 200
    assert buyer.get(RUN_BOARD).status_code == 404


def test_before_the_orders_are_made_the_board_names_what_nobody_offers(buyer: Client) -> None:
    run = imported()
    campaign_freeze(campaign_id=run.campaign_id, now=run.campaign.freeze_at)
    SupplierOffer.objects.filter(sku__code="K3").update(is_active=False)

    page = buyer.get(RUN_BOARD)

    assert [pieces for _goods, pieces in page.context["desk"].unsourced] == [6]
    assert "K3" in page.content.decode()


def test_an_approval_is_sent_logged_and_printed(buyer: Client, run: CutoffRun) -> None:
    decide(buyer, "approve", order_of("S1"))

    order = order_of("S1")
    assert order.state == PurchaseOrderState.SENT
    assert LogEntry.objects.get().object_id == str(order.pk)
    printed = Paper.objects.filter(run=run).values_list("document", "scope")
    assert set(printed) == {
        (Document.PURCHASE_ORDER, "S1"),
        (Document.RECEIVING_SHEET, "S1"),
    }
    assert buyer.get(RUN_BOARD).context["rows"][1]["link"].startswith("http")


def test_an_order_that_a_rule_objects_to_needs_a_reason(buyer: Client, run: CutoffRun) -> None:
    assert 'class="error"' in decide(buyer, "approve", order_of("S2"))
    assert order_of("S2").state == PurchaseOrderState.DRAFT

    decide(buyer, "approve", order_of("S2"), reason="新供应商，证照明天补")
    assert order_of("S2").approval_note == "新供应商，证照明天补"


def test_ticked_lines_move_to_the_chosen_supplier(buyer: Client, run: CutoffRun) -> None:
    line = PurchaseOrderLine.objects.get(sku__code="K1")

    decide(
        buyer,
        "move",
        order_of("S1"),
        lines=[line.pk],
        supplier=Supplier.objects.get(code="S2").pk,
        reason="没货",
    )

    assert PurchaseOrderLine.objects.get(sku__code="K1", ended_as="").purchase_order == (
        order_of("S2")
    )


def test_ticked_lines_are_given_up(buyer: Client, run: CutoffRun) -> None:
    line = PurchaseOrderLine.objects.get(sku__code="K3")

    decide(buyer, "give_up", order_of("S2"), lines=[line.pk], reason="差太多")

    line.refresh_from_db()
    assert (line.ended_as, order_of("S2").state) == (
        LineEnd.GIVEN_UP,
        PurchaseOrderState.CANCELLED,
    )


def test_buying_up_is_one_button(buyer: Client, run: CutoffRun) -> None:
    decide(buyer, "buy_up", order_of("S2"), reason="明天还卖")

    order = order_of("S2")
    assert (order.state, order.min_order_gap_fen) == (PurchaseOrderState.SENT, 0)


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("move", {"reason": "没货"}),
        ("give_up", {"reason": "没货"}),
        ("dance", {}),
        ("move", {"lines": ["x"], "reason": "没货"}),
    ],
)
def test_a_decision_that_says_too_little_changes_nothing(
    buyer: Client, run: CutoffRun, action: str, given: dict[str, object]
) -> None:
    assert 'class="error"' in decide(buyer, action, order_of("S1"), **given)
    assert not PurchaseOrderLine.objects.exclude(ended_as="").exists()


def test_whoever_may_not_change_orders_decides_nothing(client: Client, run: CutoffRun) -> None:
    client.force_login(UserFactory.create(role=Role.DISPATCHER))
    role_permissions_apply("dispatcher")

    assert client.get(BOARD).status_code == 403
    assert client.post(DECIDE, {}).status_code == 403


@pytest.mark.parametrize(("days", "step"), [(-3, 0), (0, 0), (5, 7), (30, 30), (31, None)])
def test_licences_that_run_out_are_on_the_board(
    buyer: Client, run: CutoffRun, days: int, step: int | None
) -> None:
    last_day = timezone.localdate() + timedelta(days=days)
    SupplierPaperFactory.create(supplier=Supplier.objects.get(code="S2"), expires_on=last_day)

    expiring = buyer.get(RUN_BOARD).context["desk"].expiring

    assert [(row.days_left, row.step) for row in expiring] == (
        [] if step is None else [(days, step)]
    )


def test_the_last_price_is_beside_the_new_one(buyer: Client, run: CutoffRun) -> None:
    sku = PurchaseOrderLine.objects.get(sku__code="K1").sku
    earlier = PurchaseOrderLine.objects.get(sku__code="K3")
    earlier_run = PurchaseOrder.objects.create(
        po_no="P-OLD",
        run=CutoffRunFactory.create(campaign__delivery_date=date(2026, 3, 9)),
        supplier=earlier.purchase_order.supplier,
        amount_fen=0,
        created_at=run.created_at,
    )
    PurchaseOrderLine.objects.create(
        purchase_order=earlier_run, sku=sku, need_qty=1, pack_factor=1, packs=1, unit_cost_fen=123
    )

    page = buyer.get(RUN_BOARD)

    (row,) = [row for row in page.context["rows"] if row["order"].po_no == "P-C1-S1"]
    assert row["desk"].lines[0].last_cost_fen == 123
    assert "¥1.23" in page.content.decode()
