"""The shelf as the buyers and the next run see it."""

from datetime import date, timedelta

import pytest
from pytest_django import Settings

from fulfillment.domain.leftovers import LeftoverBalance
from fulfillment.models.leftovers import LeftoverKind
from fulfillment.selectors.leftovers import leftover_balances, leftovers_used_by_sku
from orders.models.catalogue import Storage
from tests.factories.fulfillment import (
    BatchFactory,
    CutoffRunFactory,
    GoodsReceiptLineFactory,
    PurchaseOrderFactory,
)
from tests.factories.orders import SkuFactory
from tests.factories.purchasing import LeftoverMovementFactory

pytestmark = pytest.mark.django_db

DELIVERED_ON = date(2026, 3, 11)


def test_a_balance_is_the_sum_of_its_movements_and_ends_at_nothing() -> None:
    kept = LeftoverMovementFactory.create(qty=9)
    for qty in (-2, -3):
        LeftoverMovementFactory.create(
            origin_run=kept.origin_run,
            sku=kept.sku,
            kind=LeftoverKind.DISPOSED,
            qty=qty,
            reason="烂了",
        )
    empty = LeftoverMovementFactory.create(qty=1)
    LeftoverMovementFactory.create(
        origin_run=empty.origin_run, sku=empty.sku, kind=LeftoverKind.GIVEN, qty=-1, reason="试吃"
    )

    balances = leftover_balances(on=DELIVERED_ON + timedelta(days=1))

    assert balances == [
        LeftoverBalance(
            sku_id=kept.sku_id, origin_run_id=kept.origin_run_id, qty=4, age_days=1, is_usable=True
        )
    ]


def test_what_is_too_old_stays_in_the_list_and_is_marked(settings: Settings) -> None:
    settings.LEFTOVER_MAX_AGE_DAYS = 2
    LeftoverMovementFactory.create()
    LeftoverMovementFactory.create(sku=SkuFactory.create(storage=Storage.CHILL))

    usable = {
        days: [
            balance.is_usable for balance in leftover_balances(on=DELIVERED_ON + timedelta(days))
        ]
        for days in (1, 2, 3)
    }

    assert usable == {1: [True, True], 2: [True, False], 3: [False, False]}


def test_a_batch_past_its_date_is_not_sold_again() -> None:
    kept = LeftoverMovementFactory.create()
    counted = GoodsReceiptLineFactory.create(
        receipt__purchase_order=PurchaseOrderFactory.create(run=kept.origin_run),
        purchase_line__sku=kept.sku,
    )
    BatchFactory.create(receipt_line=counted, expires_on=DELIVERED_ON)

    (balance,) = leftover_balances(on=DELIVERED_ON + timedelta(days=1))

    assert balance.is_usable is False


def test_what_a_run_used_is_told_per_sku() -> None:
    kept = LeftoverMovementFactory.create()
    run = CutoffRunFactory.create()
    for qty in (-2, -1):
        LeftoverMovementFactory.create(
            origin_run=kept.origin_run,
            sku=kept.sku,
            kind=LeftoverKind.USED,
            used_run=run,
            qty=qty,
        )

    assert leftovers_used_by_sku(run) == {kept.sku_id: 3}
    assert leftovers_used_by_sku(kept.origin_run) == {}
