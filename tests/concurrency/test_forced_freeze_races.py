"""No order slips into a campaign that two buyers have closed early."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from unittest.mock import patch

import pytest

from leaders.models.accounts import Role
from orders.errors import OrderingClosed
from orders.models.demand import DemandSnapshot
from orders.models.orders import Order, OrderState
from orders.services.campaigns import campaign_freeze
from orders.services.forced_freeze import forced_freeze_ask, forced_freeze_sign
from orders.services.placement import order_place
from tests.concurrency.freeze_races import pay_by_report
from tests.concurrency.race import Runner, errors, race, values
from tests.concurrency.shop import ORDERING_AT, Shop, ordering_clock, shop_open
from tests.factories.leaders import UserFactory

BUYERS, ROUNDS = 3, 3
# A buyer has read that the campaign is open, and takes longer than the closing.
READ = {"placement.campaign_read": 0.25}


@dataclass(frozen=True, slots=True)
class Closings:
    """Orders at the moment a closing was through, at the end, and in the snapshots."""

    closed_at: int
    orders: int
    unfrozen: int


def closings(without: Sequence[AbstractContextManager[object]] = ()) -> Closings:
    """Close one campaign per round early while everybody orders and pays in it."""
    shops = [shop_open(buyers=BUYERS, caps=[None]) for _round in range(ROUNDS)]
    asker, signer = UserFactory.create_batch(2, role=Role.BUYER)
    asked = [
        forced_freeze_ask(campaign_id=shop.campaign_id, reason="停电", actor=asker, now=ORDERING_AT)
        for shop in shops
    ]

    def run(runner: Runner) -> int:
        shop = shops[runner.round]
        if runner.number < BUYERS:
            return _order_until_closed(shop, runner.number)
        while Order.objects.filter(campaign=shop.campaign_id).count() < BUYERS:
            time.sleep(0.01)
        forced_freeze_sign(
            countersignature=asked[runner.round],
            actor=signer,
            now=ORDERING_AT,
            clock=ordering_clock,
        )
        return Order.objects.filter(campaign=shop.campaign_id).count()

    outcomes = race(run, processes=BUYERS + 1, rounds=ROUNDS, sleep_at=READ, without=without)
    assert errors(outcomes) == []
    for shop, row in zip(shops, asked, strict=True):
        row.refresh_from_db()
        campaign = Order.objects.filter(campaign=shop.campaign_id)[0].campaign
        campaign_freeze(campaign_id=shop.campaign_id, now=campaign.freeze_at)
    ours = Order.objects.filter(campaign__in=[shop.campaign_id for shop in shops])
    return Closings(
        closed_at=sum(values([o for o in outcomes if o.runner.number == BUYERS])),
        orders=ours.count(),
        unfrozen=ours.exclude(state=OrderState.FROZEN).count()
        + abs(ours.count() - sum(DemandSnapshot.objects.values_list("orders", flat=True))),
    )


def _order_until_closed(shop: Shop, buyer: int) -> int:
    placed = 0
    while True:
        request = shop.request(buyer, shop.offer_ids, key=f"order-{placed}")
        try:
            order = order_place(request=request, clock=ordering_clock).order
        except OrderingClosed:
            return placed
        pay_by_report(order)
        placed += 1


def test_every_order_is_in_before_the_closing_or_refused() -> None:
    result = closings()

    assert result.closed_at > 0
    assert result.orders == result.closed_at
    assert result.unfrozen == 0


@pytest.mark.control
def test_without_its_share_of_the_lock_an_order_slips_in_after() -> None:
    result = closings([patch("orders.services.placement.campaign_lock_shared", lambda _id: None)])

    assert result.orders > result.closed_at
