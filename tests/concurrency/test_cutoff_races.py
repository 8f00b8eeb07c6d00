"""P5 and P18: no order slips past the snapshot, and the database's clock alone decides."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from orders.errors import OrderingClosed
from orders.models.campaigns import Campaign
from orders.selectors.clock import database_now
from orders.services.placement import order_place
from tests.concurrency.cutoff_races import HEAD_START, freezes
from tests.concurrency.race import Runner, errors, race, values
from tests.concurrency.shop import Shop, shop_open

SKEWS = [timedelta(minutes=-2), timedelta(0), timedelta(minutes=2)]


def test_every_order_that_was_paid_before_the_freeze_is_in_the_snapshot() -> None:
    result = freezes(buyers=4, rounds=4)

    assert result.freezes == 4
    assert result.counted >= 4 * HEAD_START * 4
    assert (result.missing, result.counted + result.returned) == (0, result.ordered)
    assert result.wait_s(1.0) < 3.0


@pytest.mark.control
def test_without_the_campaign_lock_orders_slip_past_the_snapshot() -> None:
    result = freezes(buyers=4, rounds=2, guarded=False)

    assert result.missing > 0


def closing_in(shop: Shop, seconds: int) -> None:
    """Let a campaign's orders close so many seconds from now, by the database's clock."""
    close = database_now() + timedelta(seconds=seconds)
    Campaign.objects.filter(pk=shop.campaign_id).update(
        opens_at=close - timedelta(hours=3),
        orders_close_at=close,
        payments_close_at=close + timedelta(minutes=3),
        freeze_at=close + timedelta(minutes=5),
    )


@pytest.mark.parametrize(("seconds", "placed"), [(60, 3), (-60, 0)])
def test_hosts_whose_clocks_are_wrong_all_decide_alike(seconds: int, placed: int) -> None:
    shop = shop_open(buyers=3, caps=[None])
    closing_in(shop, seconds)

    def buy(runner: Runner) -> int:
        request = shop.request(runner.number, shop.offer_ids, key="key")
        with time_machine.travel(timezone.now() + SKEWS[runner.number]):
            return order_place(request=request).order.pk

    outcomes = race(buy, processes=3)

    assert len(values(outcomes)) == placed
    assert {type(error) for error in errors(outcomes)} <= {OrderingClosed}
