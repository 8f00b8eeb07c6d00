"""Two people hand out at one point: the same orders from several phones at once."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from unittest.mock import patch

from fulfillment.domain.pickups import Outcome
from fulfillment.models.pickups import Pickup
from fulfillment.models.warehouse import Drop
from leaders.domain.crashpoints import crashpoint
from leaders.models.leaders import Leader
from orders.models.orders import Order
from tests.builders import order, receipt, tiny_day
from tests.concurrency.race import Runner, errors, race, values
from tests.factories.leaders import UserFactory
from tests.factories.pickups import PickupDesk
from tests.fulfillment.services.days import played

WINDOW = "race.looked"
PICKUPS = "fulfillment.services.pickups"


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What came of it: phones without an answer, answers by outcome, rows in the books."""

    lost: int
    recorded: int
    already: int
    rows: int


def played_desk(*, orders: int) -> PickupDesk:
    """A played day of one leader, with orders of two pieces each."""
    numbers = range(1, orders + 1)
    day = tiny_day()
    run = played(
        replace(
            day,
            leaders=day.leaders[:1],
            orders=tuple(
                order(number, leader_code="L1", lines={"K1": 2}, minute=number)
                for number in numbers
            ),
            receipts=(receipt("K1", supplier_code="S1", arrived=5 * orders, rejected=0),),
        )
    )
    leader = Leader.objects.get(code="L1")
    leader.user = UserFactory.create()
    leader.save()
    return PickupDesk(
        leader=leader,
        point=leader.pickup_points.get(),
        run=run,
        drop=Drop.objects.get(wave__run=run),
        orders=list(Order.objects.filter(leader=leader).order_by("pickup_no")),
    )


def handed_out_at_once(*, phones: int, orders: int = 3, guarded: bool = True) -> HandedOut:
    """Let several phones report every order, each in an order of its own."""
    desk = played_desk(orders=orders)

    def send(runner: Runner) -> list[Outcome]:
        numbers = list(range(orders))
        turned = numbers if runner.number % 2 else numbers[::-1]
        return [answer.outcome for answer in desk.send(*map(desk.fetch, turned))]

    outcomes = race(
        send,
        processes=phones,
        sleep_at={WINDOW: 0.1},
        without=[] if guarded else _unguarded(),
    )
    told = [outcome for answers in values(outcomes) for outcome in answers]
    return HandedOut(
        lost=len(errors(outcomes)),
        recorded=told.count(Outcome.RECORDED),
        already=told.count(Outcome.ALREADY),
        rows=Pickup.objects.count(),
    )


def sent_twice_at_once(*, senders: int) -> HandedOut:
    """Let several tabs of one phone send the same reports."""
    desk = played_desk(orders=2)
    reports = [desk.fetch(nth) for nth in range(2)]

    outcomes = race(
        lambda _runner: [answer.outcome for answer in desk.send(*reports)], processes=senders
    )
    told = [outcome for answers in values(outcomes) for outcome in answers]
    return HandedOut(
        lost=len(errors(outcomes)),
        recorded=told.count(Outcome.RECORDED),
        already=told.count(Outcome.ALREADY),
        rows=Pickup.objects.count(),
    )


def _unguarded() -> list[AbstractContextManager[object]]:
    """Take the orders' locks away: the phones look for hand-outs at the same time."""
    return [patch(f"{PICKUPS}.orders_lock", _orders_read)]


def _orders_read(order_ids: list[int]) -> dict[int, Order]:
    orders = Order.objects.select_related("campaign").in_bulk(order_ids)
    crashpoint(WINDOW)
    return orders
