"""Whom a reminder reaches, how often, and when one goes out by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from fulfillment.models.delivery import StopState
from fulfillment.models.pickups import Disposal, DisposalKind
from fulfillment.pickup_errors import ReminderRefused
from fulfillment.services.pickup_reminders import pickup_remind, pickup_reminders_due
from leaders.models.audit import AuditEvent
from orders.models.outbox import OutboxMessage, Topic
from tests.factories.fulfillment import StopFactory
from tests.factories.pickups import FIVE, PickupDesk, pickup_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SEVEN = FIVE + timedelta(hours=2)


@pytest.fixture
def desk() -> PickupDesk:
    """Three orders whose goods stand at the point."""
    desk = pickup_desk(orders=3)
    StopFactory.create(
        drop=desk.drop, trip__delivery_run__cutoff_run=desk.run, state=StopState.DELIVERED
    )
    return desk


def remind(desk: PickupDesk, *numbers: int, now: datetime = FIVE) -> int:
    return pickup_remind(
        leader=desk.leader,
        order_ids=[desk.orders[nth].pk for nth in numbers],
        actor=desk.user,
        now=now,
    )


def told() -> list[str]:
    reminders = OutboxMessage.objects.filter(topic=Topic.PICKUP_REMINDER)
    return list(reminders.order_by("pk").values_list("dedupe_key", flat=True))


def test_a_leader_reminds_of_goods_that_wait(desk: PickupDesk) -> None:
    assert remind(desk, 0) == 1

    message = OutboxMessage.objects.get()
    order = desk.orders[0]
    assert (message.phone, message.resident_id) == (order.resident_phone, order.resident_id)
    assert message.facts == {
        "order_no": order.order_no,
        "code": "01-0001",
        "place": desk.point.name,
        "address": desk.point.address,
        "hours": "07:00~10:00",
        "pieces": 2,
    }
    assert AuditEvent.objects.get().action == "pickup.reminded"


def test_twice_a_day_is_enough_and_tomorrow_is_another_day(desk: PickupDesk) -> None:
    counts = [remind(desk, 0) for _ in range(3)]
    counts.append(remind(desk, 0, now=FIVE + timedelta(days=1)))

    number = desk.orders[0].order_no
    assert counts == [1, 1, 0, 1]
    assert told() == [
        f"{number}:2026-03-11:1",
        f"{number}:2026-03-11:2",
        f"{number}:2026-03-12:1",
    ]


def test_who_came_is_not_reminded_nor_who_is_not_ours(desk: PickupDesk) -> None:
    other = pickup_desk(campaign_code="C2")
    desk.send(desk.fetch(0))
    Disposal.objects.create(
        order=desk.orders[1], kind=DisposalKind.GIVEN_AWAY, at=FIVE, made_by=desk.user
    )

    count = pickup_remind(
        leader=desk.leader,
        order_ids=[order.pk for order in desk.orders[:2] + other.orders],
        actor=desk.user,
        now=FIVE,
    )

    assert (count, told()) == (0, [])


@pytest.mark.parametrize("hour", [13, 18, 23])
def test_nobody_is_reminded_at_night(desk: PickupDesk, hour: int) -> None:
    with pytest.raises(ReminderRefused, match="between 8:00 and 21:00"):
        remind(desk, 0, now=datetime(2026, 3, 11, hour, 0, tzinfo=UTC))


def test_at_seven_in_the_evening_everybody_hears_whom_nobody_reminded(desk: PickupDesk) -> None:
    desk.send(desk.fetch(0))
    remind(desk, 1)

    early = pickup_reminders_due(now=SEVEN - timedelta(minutes=1))
    counts = [pickup_reminders_due(now=SEVEN + timedelta(minutes=n)) for n in range(3)]

    assert (early, counts) == (0, [1, 0, 0])
    assert told()[-1] == f"{desk.orders[2].order_no}:2026-03-11:1"


def test_nothing_goes_out_by_itself_late_or_on_another_day(desk: PickupDesk) -> None:
    for now in (SEVEN + timedelta(hours=2), SEVEN + timedelta(days=1), SEVEN - timedelta(days=1)):
        assert pickup_reminders_due(now=now) == 0


def test_a_van_that_is_late_is_no_reason_to_remind(desk: PickupDesk) -> None:
    desk.drop.stops.update(state=StopState.ARRIVED)

    assert pickup_reminders_due(now=SEVEN) == 0

    OutboxMessage.objects.create(
        topic=Topic.ARRIVED,
        dedupe_key=desk.orders[0].order_no,
        phone="19900000000",
        facts={},
        available_at=FIVE,
    )
    assert pickup_reminders_due(now=SEVEN) == 1
