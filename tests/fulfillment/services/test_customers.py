"""A number is opened for a pickup that waits, and every time is written down."""

from datetime import UTC, datetime

import pytest

from fulfillment.models.pickups import Disposal, DisposalKind, Pickup, PickupMethod
from fulfillment.selectors.customers import phones_opened
from fulfillment.services.customers import phone_open
from leaders.errors import PhoneStaysClosed
from leaders.models.audit import AuditEvent
from leaders.models.leaders import Leader
from orders.models.orders import Order
from tests.factories.customers import waiting_order
from tests.factories.leaders import LeaderFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)


def opened(leader: Leader, order: Order) -> str:
    assert leader.user is not None
    return phone_open(leader=leader, order_id=order.pk, actor=leader.user, now=NOW)


def test_a_number_is_opened_whole_and_written_down_masked() -> None:
    lin = LeaderFactory.create()
    order = waiting_order(lin, NOW)

    assert opened(lin, order) == "19906912483"

    event = AuditEvent.objects.get()
    assert (event.action, event.object_type, event.object_id, event.actor) == (
        "phone.opened",
        "order",
        str(order.pk),
        lin.user,
    )
    assert event.facts == {
        "leader": lin.code,
        "order_no": order.order_no,
        "resident": order.resident.code,
        "last4": "2483",
    }
    assert "19906912483" not in str(event.facts)
    assert list(phones_opened(lin)) == [event]


def test_each_opening_is_one_event() -> None:
    lin = LeaderFactory.create()
    order = waiting_order(lin, NOW)

    opened(lin, order)
    opened(lin, order)

    assert AuditEvent.objects.count() == 2


def test_once_the_goods_are_fetched_or_gone_it_stays_closed() -> None:
    lin = LeaderFactory.create()
    assert lin.user is not None
    fetched, gone = waiting_order(lin, NOW), waiting_order(lin, NOW)
    Pickup.objects.create(
        event_id="6f1c8f0e-1111-4c1e-9b8e-000000000001",
        order=fetched,
        pickup_point=fetched.pickup_point,
        method=PickupMethod.CODE,
        picked_up_at=NOW,
        recorded_at=NOW,
        recorded_by=lin.user,
    )
    Disposal.objects.create(order=gone, kind=DisposalKind.SPOILED, at=NOW, made_by=lin.user)

    for order in (fetched, gone, waiting_order(lin, NOW, days=-1)):
        with pytest.raises(PhoneStaysClosed):
            opened(lin, order)
    assert AuditEvent.objects.count() == 0


def test_another_leader_opens_nothing_and_sees_nothing() -> None:
    lin, wang = LeaderFactory.create(), LeaderFactory.create()
    order = waiting_order(lin, NOW)

    with pytest.raises(PhoneStaysClosed):
        opened(wang, order)
    opened(lin, order)

    assert list(phones_opened(wang)) == []
