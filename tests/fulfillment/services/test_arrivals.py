"""Residents hear once that their goods are there."""

from datetime import UTC, datetime

import pytest

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.arrivals import arrivals_of_points
from fulfillment.services.arrivals import arrival_announce
from leaders.models.leaders import Leader
from orders.models.orders import Order, OrderState
from orders.models.outbox import OutboxMessage, Topic
from tests.factories.fulfillment import AllocationFactory, CutoffRunFactory
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import OrderFactory, OrderLineFactory
from tests.factories.scenes import WHOLE_PHONE, order_on_the_way

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 11, 8, 30, tzinfo=UTC)


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create()


@pytest.fixture
def run() -> CutoffRun:
    return CutoffRunFactory.create()


@pytest.fixture
def order(lin: Leader, run: CutoffRun) -> Order:
    return order_on_the_way(lin, run)


def announce(order: Order) -> int:
    assert order.leader.user is not None
    return arrival_announce(
        pickup_point_id=order.pickup_point_id,
        campaign_id=order.campaign_id,
        actor=order.leader.user,
        now=NOW,
    )


def test_the_message_has_code_place_and_hours(order: Order) -> None:
    told = announce(order)

    message = OutboxMessage.objects.get()
    point = order.pickup_point
    assert told == 1
    assert (message.topic, message.phone, message.resident) == (
        Topic.ARRIVED,
        WHOLE_PHONE,
        order.resident,
    )
    assert message.facts == {
        "order_no": order.order_no,
        "code": "07-2483",
        "place": point.name,
        "address": point.address,
        "date": "2026-03-11",
        "hours": f"{point.opens_at:%H:%M}~{point.closes_at:%H:%M}",
        "pieces": 2,
    }


def test_nobody_is_told_twice(lin: Leader, run: CutoffRun, order: Order) -> None:
    before = arrivals_of_points(lin, run)

    told = [announce(order), announce(order)]

    (after,) = arrivals_of_points(lin, run)
    assert [(arrival.orders, arrival.untold) for arrival in before] == [(1, 1)]
    assert (told, after.untold) == ([1, 0], 0)
    assert OutboxMessage.objects.count() == 1


def test_who_gets_nothing_or_comes_no_more_is_not_told(order: Order, run: CutoffRun) -> None:
    same = {"campaign": order.campaign, "leader": order.leader, "pickup_point": order.pickup_point}
    short = OrderLineFactory.create(order=OrderFactory.create(**same))
    AllocationFactory.create(order_line=short, run=run, allocated_qty=0)
    refunded = OrderLineFactory.create(order=OrderFactory.create(**same, state=OrderState.REFUNDED))
    AllocationFactory.create(order_line=refunded, run=run)

    announce(order)

    assert Allocation.objects.count() == 3
    assert OutboxMessage.objects.get().dedupe_key == order.order_no


def test_another_point_is_not_told(order: Order, run: CutoffRun) -> None:
    elsewhere = OrderFactory.create(campaign=order.campaign, leader=order.leader)
    AllocationFactory.create(order_line=OrderLineFactory.create(order=elsewhere), run=run)

    announce(order)

    keys = OutboxMessage.objects.values_list("dedupe_key", flat=True)
    assert elsewhere.order_no not in keys
