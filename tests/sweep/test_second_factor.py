"""Every address, asked by staff who have not shown a second factor: each leads there."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from leaders.domain.role_permissions import STAFF_ROLES
from tests.factories.leaders import UserFactory
from tests.factories.second_factors import phone_of
from tests.sweep.routes import Route, every_route

pytestmark = pytest.mark.django_db

OPEN = {"access-totp", "access-totp-verify", "logout"}


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_no_address_opens_to_staff_before_they_showed_it(
    client: Client, settings: Settings, role: str
) -> None:
    settings.STAFF_TOTP_REQUIRED = True
    user = UserFactory.create(role=role)
    phone_of(user)
    client.force_login(user)

    opened = []
    for route in every_route():
        path = f"/{filled(route)}"
        if route.name in OPEN:
            continue
        answer = client.get(path)
        if answer.status_code == 403 and "/api/" in path:
            continue
        if not answer.headers.get("Location", "").startswith(reverse("access-totp-verify")):
            opened.append((path, answer.status_code))

    assert opened == []


def filled(route: Route) -> str:
    """The address as a path; what stands in its places does not matter."""
    return re.sub(r"\(\?P<\w+>[^)]*\)|<(?:\w+:)?\w+>", "1", route.pattern).rstrip("$")
