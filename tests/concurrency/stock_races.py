"""Many buyers, few goods: the scenarios of P1 and P2, at any size, with their controls."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from unittest.mock import patch

from django.db import connection, connections
from django.db.models import F

from leaders.domain.crashpoints import crashpoint
from orders.models.orders import OrderLine
from orders.models.stock import OfferStock
from orders.services.placement import order_place
from orders.services.stock import StockAsk
from tests.concurrency.race import Runner, errors, race, values
from tests.concurrency.shop import ordering_clock, shop_open

WINDOW = "race.looked"


@dataclass(frozen=True, slots=True)
class LastUnits:
    """What came of selling one unit again and again."""

    attempts: int
    sold: int
    oversold: int
    refusals: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rush:
    """What came of many capped baskets at once."""

    attempts: int
    placed: int
    deadlocks: int
    drifted: int


def last_units(
    *, buyers: int, rounds: int, guarded: bool = True, buckets: int = 1, cap: int = 1
) -> LastUnits:
    """Let all buyers ask for the last `cap` units of one offer per round.

    The control looks at the counter and writes it later, as one would without
    thinking; its window is widened, so that a run of few buyers shows it.
    """
    shop = shop_open(buyers=buyers, caps=[cap] * rounds, buckets=buckets)

    def buy(runner: Runner) -> int:
        request = shop.request(
            runner.number, [shop.offer_ids[runner.round]], key=f"key-{runner.round}"
        )
        return order_place(request=request, clock=ordering_clock).order.pk

    outcomes = race(
        buy,
        processes=buyers,
        rounds=rounds,
        sleep_at={"placement.limits_counted": 0.01, WINDOW: 0.1},
        without=[] if guarded else [patch("orders.services.placement.stock_take", _look_then_take)],
    )
    sold = [OrderLine.objects.filter(offer_id=offer_id).count() for offer_id in shop.offer_ids]
    assert sum(sold) == len(values(outcomes))
    return LastUnits(
        attempts=len(outcomes),
        sold=sum(sold),
        oversold=sum(max(0, count - cap) for count in sold),
        refusals=frozenset(type(error).__name__ for error in errors(outcomes)),
    )


def rush(*, clients: int, rounds: int, guarded: bool = True, seed: int = 0) -> Rush:
    """Let clients place shuffled baskets of five of ten capped offers.

    The control raises one counter after the other, in the order of the basket.
    """
    shop = shop_open(buyers=clients, caps=[1_000_000] * 10, buckets=2)

    def buy(runner: Runner) -> int:
        dice = Random(f"{seed} {runner.number} {runner.round}")
        offers = dice.sample(shop.offer_ids, k=5)
        request = shop.request(runner.number, offers, key=f"key-{runner.round}")
        return order_place(request=request, clock=ordering_clock).order.pk

    before = _deadlocks_so_far()
    outcomes = race(
        buy,
        processes=clients,
        rounds=rounds,
        sleep_at={WINDOW: 0.005},
        without=[] if guarded else [patch("orders.services.placement.stock_take", _one_by_one)],
    )
    reserved = dict(OfferStock.objects.order_by().values_list("pk", "reserved_qty"))
    lines = OrderLine.objects.filter(order__campaign=shop.campaign_id).count()
    return Rush(
        attempts=len(outcomes),
        placed=len(values(outcomes)),
        deadlocks=_deadlocks_so_far() - before,
        drifted=abs(sum(reserved.values()) - lines),
    )


def _look_then_take(*, asks: Sequence[StockAsk], preferred: int) -> set[int]:
    short = set()
    for ask in asks:
        stock = OfferStock.objects.get(offer_id=ask.offer_id, bucket=preferred % ask.buckets)
        crashpoint(WINDOW)
        if stock.reserved_qty + ask.qty > stock.cap_qty:
            short.add(ask.offer_id)
        OfferStock.objects.filter(pk=stock.pk).update(
            reserved_qty=min(stock.cap_qty, stock.reserved_qty + ask.qty)
        )
    return short


def _one_by_one(*, asks: Sequence[StockAsk], preferred: int) -> set[int]:
    for ask in asks:
        OfferStock.objects.filter(offer_id=ask.offer_id, bucket=preferred % ask.buckets).update(
            reserved_qty=F("reserved_qty") + ask.qty
        )
        crashpoint(WINDOW)
    return set()


def _deadlocks_so_far() -> int:
    """What PostgreSQL has counted in this database; sessions report when they end."""
    connections.close_all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        count: int = cursor.fetchone()[0]
    return count
