"""The service desk: who may open it, and what it shows."""

import pytest
from django.test import Client
from django.urls import reverse

from leaders.models.accounts import Role
from tests.factories.leaders import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.mark.parametrize("role", list(Role))
def test_the_board_opens_for_service_only(client: Client, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))

    answer = client.get(reverse("service-claims"))

    assert answer.status_code == (200 if role == Role.SERVICE else 403)


def test_the_board_opens_for_superusers(client: Client) -> None:
    client.force_login(UserFactory.create(is_superuser=True))

    assert client.get(reverse("service-claims")).status_code == 200
