"""What a phone sends by the API: whose trip it is decides, and the answers are plain."""

import io
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from fulfillment.models.delivery import Driver
from fulfillment.models.driving import DeliveryProof, DriverEvent
from leaders.models.accounts import Role
from tests.factories.docks import Dock
from tests.factories.driving import loaded_dock
from tests.factories.leaders import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def road() -> Dock:
    """Two trips of a stop each."""
    return loaded_dock(trips=2, stops=1)


@pytest.fixture
def phone(client: Client, road: Dock) -> Client:
    """The log-in of the first trip's driver."""
    driver = road.trips[0].driver
    assert isinstance(driver, Driver)
    assert driver.user is not None
    client.force_login(driver.user)
    return client


def arrival(road: Dock, nth: int = 0) -> dict[str, object]:
    return {
        "event_id": str(uuid4()),
        "kind": "arrive",
        "stop": road.stop_of(road.drops[nth]).pk,
        "device_at": "2026-03-11T07:00:00+08:00",
        "lng": 113.6,
        "lat": 34.7,
        "accuracy_m": 12,
    }


def send(
    client: Client, road: Dock, *events: dict[str, object], trip: int = 0
) -> tuple[int, dict[str, Any]]:
    answer = client.post(
        f"/drive/api/trips/{road.trips[trip].pk}/events/",
        {"events": list(events)},
        content_type="application/json",
    )
    return answer.status_code, answer.json()


def photo() -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(written, "JPEG")
    return SimpleUploadedFile("x.jpg", written.getvalue(), "image/jpeg")


def test_an_event_is_stored_with_its_place_and_answered(phone: Client, road: Dock) -> None:
    event = arrival(road)

    status, answer = send(phone, road, event)

    assert status == 200
    assert answer == {
        "answers": [
            {
                "event_id": event["event_id"],
                "outcome": "applied",
                "said": "",
                "applies_at": None,
                "stop": event["stop"],
                "stop_state": "arrived",
            }
        ]
    }
    row = DriverEvent.objects.get()
    assert (row.lng, row.lat, row.accuracy_m) == (113.6, 34.7, 12)


def test_the_trip_of_another_driver_is_not_there(phone: Client, road: Dock) -> None:
    status, _answer = send(phone, road, arrival(road, 1), trip=1)

    assert status == 404
    assert not DriverEvent.objects.exists()


def test_a_stop_of_another_trip_is_refused_and_kept(phone: Client, road: Dock) -> None:
    status, answer = send(phone, road, arrival(road, 1))

    assert status == 200
    assert answer["answers"][0]["outcome"] == "refused"
    assert DriverEvent.objects.count() == 1


@pytest.mark.parametrize(
    "changes", [{"event_id": "1"}, {"kind": "fly"}, {"lng": 200}, {"device_at": "soon"}]
)
def test_what_no_phone_of_ours_sends_is_invalid(
    phone: Client, road: Dock, changes: dict[str, object]
) -> None:
    status, answer = send(phone, road, arrival(road) | changes)

    assert (status, answer["code"]) == (422, "invalid")


def test_without_a_log_in_the_phone_hears_so(client: Client, road: Dock) -> None:
    status, answer = send(client, road, arrival(road))

    assert (status, answer["code"]) == (403, "not_authenticated")


@pytest.mark.parametrize("role", [Role.LEADER, Role.BUYER])
def test_other_roles_are_refused(client: Client, road: Dock, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))

    assert send(client, road, arrival(road))[0] == 403


def test_without_the_token_of_our_pages_nothing_is_taken(road: Dock) -> None:
    client = Client(enforce_csrf_checks=True)
    driver = road.trips[0].driver
    assert driver is not None
    assert driver.user is not None
    client.force_login(driver.user)

    assert send(client, road, arrival(road))[0] == 403


def test_a_picture_is_kept_once(phone: Client, road: Dock) -> None:
    sent = {
        "proof_id": str(uuid4()),
        "stop": road.stop_of(road.drops[0]).pk,
        "kind": "photo",
        "device_at": "2026-03-11T07:00:00+08:00",
    }
    address = f"/drive/api/trips/{road.trips[0].pk}/proofs/"

    first = phone.post(address, {**sent, "picture": photo()})
    again = phone.post(address, {**sent, "picture": photo()})

    assert (first.status_code, first.json()) == (
        200,
        {"proof_id": sent["proof_id"], "outcome": "kept"},
    )
    assert again.json() == first.json()
    assert DeliveryProof.objects.count() == 1


def test_what_is_no_picture_is_refused(phone: Client, road: Dock) -> None:
    sent = {
        "proof_id": str(uuid4()),
        "stop": road.stop_of(road.drops[0]).pk,
        "kind": "photo",
        "device_at": "2026-03-11T07:00:00+08:00",
        "picture": SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg"),
    }

    answer = phone.post(f"/drive/api/trips/{road.trips[0].pk}/proofs/", sent)

    assert (answer.status_code, answer.json()["code"]) == (422, "proof_unreadable")


def test_the_picture_of_a_stop_cannot_be_put_to_another(phone: Client, road: Dock) -> None:
    sent = {
        "proof_id": str(uuid4()),
        "stop": road.stop_of(road.drops[1]).pk,
        "kind": "photo",
        "device_at": "2026-03-11T07:00:00+08:00",
        "picture": photo(),
    }

    answer = phone.post(f"/drive/api/trips/{road.trips[0].pk}/proofs/", sent)

    assert answer.status_code == 409
    assert not DeliveryProof.objects.exists()
