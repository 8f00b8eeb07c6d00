"""Leaders see when their delivery is expected, and hear once that it is late."""

from datetime import datetime, time, timedelta

import pytest

from fulfillment.domain.driving import EventKind
from fulfillment.models.delivery import Stop
from fulfillment.services.expected_times import expected_times_refresh, trips_follow
from leaders.models.pickup_points import PickupPoint
from orders.models.outbox import OutboxMessage, Topic
from tests.factories.docks import Dock
from tests.factories.driving import LEAVES_AT, Phone, loaded_dock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def road() -> Dock:
    """A trip of three stops, planned at 20, 40 and 60 minutes past six, 5 minutes each."""
    made = loaded_dock(stops=3)
    PickupPoint.objects.update(opens_at=time(5, 0))
    made.run.campaign.delivery_date = LEAVES_AT.date() + timedelta(days=1)
    made.run.campaign.save()
    return made


@pytest.fixture
def phone(road: Dock) -> Phone:
    return Phone(road.trips[0])


def at(minutes: int) -> datetime:
    return LEAVES_AT + timedelta(minutes=minutes)


def expected() -> list[int | None]:
    """Minutes after six at which each stop is expected."""
    times = Stop.objects.order_by("stop_seq").values_list("expected_at", flat=True)
    return [None if moment is None else (moment - at(0)).seconds // 60 for moment in times]


def leave(phone: Phone, minutes: int) -> None:
    phone.send(phone.event(EventKind.DEPART, None, at=at(minutes)), now=at(minutes))


def test_before_the_driver_has_left_nothing_is_expected_but_the_plan(road: Dock) -> None:
    assert expected_times_refresh(trip_id=road.trips[0].pk, now=at(30)) == 0

    assert expected() == [None, None, None]


def test_a_late_start_moves_every_stop(phone: Phone) -> None:
    leave(phone, 10)

    assert expected() == [30, 50, 70]


def test_an_ending_says_more_than_the_start(phone: Phone) -> None:
    leave(phone, 0)
    phone.send(phone.event(EventKind.ARRIVE, 0, at=at(20)), now=at(20))

    phone.send(phone.failed(0, at=at(40)), now=at(40))

    assert expected()[1:] == [55, 75]


def test_a_phone_with_a_wrong_clock_counts_by_ours(phone: Phone) -> None:
    phone.send(phone.event(EventKind.DEPART, None, at=at(600)), now=at(10))

    assert expected() == [30, 50, 70]


def test_what_was_taken_back_says_nothing(phone: Phone) -> None:
    leave(phone, 0)
    arrive = phone.event(EventKind.ARRIVE, 2, at=at(5))
    phone.send(arrive, now=at(5))

    phone.send(phone.undo(arrive), now=at(6))

    assert expected() == [20, 40, 60]


def test_a_leader_hears_once_that_the_delivery_is_late(road: Dock, phone: Phone) -> None:
    late_by = 30 + 20 + 1
    leave(phone, late_by)
    expected_times_refresh(trip_id=road.trips[0].pk, now=at(120))

    messages = OutboxMessage.objects.filter(topic=Topic.DELIVERY_LATE).order_by("pk")
    assert [message.phone for message in messages] == [
        drop.pickup_point.leader.phone for drop in road.drops
    ]
    assert messages[0].facts == {
        "place": road.drops[0].pickup_point.name,
        "announced": "06:50",
        "expected": "07:11",
    }
    assert Stop.objects.filter(late_told_at=at(late_by)).count() == 3


def test_a_little_late_is_told_to_nobody(phone: Phone) -> None:
    leave(phone, 50)

    assert not OutboxMessage.objects.exists()


def test_time_alone_makes_a_trip_late(road: Dock, phone: Phone) -> None:
    leave(phone, 0)

    assert trips_follow(now=at(20)) == 1
    assert not OutboxMessage.objects.exists()
    trips_follow(now=at(75))

    assert expected() == [75, 95, 115]
    assert OutboxMessage.objects.filter(topic=Topic.DELIVERY_LATE).count() == 3


def test_a_trip_that_is_back_is_followed_no_more(phone: Phone) -> None:
    leave(phone, 0)
    phone.send(phone.event(EventKind.RETURN, None, at=at(50)), now=at(50))

    assert trips_follow(now=at(60)) == 0
