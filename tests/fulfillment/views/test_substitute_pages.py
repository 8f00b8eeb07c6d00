"""Whoever minds a point on the day gets its goods, its list and its residents; nobody else does."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from leaders.models.care import Substitution
from leaders.models.leaders import Leader
from tests.factories.fulfillment import StopFactory
from tests.factories.leaders import LeaderFactory
from tests.factories.pickups import FIVE, PickupDesk, pickup_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def _afternoon() -> Iterator[None]:
    with time_machine.travel(FIVE, tick=False):
        yield


@pytest.fixture
def desk() -> PickupDesk:
    desk = pickup_desk()
    StopFactory.create(drop=desk.drop, trip__delivery_run__cutoff_run=desk.run)
    return desk


@pytest.fixture
def stand_in(desk: PickupDesk) -> Leader:
    """Minds the point for the delivery day and the day after."""
    leader: Leader = LeaderFactory.create()
    Substitution.objects.create(
        pickup_point=desk.point,
        substitute=leader,
        from_date=FIVE.date(),
        until_date=FIVE.date() + timedelta(days=1),
        made_by=desk.user,
        made_at=FIVE,
    )
    return leader


def opened(client: Client, leader: Leader, url: str) -> str:
    """The text of a page as a leader sees it; empty where it is not theirs."""
    assert leader.user is not None
    client.force_login(leader.user)
    response = client.get(url)
    return response.content.decode() if response.status_code == 200 else ""


def test_lists_deliveries_and_announcements_go_with_the_point(
    client: Client, desk: PickupDesk, stand_in: Leader
) -> None:
    pages = {
        "/leader/hand-out/?campaign=C1": "土豆 1kg",
        "/leader/pickups/": "土豆 1kg",
        "/leader/unpicked/": "陈**",
        f"/leader/hand-out/points/{desk.point.pk}/?campaign=C1": desk.point.name,
        f"/leader/deliveries/{desk.drop.pk}/": desk.point.name,
    }

    for url, sign in pages.items():
        assert sign in opened(client, stand_in, url), url
        assert sign not in opened(client, desk.leader, url), url


def test_a_substitution_that_was_ended_gives_everything_back(
    client: Client, desk: PickupDesk, stand_in: Leader
) -> None:
    Substitution.objects.update(ended_on=FIVE.date())

    for url in ("/leader/hand-out/?campaign=C1", "/leader/pickups/"):
        assert "土豆 1kg" in opened(client, desk.leader, url), url
        assert "土豆 1kg" not in opened(client, stand_in, url), url
