"""The dock's pages of a drop that travels with two trips."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.totes import LoadCheck
from leaders.models.accounts import Role
from tests.factories.docks import Dock, dock, in_parts, label_of
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def night() -> Dock:
    """Slot 1-01, sealed with three totes, goes with R01 (two of them) and with R02."""
    made = dock(trips=2, stops=1)
    in_parts(made, made.drops[0], trip=made.trips[1])
    made.seal_all()
    return made


@pytest.fixture
def dispatcher(client: Client) -> Client:
    client.force_login(UserFactory.create(role=Role.DISPATCHER))
    return client


def url(name: str, night: Dock, *keys: object) -> str:
    return reverse(name, args=[night.run.campaign.code, *keys])


def page(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def scan(client: Client, night: Dock, nth: int, route: int) -> str:
    answer = client.post(
        url("load-trip", night, night.trips[route - 1].pk),
        {"code": label_of(night.totes(night.drops[0])[nth]), "event_id": uuid4()},
    )
    return " ".join(answer.content.decode().split())


def test_the_sealing_says_which_trip_takes_how_many(client: Client, night: Dock) -> None:
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))

    html = page(client, url("seal-drop", night, night.drops[0].pk))

    assert "Sealed: 3 totes." in html
    assert "R01 takes 2." in html
    assert "also on R02: 1 totes" in html


def test_each_vehicle_counts_its_own_part(dispatcher: Client, night: Dock) -> None:
    answer = scan(dispatcher, night, 0, 1)

    assert "1 of 2 on board" in answer
    assert "also on R02: 1 totes" in answer
    assert "of 2 totes on board" in answer
    assert "0/1" in page(dispatcher, url("load-trip", night, night.trips[1].pk))


def test_a_tote_too_many_is_refused_in_words(dispatcher: Client, night: Dock) -> None:
    scan(dispatcher, night, 0, 1)
    scan(dispatcher, night, 1, 1)

    answer = scan(dispatcher, night, 2, 1)

    assert "R01 has its 2 totes of slot 1-01. This one goes with R02." in answer


def test_signing_short_sends_the_tote_with_the_other_trip(dispatcher: Client, night: Dock) -> None:
    scan(dispatcher, night, 0, 1)
    address = url("load-sign", night, night.trips[0].pk)

    html = page(dispatcher, address)
    dispatcher.post(address, {"driver_name": "李师傅", "reason": "full", "event_id": uuid4()})

    assert "It goes with R02 instead." in html
    assert "What is in it?" not in html
    assert LoadCheck.objects.get().missing_totes == 0
    assert not ExceptionCase.objects.exists()
    assert "0/2" in page(dispatcher, url("load-trip", night, night.trips[1].pk))


def test_what_came_back_asks_for_the_totes_of_this_trip_only(
    dispatcher: Client, night: Dock
) -> None:
    for nth, route in ((0, 1), (1, 1), (2, 2)):
        scan(dispatcher, night, nth, route)
    for tote in night.totes(night.drops[1]):
        dispatcher.post(
            url("load-trip", night, night.trips[1].pk),
            {"code": label_of(tote), "event_id": uuid4()},
        )
    night.sign_all()
    stop = night.drops[0].stops.get(part_no=2)

    html = page(dispatcher, url("trip-return-stop", night, stop.trip_id, stop.pk))

    totes = night.totes(night.drops[0])
    assert [f"fate_{tote.pk}" in html for tote in totes] == [False, False, True]
    assert "also on R01: 2 totes" in page(dispatcher, url("trip-return", night, stop.trip_id))
