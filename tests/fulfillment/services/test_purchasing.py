"""Purchase orders of a run."""

import pytest

from fulfillment.errors import GoodsWithoutSupplier
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import (
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderState,
    Supplier,
    SupplierOffer,
)
from fulfillment.services.purchasing import purchase_order_send, purchase_orders_create
from orders.models.campaigns import Campaign, CampaignState
from orders.services.campaigns import campaign_freeze
from tests.fulfillment.services.days import imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> CutoffRun:
    """A run with frozen demand for 12 K1, 9 K2 and 6 K3."""
    run = imported()
    campaign_freeze(campaign_id=run.campaign_id, now=run.campaign.freeze_at)
    return run


def test_each_supplier_gets_one_order_in_whole_packs(run: CutoffRun) -> None:
    figures = purchase_orders_create(run=run, now=run.campaign.freeze_at)

    lines = PurchaseOrderLine.objects.order_by("sku__code").values_list(
        "purchase_order__po_no", "sku__code", "need_qty", "packs", "ordered_qty", "surplus_qty"
    )
    assert list(lines) == [
        ("P-C1-S1", "K1", 12, 3, 15, 3),
        ("P-C1-S1", "K2", 9, 3, 12, 3),
        ("P-C1-S2", "K3", 6, 1, 6, 0),
    ]
    assert figures["pieces_purchased"] == 33
    assert figures["pieces_surplus"] == 6


def test_an_order_below_the_minimum_is_made_and_says_so(run: CutoffRun) -> None:
    figures = purchase_orders_create(run=run, now=run.campaign.freeze_at)

    order = PurchaseOrder.objects.get(supplier__code="S2")
    assert order.amount_fen == 6 * 750
    assert order.min_order_gap_fen == 100_000 - 4500
    assert figures["below_minimum"] == 1


def test_the_cheaper_rank_is_asked_first(run: CutoffRun) -> None:
    second = SupplierOffer.objects.get(sku__code="K3")
    second.rank = 2
    second.save()
    other = Supplier.objects.get(code="S1")
    SupplierOffer.objects.create(
        supplier=other, sku=second.sku, pack_factor=1, cost_fen=900, rank=1
    )

    purchase_orders_create(run=run, now=run.campaign.freeze_at)

    assert PurchaseOrderLine.objects.get(sku__code="K3").purchase_order.supplier == other


def test_goods_nobody_offers_stop_the_step_and_are_named(run: CutoffRun) -> None:
    SupplierOffer.objects.filter(sku__code="K2").update(is_active=False)

    with pytest.raises(GoodsWithoutSupplier) as refused:
        purchase_orders_create(run=run, now=run.campaign.freeze_at)

    assert refused.value.details == {"sku_codes": ["K2"]}
    assert not PurchaseOrder.objects.exists()


def test_the_campaign_is_being_fulfilled_from_here_on(run: CutoffRun) -> None:
    purchase_orders_create(run=run, now=run.campaign.freeze_at)

    assert Campaign.objects.get().state == CampaignState.FULFILLING


def test_an_order_is_sent_once(run: CutoffRun) -> None:
    purchase_orders_create(run=run, now=run.campaign.freeze_at)
    order = PurchaseOrder.objects.get(supplier__code="S1")

    assert purchase_order_send(purchase_order=order) is True
    assert purchase_order_send(purchase_order=order) is False
    order.refresh_from_db()
    assert order.state == PurchaseOrderState.SENT
