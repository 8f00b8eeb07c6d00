"""A new leader's first way in."""

from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from leaders.errors import LoginNotPossible
from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from leaders.models.leaders import Leader, LeaderState
from leaders.services.accounts import leader_login_make
from tests.factories.applicants import NOW
from tests.factories.leaders import LeaderFactory, UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "yellow-plums-in-may"


def path_of(address: str) -> str:
    return urlsplit(address).path


def set_password(client: Client, path: str, password: str = PASSWORD) -> int:
    """Open a link and set a password; return the last status."""
    opened = client.get(path)
    if opened.status_code != 302:
        return opened.status_code
    answers = {"new_password1": password, "new_password2": password}
    return client.post(opened["Location"], answers).status_code


@pytest.fixture
def leader() -> Leader:
    return LeaderFactory.create(code="A00012", user=None, state=LeaderState.TRIAL)


def test_a_leader_gets_a_log_in_that_opens_nothing_yet(leader: Leader) -> None:
    actor = UserFactory.create()

    address = leader_login_make(leader=leader, now=NOW, actor=actor)

    leader.refresh_from_db()
    assert leader.user is not None
    assert (leader.user.username, leader.user.role) == ("a00012", Role.LEADER)
    assert not leader.user.has_usable_password()
    assert not leader.user.is_staff
    assert address.startswith("http://127.0.0.1:8000/login/new/")
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.facts) == (
        "leader.login_link_made",
        actor,
        {"user": leader.user.pk},
    )


def test_the_link_sets_a_password_and_leads_in(client: Client, leader: Leader) -> None:
    path = path_of(leader_login_make(leader=leader, now=NOW))

    assert set_password(client, path) == 302

    assert client.get("/")["Location"] == "/leader/"
    assert Client().login(username="a00012", password=PASSWORD)
    assert AuditEvent.objects.filter(action="login.password_set").count() == 1


def test_the_link_works_once(leader: Leader) -> None:
    path = path_of(leader_login_make(leader=leader, now=NOW))
    set_password(Client(), path)

    assert set_password(Client(), path, "another-pass-word") == 200

    assert Client().login(username="a00012", password=PASSWORD)


def test_the_link_ends_by_itself(leader: Leader, settings: Settings) -> None:
    settings.PASSWORD_RESET_TIMEOUT = 3600
    with time_machine.travel(NOW, tick=False):
        path = path_of(leader_login_make(leader=leader, now=NOW))

    with time_machine.travel(NOW.timestamp() + 3700, tick=False):
        assert set_password(Client(), path) == 200

    assert not User.objects.get(username="a00012").has_usable_password()


def test_a_weak_password_comes_back(client: Client, leader: Leader) -> None:
    path = path_of(leader_login_make(leader=leader, now=NOW))

    assert set_password(client, path, "12345678") == 200

    assert not User.objects.get(username="a00012").has_usable_password()


def test_a_second_link_is_for_the_same_log_in(leader: Leader) -> None:
    leader_login_make(leader=leader, now=NOW)
    address = leader_login_make(leader=leader, now=NOW)

    assert User.objects.filter(role=Role.LEADER).count() == 1
    assert set_password(Client(), path_of(address)) == 302


def test_a_name_that_is_taken_is_made_different(leader: Leader) -> None:
    UserFactory.create(username="a00012")

    leader_login_make(leader=leader, now=NOW)

    leader.refresh_from_db()
    assert leader.user is not None
    assert leader.user.username == f"a00012-{leader.pk}"


def test_who_has_left_or_is_locked_out_gets_no_link() -> None:
    left = LeaderFactory.create(state=LeaderState.QUIT)
    locked = LeaderFactory.create(user__is_active=False)

    for leader in (left, locked):
        with pytest.raises(LoginNotPossible):
            leader_login_make(leader=leader, now=NOW)


def test_a_made_up_link_opens_nothing(client: Client) -> None:
    response = client.get("/login/new/MQ/abc-def/")

    assert response.status_code == 200
    assert "form" not in response.context or response.context["form"] is None
