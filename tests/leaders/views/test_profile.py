"""The leader's own data."""

import pytest
from django.test import Client

from leaders.models.accounts import Role
from tests.factories.leaders import LeaderFactory, PickupPointFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_leaders_see_their_own_points_only(client: Client) -> None:
    leader = LeaderFactory.create(code="L0001")
    own = PickupPointFactory.create(leader=leader)
    foreign = PickupPointFactory.create()
    assert leader.user is not None
    client.force_login(leader.user)

    response = client.get("/leader/profile/")

    assert list(response.context["points"]) == [own]
    assert foreign.name not in response.content.decode()


def test_other_roles_are_refused(client: Client) -> None:
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))

    response = client.get("/leader/profile/")

    assert response.status_code == 403
    assert "403.html" in [template.name for template in response.templates]
