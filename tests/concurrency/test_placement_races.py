"""One request sent by many hands, one household in many baskets, and a closer in the way."""

import time
from unittest.mock import patch

import pytest
from django.db import transaction

from leaders.domain.crashpoints import crashpoint
from orders.errors import PlatformBusy
from orders.models.campaigns import Offer
from orders.models.orders import Order
from orders.models.stock import OfferStock, ResidentQuota
from orders.services.locks import campaign_lock_exclusive
from orders.services.order_states import order_drop
from orders.services.placement import order_place
from tests.concurrency.race import Runner, errors, race, values
from tests.concurrency.shop import ordering_clock, shop_open


def test_one_request_sent_by_many_hands_places_one_order() -> None:
    shop = shop_open(buyers=1, caps=[100])
    request = shop.request(0, shop.offer_ids, key="the same")

    outcomes = race(
        lambda _runner: order_place(request=request, clock=ordering_clock).order.pk,
        processes=8,
        sleep_at={"placement.lines_written": 0.05},
    )

    assert values(outcomes) == [Order.objects.get().pk] * 8
    assert OfferStock.objects.get().reserved_qty == 1


@pytest.mark.parametrize("limit", [1, 3])
def test_a_household_that_orders_on_many_phones_gets_its_limit(limit: int) -> None:
    shop = shop_open(buyers=1, caps=[100, None])
    Offer.objects.update(per_resident_limit=limit)

    def buy(runner: Runner) -> int:
        offers = shop.offer_ids if runner.number % 2 else shop.offer_ids[::-1]
        request = shop.request(0, offers, key=f"key-{runner.number}")
        return order_place(request=request, clock=ordering_clock).order.pk

    outcomes = race(buy, processes=6, sleep_at={"placement.lines_written": 0.02})

    assert len(values(outcomes)) == limit
    assert {type(error).__name__ for error in errors(outcomes)} == {"ResidentLimitReached"}
    assert set(ResidentQuota.objects.values_list("qty", flat=True)) == {limit}


def test_an_order_is_dropped_once_and_its_last_piece_is_sold_again() -> None:
    shop = shop_open(buyers=4, caps=[4], buckets=2)
    first = shop.request(0, shop.offer_ids, key="first", qty=4)
    order = order_place(request=first, clock=ordering_clock).order

    def drop_then_buy(runner: Runner) -> tuple[bool, bool]:
        with transaction.atomic():
            dropped = order_drop(
                order_id=order.pk, now=ordering_clock(), actor="system", reason="asked"
            )
        request = shop.request(runner.number, shop.offer_ids, key="again")
        return dropped, order_place(request=request, clock=ordering_clock).is_new

    outcomes = values(race(drop_then_buy, processes=4))

    assert sorted(dropped for dropped, _is_new in outcomes) == [False, False, False, True]
    assert [is_new for _dropped, is_new in outcomes] == [True] * 4
    assert sum(OfferStock.objects.values_list("reserved_qty", flat=True)) == 4


def test_who_waits_for_the_closer_too_long_is_told_to_send_it_again() -> None:
    shop = shop_open(buyers=2, caps=[None])

    def act(runner: Runner) -> int:
        if runner.number == 0:
            with transaction.atomic():
                campaign_lock_exclusive(shop.campaign_id)
                crashpoint("race.closing")
            return 0
        time.sleep(0.1)
        request = shop.request(1, shop.offer_ids, key="key")
        return order_place(request=request, clock=ordering_clock).order.pk

    outcomes = race(
        act,
        processes=2,
        sleep_at={"race.closing": 0.6},
        without=[patch("orders.services.locks.PATIENCE", "100ms")],
    )

    assert values(outcomes) == [0]
    assert [type(error) for error in errors(outcomes)] == [PlatformBusy]
