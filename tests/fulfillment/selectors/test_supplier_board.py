"""How suppliers did lately."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fulfillment.models.purchasing import PurchaseOrderLine, Supplier
from fulfillment.models.receiving import GoodsReceiptLine, ReceiptLineVoid
from fulfillment.models.supplier_accounts import SupplierClaimState
from fulfillment.models.supplier_papers import SupplierPaperKind
from fulfillment.selectors.supplier_board import PriceMove, SupplierRow, supplier_board
from leaders.models.accounts import Role
from tests.factories.exceptions import SupplierClaimFactory, SupplierStatementFactory
from tests.factories.fulfillment import (
    GoodsReceiptLineFactory,
    PurchaseOrderLineFactory,
    SupplierFactory,
)
from tests.factories.leaders import UserFactory
from tests.factories.orders import SkuFactory
from tests.factories.purchasing import SupplierPaperFactory

pytestmark = pytest.mark.django_db

# The day the factories' goods come.
TODAY = date(2026, 3, 11)
# Its slot of 2:30 ends at 3:00 in Shanghai.
SLOT, IN_TIME = time(2, 30), datetime(2026, 3, 10, 18, 59, tzinfo=UTC)


def bought(supplier: Supplier, qty: int = 40, **more: object) -> PurchaseOrderLine:
    line: PurchaseOrderLine = PurchaseOrderLineFactory.create(
        purchase_order__supplier=supplier, need_qty=qty, pack_factor=1, packs=qty, **more
    )
    return line


def received(line: PurchaseOrderLine, **counts: object) -> GoodsReceiptLine:
    row: GoodsReceiptLine = GoodsReceiptLineFactory.create(
        purchase_line=line, receipt__purchase_order=line.purchase_order, **counts
    )
    return row


def row_of(supplier: Supplier) -> SupplierRow:
    (row,) = [row for row in supplier_board(TODAY).rows if row.supplier == supplier]
    return row


def test_what_was_accepted_and_rejected_is_held_against_what_was_ordered() -> None:
    supplier = SupplierFactory.create()
    line = bought(supplier)
    received(line, arrived_qty=30, rejected_qty=3)

    figures = row_of(supplier).deliveries

    assert (figures.orders, figures.fill_bp, figures.rejected_bp) == (1, 6_750, 1_000)


def test_a_count_that_was_taken_back_does_not_count() -> None:
    supplier = SupplierFactory.create()
    line = bought(supplier)
    received(line, arrived_qty=40)
    wrong = received(line, arrived_qty=40)
    ReceiptLineVoid.objects.create(
        receipt_line=wrong, reason="twice", voided_at=IN_TIME, voided_by=UserFactory.create()
    )

    assert row_of(supplier).deliveries.fill_bp == 10_000


def test_what_nobody_has_counted_is_open_until_its_day_is_closed() -> None:
    supplier = SupplierFactory.create()
    line = bought(supplier)
    before = row_of(supplier).deliveries.fill_bp
    run = line.purchase_order.run
    run.day_closed_at = IN_TIME
    run.save()

    assert (before, row_of(supplier).deliveries.fill_bp) == (None, 0)


def test_an_order_is_in_time_when_all_of_it_is_there_by_the_end_of_the_slot() -> None:
    supplier = SupplierFactory.create(slot_start=SLOT)
    for late in (timedelta(0), timedelta(minutes=2)):
        received(bought(supplier), receipt__received_at=IN_TIME + late)

    figures = row_of(supplier).deliveries

    assert (figures.punctual, figures.slotted, figures.punctual_bp) == (1, 2, 5_000)


def test_a_market_has_no_slot_to_keep() -> None:
    market = SupplierFactory.create(slot_start=SLOT, is_market=True)
    received(bought(market), receipt__received_at=IN_TIME)

    assert row_of(market).deliveries.punctual_bp is None


def test_the_last_change_of_a_cost_is_shown() -> None:
    supplier, eggs = SupplierFactory.create(), SkuFactory.create(code="K1", name="鸡蛋")
    for hour, cost_fen in enumerate((100, 100, 120, 115)):
        bought(
            supplier,
            sku=eggs,
            unit_cost_fen=cost_fen,
            purchase_order__created_at=IN_TIME + timedelta(hours=hour),
        )

    row = row_of(supplier)

    assert row.moves == [PriceMove("K1", "鸡蛋", 120, 115)]
    assert (row.dearer, row.cheaper) == ([], 1)


def test_open_claims_and_unpaid_statements_are_summed() -> None:
    supplier = SupplierFactory.create()
    line = bought(supplier)
    for state in (SupplierClaimState.RAISED, SupplierClaimState.DROPPED):
        SupplierClaimFactory.create(
            supplier=supplier, purchase_line=line, state=state, amount_fen=700
        )
    SupplierStatementFactory.create(
        supplier=supplier, goods_fen=5_000, claims_fen=1_000, due_on=TODAY
    )

    row = row_of(supplier)

    assert tuple(row.claims) == (1, 700)
    assert tuple(row.due) == (1, 4_000, TODAY)


def test_the_licence_that_ends_first_is_shown_and_one_that_lacks_is_said() -> None:
    supplier = SupplierFactory.create()
    SupplierPaperFactory.create(
        supplier=supplier,
        kind=SupplierPaperKind.FOOD_LICENCE,
        expires_on=TODAY + timedelta(days=5),
    )
    alone = row_of(supplier)
    SupplierPaperFactory.create(
        supplier=supplier, kind=SupplierPaperKind.BUSINESS_LICENCE, expires_on=None
    )

    assert (alone.licence_days_left, alone.lacks_licence) == (5, True)
    assert row_of(supplier).lacks_licence is False


def test_who_failed_most_stands_first_and_who_brought_nothing_last() -> None:
    idle, good, bad = (SupplierFactory.create() for _ in range(3))
    for supplier, arrived_qty in ((good, 40), (bad, 10)):
        received(bought(supplier), arrived_qty=arrived_qty)

    assert [row.supplier for row in supplier_board(TODAY).rows] == [bad, good, idle]


def test_what_is_older_than_thirty_days_is_left_out() -> None:
    supplier = SupplierFactory.create()
    received(bought(supplier))

    later = supplier_board(TODAY + timedelta(days=31)).rows

    assert [row.deliveries.orders for row in later] == [0]


def test_the_page_needs_as_many_queries_for_many_suppliers_as_for_one(client: Client) -> None:
    client.force_login(UserFactory.create(role=Role.BUYER))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("workbench-suppliers"))
        assert page.status_code == 200
        assert "shortages" in str(page.context["ways"])
        return len(captured.captured_queries)

    bought(SupplierFactory.create())
    few = queries()
    for _ in range(4):
        line = bought(SupplierFactory.create(slot_start=SLOT))
        received(line)
        SupplierClaimFactory.create(supplier=line.purchase_order.supplier, purchase_line=line)
        SupplierStatementFactory.create(supplier=line.purchase_order.supplier)

    assert queries() == few
