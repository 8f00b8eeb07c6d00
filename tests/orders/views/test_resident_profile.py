"""What a resident may change about themselves."""

import pytest
from django.test import Client

from leaders.models.leaders import LeaderState
from orders.models.residents import Resident, ResidentBinding
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.storefronts import OpenShop, shopping


@pytest.fixture
def mine(client: Client, shop: OpenShop) -> Client:
    """A resident's client."""
    return shopping(client, shop.resident())


def test_name_and_door_are_kept(mine: Client) -> None:
    response = mine.post("/me/", {"name": "毛海燕", "building": "6栋", "room": "1202"})

    resident = Resident.objects.get()
    assert response["Location"] == "/me/"
    assert (resident.name, resident.building, resident.room) == ("毛海燕", "6栋", "1202")


def test_an_empty_name_is_refused(mine: Client) -> None:
    assert mine.post("/me/", {"name": "", "building": "6栋", "room": "1"}).status_code == 422


def test_the_page_shows_the_leader_and_the_point(mine: Client, shop: OpenShop) -> None:
    html = mine.get("/me/").content.decode()

    assert shop.leader.name in html
    assert shop.point.address in html


def test_a_change_of_leader_is_asked_once_more_and_recorded(mine: Client) -> None:
    other = PickupPointFactory.create(leader__code="L0002").leader

    assert mine.get("/me/leader/L0002/").status_code == 200
    assert Resident.objects.get().leader.code == "L0001"

    assert mine.post("/me/leader/L0002/")["Location"] == "/g/L0002/"

    binding = ResidentBinding.objects.get()
    assert (binding.leader, binding.source) == (other, "resident")
    assert Resident.objects.get().leader == other


def test_ones_own_leader_is_no_change(mine: Client) -> None:
    assert mine.post("/me/leader/L0001/")["Location"] == "/g/L0001/"
    assert not ResidentBinding.objects.exists()


def test_a_leader_who_does_not_serve_cannot_be_chosen(mine: Client) -> None:
    LeaderFactory.create(code="L0002", state=LeaderState.SUSPENDED)

    assert mine.post("/me/leader/L0002/")["Location"] == "/me/"
    assert mine.post("/me/leader/L0003/").status_code == 404
    assert Resident.objects.get().leader.code == "L0001"


def test_earlier_leaders_are_listed(mine: Client) -> None:
    for code in ("L0002", "L0003"):
        PickupPointFactory.create(leader__code=code, leader__name=f"团长{code}")
        mine.post(f"/me/leader/{code}/")

    html = mine.get("/me/").content.decode()

    assert "团长L0002" in html
    assert "团长L0003" in html
