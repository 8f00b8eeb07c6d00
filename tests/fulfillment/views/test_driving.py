"""The driver's pages: whose trips they show, and what a phone without scripts can do."""

import pytest
from django.test import Client

from fulfillment.models.delivery import DeliveryRun, Driver
from leaders.models.accounts import Role
from tests.factories.docks import Dock
from tests.factories.driving import DriverFactory, loaded_dock
from tests.factories.leaders import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def road() -> Dock:
    """Two trips of two stops, published, loaded, each with its driver."""
    return loaded_dock(trips=2, stops=2)


def log_in(client: Client, driver: Driver | None) -> Client:
    assert driver is not None
    assert driver.user is not None
    client.force_login(driver.user)
    return client


def test_a_driver_is_sent_home_to_their_own_trips(client: Client, road: Dock) -> None:
    log_in(client, road.trips[0].driver)

    page = client.get("/", follow=True)

    assert page.redirect_chain == [("/drive/", 302)]
    text = page.content.decode()
    assert f"/drive/trips/{road.trips[0].pk}/" in text
    assert f"/drive/trips/{road.trips[1].pk}/" not in text


def test_a_driver_never_opens_the_trip_of_another(client: Client, road: Dock) -> None:
    log_in(client, road.trips[0].driver)

    assert client.get(f"/drive/trips/{road.trips[0].pk}/").status_code == 200
    assert client.get(f"/drive/trips/{road.trips[1].pk}/").status_code == 404


def test_an_unpublished_plan_is_nobodys_trip(client: Client, road: Dock) -> None:
    DeliveryRun.objects.update(published_at=None)
    log_in(client, road.trips[0].driver)

    assert "No trip for you yet" in client.get("/drive/").content.decode()
    assert client.get(f"/drive/trips/{road.trips[0].pk}/").status_code == 404


def test_who_drives_for_us_no_more_sees_nothing(client: Client, road: Dock) -> None:
    Driver.objects.update(is_active=False)
    log_in(client, road.trips[0].driver)

    assert client.get("/drive/").status_code == 403
    assert client.get(f"/drive/trips/{road.trips[0].pk}/").status_code == 403


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.WAREHOUSE])
def test_staff_open_any_trip_to_help(client: Client, road: Dock, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))

    assert client.get("/drive/").status_code == 200
    for trip in road.trips:
        assert client.get(f"/drive/trips/{trip.pk}/").status_code == 200


@pytest.mark.parametrize("role", [Role.LEADER, Role.BUYER])
def test_other_roles_are_kept_out(client: Client, road: Dock, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))

    assert client.get("/drive/").status_code == 403
    assert client.get(f"/drive/trips/{road.trips[0].pk}/").status_code == 403


def test_strangers_are_asked_to_log_in(client: Client, road: Dock) -> None:
    answer = client.get("/drive/")

    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/drive/")


def test_a_driver_row_makes_no_driver_of_a_leader(client: Client, road: Dock) -> None:
    leader = UserFactory.create(role=Role.LEADER)
    DriverFactory.create(user=leader)
    client.force_login(leader)

    assert client.get("/drive/").status_code == 403
