"""The market's list from the rows."""

from datetime import UTC, date, datetime

import pytest

from fulfillment.models.purchasing import LineEnd, PurchaseOrderState
from fulfillment.papers.shopping_list import ShoppingListContent
from fulfillment.selectors.papers.day import paper_day
from fulfillment.selectors.papers.shopping import shopping_list_content
from fulfillment.selectors.papers.stamping import Stamper
from tests.factories.fulfillment import (
    CutoffRunFactory,
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
)

pytestmark = pytest.mark.django_db

STAMPER = Stamper(
    delivery_on=date(2026, 3, 11),
    wave="",
    revision=1,
    printed_at=datetime(2026, 3, 10, 16, 0, tzinfo=UTC),
    printed_by="test",
)


def listed(run_id: int) -> ShoppingListContent | None:
    return shopping_list_content(paper_day(run_id), STAMPER)


def test_only_the_market_is_on_the_list_approved_or_not() -> None:
    run = CutoffRunFactory.create()
    market = PurchaseOrderFactory.create(run=run, supplier__is_market=True)
    line = PurchaseOrderLineFactory.create(purchase_order=market)
    PurchaseOrderLineFactory.create(
        purchase_order=market, ended_as=LineEnd.GIVEN_UP, ended_reason="太贵"
    )
    PurchaseOrderLineFactory.create(purchase_order__run=run)
    PurchaseOrderLineFactory.create(
        purchase_order__run=run,
        purchase_order__supplier__is_market=True,
        purchase_order__state=PurchaseOrderState.CANCELLED,
    )

    content = listed(run.pk)

    assert content is not None
    (stall,) = content.stalls
    assert stall.seller.code == market.supplier.code
    (found,) = stall.lines
    assert (found.sku_code, found.need_qty, found.packs) == (line.sku.code, 9, 2)
    assert (found.unit_cost_fen, found.last_cost_fen) == (400, None)
    assert content.stamp.number == "B-0311-MARKET-r1"


def test_the_last_price_is_that_of_the_run_before() -> None:
    run = CutoffRunFactory.create()
    line = PurchaseOrderLineFactory.create(
        purchase_order__run=run, purchase_order__supplier__is_market=True
    )
    for day, cost_fen in (
        (date(2026, 3, 8), 100),
        (date(2026, 3, 10), 370),
        (date(2026, 3, 12), 9),
    ):
        PurchaseOrderLineFactory.create(
            purchase_order__run=CutoffRunFactory.create(campaign__delivery_date=day),
            sku=line.sku,
            unit_cost_fen=cost_fen,
        )

    content = listed(run.pk)

    assert content is not None
    assert content.stalls[0].lines[0].last_cost_fen == 370


def test_without_a_market_there_is_no_list() -> None:
    line = PurchaseOrderLineFactory.create()

    assert listed(line.purchase_order.run_id) is None
