"""Buying in a real browser: the supplier's phone and the buyer's board."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from fulfillment.models.purchasing import LineEnd, PurchaseOrder, PurchaseOrderState
from fulfillment.services.supplier_links import supplier_token
from leaders.models.accounts import Role, User
from leaders.services.accounts import role_permissions_apply
from tests.browser.workplaces import DESK, PHONE, overflow_px, workplace
from tests.factories.fulfillment import (
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
    SupplierOfferFactory,
)
from tests.factories.leaders import UserFactory
from tests.factories.orders import SkuFactory
from tests.factories.purchasing import SupplierPaperFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GOODS = ("西兰花 约750g", "奶白菜 500g", "冰淇淋西瓜 1个约3.5斤")


@pytest.fixture
def buyer(transactional_db: None) -> User:
    user: User = UserFactory.create(role=Role.BUYER)
    role_permissions_apply("buyer")
    return User.objects.get(pk=user.pk)


@pytest.fixture
def order(transactional_db: None) -> PurchaseOrder:
    """An order that was just sent: three lines, and one that was given up."""
    now = timezone.now()
    made: PurchaseOrder = PurchaseOrderFactory.create(
        po_no="P-C20260310-S18",
        state=PurchaseOrderState.SENT,
        approved_at=now,
        approved_by=UserFactory.create(),
        confirm_by=now + timedelta(minutes=15),
        amount_fen=12_000,
        supplier__code="S18",
        supplier__min_order_fen=60_000,
    )
    for name in GOODS:
        PurchaseOrderLineFactory.create(purchase_order=made, sku=SkuFactory.create(name=name))
    PurchaseOrderLineFactory.create(
        purchase_order=made,
        sku=SkuFactory.create(name="油麦菜 300g"),
        ended_as=LineEnd.GIVEN_UP,
        ended_reason="差起订额",
    )
    return made


@pytest.fixture
def stranger(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A supplier's phone without scripts that was never here before."""
    context = browser.new_context(
        viewport=PHONE, base_url=live_server.url, locale="zh-CN", java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def test_a_supplier_confirms_short_on_a_small_phone(stranger: Page, order: PurchaseOrder) -> None:
    stranger.goto(f"/po/{supplier_token(order)}/")
    assert overflow_px(stranger) == 0
    figures = stranger.locator(".figure-field__input")
    for at, qty in enumerate(("10", "0", "7")):
        figures.nth(at).fill(qty)
    stranger.locator("select[name=slot]").select_option("02:30")
    stranger.locator(".supplier__act button").nth(1).click()

    expect(stranger.locator(".notice--success")).to_be_visible()
    expect(stranger.locator(".notice--caution")).to_be_visible()
    order.refresh_from_db()
    assert order.state == PurchaseOrderState.CONFIRMED_SHORT
    confirmed = order.lines.filter(ended_as="").order_by("pk")
    assert list(confirmed.values_list("confirmed_qty", flat=True)) == [10, 0, 7]


def test_one_press_confirms_everything(stranger: Page, order: PurchaseOrder) -> None:
    stranger.goto(f"/po/{supplier_token(order)}/")
    stranger.locator("button[name=all]").click()

    expect(stranger.locator(".notice--success").first).to_be_visible()
    order.refresh_from_db()
    assert order.state == PurchaseOrderState.CONFIRMED


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_board_stays_within_the_screen_and_the_policy(
    browser: Browser,
    live_server: LiveServer,
    buyer: User,
    order: PurchaseOrder,
    viewport: ViewportSize,
) -> None:
    draft = PurchaseOrderFactory.create(run=order.run, supplier__code="S07")
    PurchaseOrderLineFactory.create(purchase_order=draft)
    SupplierPaperFactory.create(
        supplier=draft.supplier, expires_on=timezone.localdate() + timedelta(days=5)
    )

    with workplace(browser, live_server, buyer, viewport) as (page, heard):
        page.goto("/admin/fulfillment/purchaseorder/board/")

        assert overflow_px(page) == 0
        assert heard.complaints == []
        assert heard.strangers == []
        expect(page.locator(".board__alarm")).to_be_visible()


def test_a_buyer_approves_and_moves_a_line_on_the_board(
    browser: Browser, live_server: LiveServer, buyer: User
) -> None:
    line = PurchaseOrderLineFactory.create(purchase_order__supplier__code="S07")
    other = SupplierOfferFactory.create(sku=line.sku, supplier__code="S09").supplier
    order = line.purchase_order

    with workplace(browser, live_server, buyer, DESK) as (page, _heard):
        page.goto("/admin/fulfillment/purchaseorder/board/")
        card = page.locator(f"[id='{order.po_no}']")
        card.locator("input[name=lines]").check()
        card.locator("[name=reason]").fill("没货")
        card.locator("[name=supplier]").select_option(str(other.pk))
        card.locator("button[value=move]").click()
        expect(page.locator(".messagelist .success")).to_be_visible()
        card = page.locator(".board__order", has_text="S09")
        card.locator("[name=reason]").fill("证照明天补")
        card.locator("button[value=approve]").click()
        expect(page.locator(".messagelist .success")).to_be_visible()

    moved = PurchaseOrder.objects.get(supplier=other)
    assert (moved.state, moved.approval_note) == (PurchaseOrderState.SENT, "证照明天补")
