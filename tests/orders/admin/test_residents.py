"""Residents in the admin: masked, and rebound only with a reason."""

import pytest
from django.test import Client

from leaders.models.leaders import Leader, LeaderState
from orders.models.residents import Resident, ResidentBinding
from tests.factories.leaders import LeaderFactory, UserFactory
from tests.factories.orders import ResidentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client: Client) -> Client:
    """A superuser's client."""
    client.force_login(UserFactory.create(is_superuser=True, is_staff=True))
    return client


@pytest.fixture
def resident() -> Resident:
    found: Resident = ResidentFactory.create(name="毛海燕", phone="19906912483")
    return found


def rebind(client: Client, resident: Resident, leader: Leader, reason: str) -> int:
    body = {
        "leader": leader.pk,
        "reason": reason,
        "bindings-TOTAL_FORMS": 0,
        "bindings-INITIAL_FORMS": 0,
    }
    return client.post(f"/admin/orders/resident/{resident.pk}/change/", body).status_code


def test_names_and_phones_are_masked(chief: Client, resident: Resident) -> None:
    for path in ("/admin/orders/resident/", f"/admin/orders/resident/{resident.pk}/change/"):
        html = chief.get(path).content.decode()

        assert "199****2483" in html, path
        assert "19906912483" not in html, path
        assert "毛海燕" not in html, path


def test_a_change_of_leader_is_recorded_with_its_reason(chief: Client, resident: Resident) -> None:
    leader = LeaderFactory.create()

    assert rebind(chief, resident, leader, "搬家") == 302

    binding = ResidentBinding.objects.get()
    assert (binding.leader, binding.source, binding.reason) == (leader, "staff", "搬家")
    assert Resident.objects.get().leader == leader


def test_without_a_reason_nothing_changes(chief: Client, resident: Resident) -> None:
    assert rebind(chief, resident, LeaderFactory.create(), " ") == 200
    assert Resident.objects.get().leader == resident.leader


def test_a_leader_who_does_not_serve_is_refused(chief: Client, resident: Resident) -> None:
    quit_leader = LeaderFactory.create(state=LeaderState.QUIT)

    assert rebind(chief, resident, quit_leader, "搬家") == 200
    assert Resident.objects.get().leader == resident.leader


def test_saving_without_a_change_records_nothing(chief: Client, resident: Resident) -> None:
    assert rebind(chief, resident, resident.leader, "") == 302
    assert not ResidentBinding.objects.exists()


def test_nobody_adds_or_deletes_residents(chief: Client, resident: Resident) -> None:
    assert chief.get("/admin/orders/resident/add/").status_code == 403
    assert chief.get(f"/admin/orders/resident/{resident.pk}/delete/").status_code == 403


def test_buyers_do_not_see_residents(buyer: Client) -> None:
    assert buyer.get("/admin/orders/resident/").status_code == 403
