"""The settlement desk from the outside."""

import pytest
from django.test import Client

from leaders.models.accounts import Role
from tests.factories.leaders import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def finance(client: Client) -> Client:
    client.force_login(UserFactory.create(role=Role.FINANCE))
    return client


def test_finance_comes_home_to_it(finance: Client) -> None:
    answer = finance.get("/", follow=True)

    assert answer.redirect_chain == [("/settlement/", 302)]
    assert "No week is settled yet" in answer.content.decode()


def test_nobody_else_opens_it(client: Client) -> None:
    for role in set(Role) - {Role.FINANCE}:
        client.force_login(UserFactory.create(role=role))

        assert client.get("/settlement/").status_code == 403
