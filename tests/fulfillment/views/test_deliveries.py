"""The leader receives on a phone: the code, the tap, the count; strangers see nothing."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from fulfillment.models.delivery import DeliveryRun, Stop, Trip
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.handover import Handover, HandoverCount
from fulfillment.models.warehouse import Drop
from fulfillment.services.handover_codes import handover_code
from fulfillment.services.trip_returns import trip_return_rest
from leaders.models.accounts import Role
from leaders.models.leaders import Leader
from tests.factories.docks import Dock, dock
from tests.factories.driving import DriverFactory
from tests.factories.leaders import UserFactory
from tests.orders.photos import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def night() -> Dock:
    """A published trip of two stops on the road, with a driver."""
    made = dock()
    made.seal_all()
    made.load_all()
    made.sign_all()
    DeliveryRun.objects.update(published_at=timezone.now())
    Trip.objects.update(driver=DriverFactory.create(name="李建国", phone="19900010001"))
    return made


@pytest.fixture
def drop(night: Dock) -> Drop:
    return night.drops[0]


@pytest.fixture
def leader(drop: Drop, client: Client) -> Leader:
    """The leader of the first drop, logged in."""
    leader = drop.pickup_point.leader
    assert leader.user is not None
    client.force_login(leader.user)
    return leader


def arrive(night: Dock) -> None:
    trip_return_rest(
        trip_id=night.trips[0].pk,
        empties={},
        empties_in=0,
        actor=night.worker,
        now=timezone.now(),
    )


def page(client: Client, drop: Drop) -> str:
    response = client.get(f"/leader/deliveries/{drop.pk}/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("leader")
def test_on_the_way_the_page_shows_driver_van_and_code(client: Client, drop: Drop) -> None:
    stop = Stop.objects.get(drop=drop)
    code = handover_code(stop, timezone.now())

    text = page(client, drop)

    assert "李建国" in text
    assert "tel:19900010001" in text
    assert stop.trip.vehicle.plate in text
    assert code[:3] in text
    assert code[3:] in text


@pytest.mark.usefixtures("leader")
def test_before_the_load_is_signed_there_is_no_code(client: Client) -> None:
    waiting = dock(campaign_code="C2").drops[0]
    user = waiting.pickup_point.leader.user
    assert user is not None
    client.force_login(user)

    text = page(client, waiting)

    assert "handover-code" not in text
    assert "Confirm receipt" not in text


@pytest.mark.usefixtures("leader")
def test_a_driver_nobody_has_published_is_not_named(client: Client, drop: Drop) -> None:
    DeliveryRun.objects.update(published_at=None)

    assert "李建国" not in page(client, drop)


@pytest.mark.usefixtures("leader")
def test_a_late_van_is_said_to_be_late(client: Client, drop: Drop) -> None:
    stop = Stop.objects.get(drop=drop)
    Stop.objects.update(expected_at=stop.start_at + timedelta(hours=1))

    text = page(client, drop)

    assert "The van is late" in text
    assert "The van is late" in client.get("/leader/").content.decode()


@pytest.mark.usefixtures("leader")
def test_the_code_comes_alone_until_it_is_of_no_use(
    client: Client, night: Dock, drop: Drop
) -> None:
    stop = Stop.objects.get(drop=drop)
    address = f"/leader/deliveries/{drop.pk}/stops/{stop.pk}/code/"
    assert handover_code(stop, timezone.now())[:3] in client.get(address).content.decode()

    arrive(night)

    assert client.get(address)["HX-Refresh"] == "true"


@pytest.mark.usefixtures("leader")
def test_a_tap_is_noted_and_waits_for_the_driver(client: Client, drop: Drop) -> None:
    stop = Stop.objects.get(drop=drop)

    answer = client.post(
        f"/leader/deliveries/{drop.pk}/stops/{stop.pk}/received/", {"totes": 3}, follow=True
    )

    assert Handover.objects.get().state == "pending"
    assert "You said at" in answer.content.decode()


@pytest.mark.usefixtures("leader")
@pytest.mark.parametrize("totes", ["", "0", "x"])
def test_a_tap_without_a_number_is_refused(client: Client, drop: Drop, totes: str) -> None:
    stop = Stop.objects.get(drop=drop)

    client.post(f"/leader/deliveries/{drop.pk}/stops/{stop.pk}/received/", {"totes": totes})

    assert not Handover.objects.exists()


@pytest.mark.usefixtures("leader")
def test_all_as_delivered_is_one_press(client: Client, night: Dock, drop: Drop) -> None:
    arrive(night)
    assert "Counted: all as delivered" in page(client, drop)

    answer = client.post(
        f"/leader/deliveries/{drop.pk}/count/", {"event": str(uuid4())}, follow=True
    )

    assert Handover.objects.get(stop__drop=drop).state == "accepted"
    assert "Everything is as delivered" in answer.content.decode()


@pytest.mark.usefixtures("leader")
def test_a_difference_is_asked_why_and_then_sent(client: Client, night: Dock, drop: Drop) -> None:
    arrive(night)
    egg, milk = night.skus["egg"].pk, night.skus["milk"].pk
    event = str(uuid4())
    figures = {"event": event, f"qty_{egg}": "3", f"qty_{milk}": "2"}
    address = f"/leader/deliveries/{drop.pk}/count/"
    assert client.get(address).status_code == 200

    asked = client.post(address, figures)
    without = client.post(address, {**figures, "why": "1", f"cause_{egg}": "damaged"})
    sent = client.post(
        address,
        {
            **figures,
            "why": "1",
            f"cause_{egg}": "damaged",
            f"photo_{egg}": SimpleUploadedFile("e.jpg", photo(1), content_type="image/png"),
        },
        follow=True,
    )

    assert asked.status_code == 200
    assert f"cause_{egg}" in asked.content.decode()
    assert f"cause_{milk}" not in asked.content.decode()
    assert without.status_code == 422
    assert "Take a photo of these goods." in without.content.decode()
    case = ExceptionCase.objects.get()
    assert (case.sku_id, case.cause, case.qty, case.drop_id) == (egg, "damaged", 1, drop.pk)
    assert "4 delivered, 3 counted" in sent.content.decode()
    assert HandoverCount.objects.exclude(photo="").count() == 1


@pytest.mark.usefixtures("leader")
def test_goods_that_are_not_on_the_list_are_named(client: Client, drop: Drop) -> None:
    other = dock(campaign_code="C3")
    other.seal_all()
    other.load_all()
    other.sign_all()
    arrive(other)
    drop = other.drops[0]
    user = drop.pickup_point.leader.user
    assert user is not None
    client.force_login(user)

    refused = client.post(
        f"/leader/deliveries/{drop.pk}/count/", {"event": str(uuid4()), "stray_qty": "2"}
    )

    assert refused.status_code == 422


@pytest.mark.usefixtures("leader")
def test_after_the_window_the_count_is_closed(client: Client, night: Dock, drop: Drop) -> None:
    arrive(night)
    Handover.objects.update(claim_until=timezone.now())

    answer = client.get(f"/leader/deliveries/{drop.pk}/count/", follow=True)

    assert "cannot be reported any more" in answer.content.decode()


def addresses(drop: Drop) -> list[str]:
    stop = Stop.objects.get(drop=drop)
    base = f"/leader/deliveries/{drop.pk}/"
    return [
        base,
        f"{base}count/",
        f"{base}stops/{stop.pk}/code/",
        f"/deliveries/{drop.pk}/proof.pdf",
    ]


def test_another_leaders_delivery_is_not_there(client: Client, night: Dock, drop: Drop) -> None:
    arrive(night)
    other = night.drops[1].pickup_point.leader.user
    assert other is not None
    client.force_login(other)

    assert [client.get(address).status_code for address in addresses(drop)] == [404] * 4
    stop = Stop.objects.get(drop=drop)
    base = f"/leader/deliveries/{drop.pk}/"
    assert client.post(f"{base}stops/{stop.pk}/received/", {"totes": 3}).status_code == 404
    assert client.post(f"{base}count/", {"event": str(uuid4())}).status_code == 404
    assert Handover.objects.get(stop=stop).state == "signed"


def test_a_leader_cannot_tap_a_stop_of_another_through_an_own_delivery(
    client: Client, night: Dock, leader: Leader
) -> None:
    others = Stop.objects.get(drop=night.drops[1])

    client.post(f"/leader/deliveries/{night.drops[0].pk}/stops/{others.pk}/received/", {"totes": 3})

    assert not Handover.objects.exists()


def test_a_buyer_and_a_stranger_have_no_business_here(client: Client, drop: Drop) -> None:
    strangers = [client.get(address).status_code for address in addresses(drop)]
    client.force_login(UserFactory.create(role=Role.BUYER))

    assert strangers == [302] * 4
    assert [client.get(address).status_code for address in addresses(drop)] == [403] * 4


def test_the_warehouse_sees_every_proof_once_there_is_one(
    client: Client, night: Dock, drop: Drop
) -> None:
    client.force_login(night.worker)
    address = f"/deliveries/{drop.pk}/proof.pdf"
    assert client.get(address).status_code == 404

    arrive(night)

    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
