"""Two runs at one shelf, two buyers at one line, two buyers at one order."""

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from unittest.mock import patch

import pytest

from fulfillment.domain.leftovers import LeftoverBalance, LeftoverUse, leftovers_for
from fulfillment.domain.supplier_terms import SupplierTerms
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.leftovers import LeftoverMovement
from fulfillment.models.purchasing import LineEnd, PurchaseOrder, PurchaseOrderLine, Supplier
from fulfillment.services.purchase_changes import purchase_line_move
from fulfillment.services.purchasing import purchase_order_approve, purchase_orders_create
from leaders.models.accounts import User
from orders.models.catalogue import Sku
from orders.models.outbox import OutboxMessage
from orders.services.campaigns import campaign_freeze
from tests.builders import tiny_day
from tests.concurrency.race import Runner, deadlocks, race, values
from tests.factories.fulfillment import CutoffRunFactory, SupplierFactory
from tests.factories.leaders import UserFactory
from tests.factories.purchasing import LeftoverMovementFactory, SupplierPaperFactory
from tests.fulfillment.services.days import imported

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 10, 15, 30, tzinfo=UTC)
PAUSE_S = 0.5
SHELF = "fulfillment.services.leftovers"
CHANGES = "fulfillment.services.purchase_changes"
Patches = Sequence[AbstractContextManager[object]]


def taken_slowly(needs: Mapping[int, int], balances: list[LeftoverBalance]) -> list[LeftoverUse]:
    """What to take, and a pause between looking at the shelf and taking."""
    time.sleep(PAUSE_S)
    return leftovers_for(needs, balances)


def terms_slowly(
    _order: PurchaseOrder, line: PurchaseOrderLine, supplier: Supplier
) -> SupplierTerms:
    """The other supplier's terms, and a pause between looking at the line and moving it."""
    time.sleep(PAUSE_S)
    return SupplierTerms(
        supplier_code=supplier.code, sku_code=line.sku.code, pack_factor=5, unit_cost_fen=400
    )


def order_read(purchase_order_id: int) -> PurchaseOrder:
    """The order, and nothing is held: nobody waits for anybody."""
    orders = PurchaseOrder.objects.select_related("supplier", "run__campaign")
    return orders.get(pk=purchase_order_id)


def bought(code: str) -> CutoffRun:
    """A run of its own with frozen demand for 12 K1, 9 K2 and 6 K3."""
    day = tiny_day()
    run = imported(
        replace(
            day,
            sha256=code.ljust(64, "0"),
            campaign=replace(day.campaign, code=code),
            orders=tuple(
                replace(order, order_no=f"{code}{order.order_no}") for order in day.orders
            ),
        )
    )
    campaign_freeze(campaign_id=run.campaign_id, now=run.campaign.freeze_at)
    return run


def both_take(without: Patches) -> tuple[list[int], int]:
    """Two runs need twelve K1 each of fifteen: what they got, and what is left."""
    runs = [bought("C1"), bought("C2")]
    yesterday = CutoffRunFactory.create(campaign__delivery_date=date(2026, 3, 10))
    sku = Sku.objects.get(code="K1")
    LeftoverMovementFactory.create(origin_run=yesterday, sku=sku, qty=15)

    def take(runner: Runner) -> int:
        return purchase_orders_create(run=runs[runner.number], now=NOW)["pieces_left_over"]

    slow = patch(f"{SHELF}.leftovers_for", taken_slowly)
    outcomes = race(take, processes=2, without=[slow, *without])
    assert deadlocks(outcomes) == 0
    return sorted(values(outcomes)), sum(LeftoverMovement.objects.values_list("qty", flat=True))


def test_two_runs_never_take_the_same_pieces() -> None:
    assert both_take([]) == ([3, 12], 0)


@pytest.mark.control
def test_without_holding_the_shelf_two_runs_take_the_same_pieces() -> None:
    assert both_take([patch(f"{SHELF}._shelf_hold", lambda _skus: None)]) == ([12, 12], -9)


def both_move(without: Patches) -> list[tuple[str, int]]:
    """Two buyers move one line at once: how its SKU is bought then."""
    run = bought("C1")
    purchase_orders_create(run=run, now=run.campaign.freeze_at)
    line = PurchaseOrderLine.objects.get(sku__code="K1")
    other: Supplier = SupplierFactory.create()

    def move(_runner: Runner) -> bool:
        moved = purchase_line_move(purchase_line=line, supplier=other, reason="没货", now=NOW)
        return moved is not None

    slow = patch(f"{CHANGES}._terms_elsewhere", terms_slowly)
    outcomes = race(move, processes=2, without=[slow, *without])
    assert deadlocks(outcomes) == 0
    lines = PurchaseOrderLine.objects.filter(sku=line.sku).order_by("pk")
    return list(lines.values_list("ended_as", "need_qty"))


def test_two_buyers_move_a_line_once() -> None:
    assert both_move([]) == [(LineEnd.MOVED, 12), ("", 12)]


@pytest.mark.control
def test_without_holding_the_order_a_line_is_bought_twice() -> None:
    def target_of_each(run: CutoffRun, supplier: Supplier, _sku: int, _now: datetime) -> object:
        seq = PurchaseOrder.objects.count() + int(time.perf_counter_ns() % 10_000)
        return PurchaseOrder.objects.create(
            po_no=f"P{seq}", run=run, supplier=supplier, seq=seq, amount_fen=0, created_at=NOW
        )

    moved = both_move(
        [
            patch(f"{CHANGES}.order_held", order_read),
            patch(f"{CHANGES}._order_to_grow", target_of_each),
        ]
    )

    assert moved == [(LineEnd.MOVED, 12), ("", 12), ("", 12)]


def test_two_buyers_approve_an_order_once_and_its_supplier_is_told_once() -> None:
    run = bought("C1")
    purchase_orders_create(run=run, now=run.campaign.freeze_at)
    order = PurchaseOrder.objects.select_related("supplier").get(supplier__code="S1")
    SupplierPaperFactory.create(supplier=order.supplier)
    buyers: list[User] = UserFactory.create_batch(4)

    def approve(runner: Runner) -> bool:
        buyer = buyers[runner.number]
        return purchase_order_approve(purchase_order=order, actor=buyer, note="", now=NOW)

    outcomes = race(approve, processes=4)

    assert sorted(values(outcomes)) == [False, False, False, True]
    assert OutboxMessage.objects.count() == 1
