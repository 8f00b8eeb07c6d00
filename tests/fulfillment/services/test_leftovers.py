"""Pieces onto the shelf at the end of a run, and off it into a later one."""

from datetime import UTC, date, datetime

import pytest

from fulfillment.errors import LeftoverNotThere
from fulfillment.models.leftovers import LeftoverKind, LeftoverMovement
from fulfillment.selectors.leftovers import leftover_balances
from fulfillment.services.leftovers import Taking, leftover_take, leftovers_keep, leftovers_use
from tests.factories.fulfillment import (
    AllocationFactory,
    CutoffRunFactory,
    GoodsReceiptLineFactory,
    PurchaseOrderFactory,
)
from tests.factories.leaders import UserFactory
from tests.factories.orders import OrderLineFactory
from tests.factories.purchasing import LeftoverMovementFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 12, 15, 10, tzinfo=UTC)


def test_a_run_takes_from_the_shelf_once_however_often_it_asks() -> None:
    kept = LeftoverMovementFactory.create(qty=5)
    run = CutoffRunFactory.create(campaign__delivery_date=date(2026, 3, 13))

    first = leftovers_use(run=run, needs={kept.sku_id: 3}, now=NOW)
    again = leftovers_use(run=run, needs={kept.sku_id: 3}, now=NOW)

    assert first == again == {kept.sku_id: 3}
    assert [balance.qty for balance in leftover_balances(on=date(2026, 3, 13))] == [2]
    used = LeftoverMovement.objects.get(kind=LeftoverKind.USED)
    assert (used.origin_run, used.used_run, used.qty) == (kept.origin_run, run, -3)


def test_what_is_too_old_is_not_used() -> None:
    kept = LeftoverMovementFactory.create(qty=5)
    run = CutoffRunFactory.create(campaign__delivery_date=date(2026, 3, 20))

    assert leftovers_use(run=run, needs={kept.sku_id: 3}, now=NOW) == {}


def test_the_spare_of_a_run_goes_onto_the_shelf_once() -> None:
    run = CutoffRunFactory.create()
    counted = GoodsReceiptLineFactory.create(
        receipt__purchase_order=PurchaseOrderFactory.create(run=run), arrived_qty=10
    )
    sku = counted.purchase_line.sku
    line = OrderLineFactory.create(
        offer__sku=sku, offer__campaign=run.campaign, order__campaign=run.campaign, qty=6
    )
    AllocationFactory.create(run=run, order_line=line)
    keeper = UserFactory.create()

    first = leftovers_keep(run=run, actor=keeper, now=NOW)
    again = leftovers_keep(run=run, actor=keeper, now=NOW)

    assert (first, again) == ({sku.pk: 4}, {})
    movement = LeftoverMovement.objects.get()
    assert (movement.origin_run, movement.kind, movement.qty, movement.actor) == (
        run,
        LeftoverKind.KEPT,
        4,
        keeper,
    )


def test_pieces_that_were_left_over_before_are_not_made_young_again() -> None:
    kept = LeftoverMovementFactory.create(qty=5)
    run = CutoffRunFactory.create(campaign__delivery_date=date(2026, 3, 12))
    leftovers_use(run=run, needs={kept.sku_id: 5}, now=NOW)
    line = OrderLineFactory.create(
        offer__sku=kept.sku, offer__campaign=run.campaign, order__campaign=run.campaign, qty=5
    )
    AllocationFactory.create(run=run, order_line=line, allocated_qty=3)

    kept_now = leftovers_keep(run=run, actor=None, now=NOW)

    assert kept_now == {kept.sku_id: 2}
    assert leftover_balances(on=date(2026, 3, 12)) == []
    written_off = LeftoverMovement.objects.get(kind=LeftoverKind.DISPOSED)
    assert (written_off.origin_run, written_off.qty) == (run, -2)
    assert written_off.reason


def test_goods_leave_the_shelf_by_hand_with_a_reason() -> None:
    kept = LeftoverMovementFactory.create(qty=5)
    keeper = UserFactory.create()

    movement = leftover_take(
        origin_run_id=kept.origin_run_id,
        sku_id=kept.sku_id,
        taking=Taking(kind=LeftoverKind.GIVEN, qty=2, reason="给 3-07 团长试吃"),
        actor=keeper,
        now=NOW,
    )

    assert (movement.qty, movement.reason, movement.actor) == (-2, "给 3-07 团长试吃", keeper)
    assert [balance.qty for balance in leftover_balances(on=date(2026, 3, 12))] == [3]


@pytest.mark.parametrize("qty", [-1, 0, 6])
def test_no_more_leaves_the_shelf_than_lies_there(qty: int) -> None:
    kept = LeftoverMovementFactory.create(qty=5)

    with pytest.raises(LeftoverNotThere) as refused:
        leftover_take(
            origin_run_id=kept.origin_run_id,
            sku_id=kept.sku_id,
            taking=Taking(kind=LeftoverKind.DISPOSED, qty=qty, reason="烂了"),
            actor=UserFactory.create(),
            now=NOW,
        )

    assert refused.value.details == {"pieces": 5}
