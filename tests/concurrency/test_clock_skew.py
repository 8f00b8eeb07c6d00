"""P18: hosts whose clocks are two minutes off decide alike, because none of them decides."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from orders.errors import OrderingClosed
from orders.models.campaigns import Campaign
from orders.selectors.clock import database_now
from orders.services.placement import order_place
from tests.concurrency.race import Outcome, Runner, errors, race, values
from tests.concurrency.shop import Shop, shop_open

SKEWS = (timedelta(minutes=-2), timedelta(), timedelta(minutes=2))


def shop_that_closes_in(left: timedelta) -> Shop:
    """A shop whose orders close so long from now, by the database's clock."""
    shop = shop_open(buyers=len(SKEWS), caps=[None])
    closes_at = database_now() + left
    Campaign.objects.filter(pk=shop.campaign_id).update(
        opens_at=closes_at - timedelta(hours=1),
        orders_close_at=closes_at,
        payments_close_at=closes_at + timedelta(minutes=3),
        freeze_at=closes_at + timedelta(minutes=5),
    )
    return shop


def order_on_skewed_hosts(shop: Shop) -> list[Outcome[float]]:
    """Let each host order by its own clock; return how far off each host's clock was."""

    def order(runner: Runner) -> float:
        with time_machine.travel(datetime.now(UTC) + SKEWS[runner.number], tick=True):
            order_place(request=shop.request(runner.number, shop.offer_ids, key="order"))
            return (datetime.now(UTC) - database_now()).total_seconds()

    return race(order, processes=len(SKEWS))


def test_a_minute_before_the_close_every_host_takes_orders() -> None:
    outcomes = order_on_skewed_hosts(shop_that_closes_in(timedelta(minutes=1)))

    assert errors(outcomes) == []
    assert values(outcomes) == pytest.approx([-120, 0, 120], abs=5)


def test_a_minute_after_the_close_no_host_takes_orders() -> None:
    outcomes = order_on_skewed_hosts(shop_that_closes_in(timedelta(minutes=-1)))

    assert [type(error) for error in errors(outcomes)] == [OrderingClosed] * len(SKEWS)
