"""Log-in by role."""

import pytest
from django.test import Client
from django.test.utils import override_settings

from leaders.models.accounts import Role
from leaders.views.accounts import HOME_BY_ROLE
from tests.factories.leaders import PASSWORD, LeaderFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_stranger_starts_at_the_log_in(client: Client) -> None:
    response = client.get("/")

    assert response.status_code == 302
    assert response["Location"] == "/login/"


def test_a_leader_lands_on_their_home(client: Client) -> None:
    leader = LeaderFactory.create(user__username="lin")

    response = client.post("/login/", {"username": "lin", "password": PASSWORD}, follow=True)

    assert response.redirect_chain == [("/", 302), ("/leader/", 302)]
    assert response.context["user"] == leader.user


def test_a_superuser_lands_in_the_admin(client: Client) -> None:
    client.force_login(UserFactory.create(is_superuser=True, is_staff=True))

    response = client.get("/")

    assert response["Location"] == "/admin/"


def test_every_role_has_a_first_page() -> None:
    assert set(HOME_BY_ROLE) == set(Role)


def test_a_wrong_password_stays_on_the_page_and_says_so(client: Client) -> None:
    UserFactory.create(username="lin")

    response = client.post("/login/", {"username": "lin", "password": "wrong"})

    assert response.status_code == 200
    assert response.context["form"].non_field_errors()


@override_settings(AXES_ENABLED=True, AXES_FAILURE_LIMIT=2)
def test_too_many_wrong_passwords_lock_the_log_in_with_an_explanation(client: Client) -> None:
    UserFactory.create(username="lin")
    wrong = {"username": "lin", "password": "wrong"}
    client.post("/login/", wrong)

    response = client.post("/login/", wrong)

    assert response.status_code == 429
    assert "registration/locked_out.html" in [template.name for template in response.templates]


def test_logging_out_leads_to_the_log_in(client: Client) -> None:
    client.force_login(UserFactory.create())

    response = client.post("/logout/")

    assert response["Location"] == "/login/"
    assert "_auth_user_id" not in client.session
