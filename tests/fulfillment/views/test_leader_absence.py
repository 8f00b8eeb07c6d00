"""A leader goes on holiday, or leaves, on their own phone."""

import pytest
from django.test import Client

from leaders.models.accounts import Role
from leaders.models.care import LeaderExit, LeaderExitState, Substitution
from leaders.models.leaders import Leader
from tests.factories.care import SubstitutionFactory
from tests.factories.leaders import LeaderFactory, PickupPointFactory, UserFactory
from tests.factories.orders import OrderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def leader(client: Client) -> Leader:
    found: Leader = PickupPointFactory.create().leader
    assert found.user is not None
    client.force_login(found.user)
    return found


def holiday(leader: Leader, substitute: str, **typed: object) -> dict[str, object]:
    return {
        "point": leader.pickup_points.get().pk,
        "substitute": substitute,
        "first": "2099-03-03",
        "last": "2099-03-05",
        **typed,
    }


def test_a_substitute_is_found_by_phone_and_told_apart_by_name(
    client: Client, leader: Leader
) -> None:
    substitute = LeaderFactory.create(name="周海")

    client.post("/leader/absence/", holiday(leader, substitute.phone))

    page = client.get("/leader/absence/").content.decode()
    assert Substitution.objects.get().made_by == leader.user
    assert "周海" in page
    assert substitute.phone not in page


def test_a_point_of_somebody_else_is_no_choice(client: Client, leader: Leader) -> None:
    foreign = PickupPointFactory.create()

    answer = client.post(
        "/leader/absence/", holiday(leader, LeaderFactory.create().code, point=foreign.pk)
    )

    assert answer.status_code == 422
    assert not Substitution.objects.exists()


def test_days_that_are_taken_are_said_to_be(client: Client, leader: Leader) -> None:
    client.post("/leader/absence/", holiday(leader, LeaderFactory.create().code))

    answer = client.post("/leader/absence/", holiday(leader, LeaderFactory.create().code))

    assert "Somebody minds this point" in answer.content.decode()
    assert Substitution.objects.count() == 1


def test_a_foreign_substitution_cannot_be_ended(client: Client, leader: Leader) -> None:
    foreign = SubstitutionFactory.create()

    assert client.post(f"/leader/absence/{foreign.pk}/end/").status_code == 404


def test_notice_is_given_with_what_is_open_before_ones_eyes(client: Client, leader: Leader) -> None:
    OrderFactory.create(leader=leader)

    before = client.get("/leader/leaving/").content.decode()
    client.post("/leader/leaving/", {"reason": "搬家"})
    after = client.get("/leader/leaving/").content.decode()

    assert "Orders not completed" in before
    assert "You have given notice." in after
    assert not LeaderExit.objects.get().is_by_operator


def test_only_ones_own_notice_can_be_withdrawn(client: Client, leader: Leader) -> None:
    client.post("/leader/leaving/", {"reason": "搬家"})
    LeaderExit.objects.update(is_by_operator=True)
    client.post("/leader/leaving/withdraw/")
    of_operator = LeaderExit.objects.get().state
    LeaderExit.objects.update(is_by_operator=False)
    client.post("/leader/leaving/withdraw/")

    assert of_operator == LeaderExitState.NOTICED
    assert LeaderExit.objects.get().state == LeaderExitState.WITHDRAWN


@pytest.mark.parametrize("path", ["absence/", "leaving/"])
def test_these_pages_are_leaders_own(client: Client, path: str) -> None:
    client.force_login(UserFactory.create(role=Role.RECRUITER))

    assert client.get(f"/leader/{path}").status_code == 403
