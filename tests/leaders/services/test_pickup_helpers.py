"""A leader lets somebody hand out goods, and ends it."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django.fixtures import Settings

from leaders.errors import HelperRefused
from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from leaders.models.leaders import LeaderState
from leaders.selectors.access import helped_leader, helpers_of
from leaders.services.pickup_helpers import helper_end, helper_invite, helper_link_make
from tests.factories.leaders import LeaderFactory, login_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def test_a_helper_gets_a_log_in_of_their_own() -> None:
    leader = LeaderFactory.create(code="LT7001")

    helper = helper_invite(leader=leader, name="小周", actor=login_of(leader), now=NOW)

    user = User.objects.get(pk=helper.user_id)
    assert (user.username, user.first_name, user.role) == ("lt7001-h1", "小周", Role.HELPER)
    assert not user.has_usable_password()
    assert not user.is_staff
    assert list(user.groups.all()) == [Group.objects.get(name="helper")]
    assert helped_leader(user) == leader
    event = AuditEvent.objects.get(action="helper.invited")
    assert event.facts == {"leader": "LT7001", "user": user.pk}


def test_a_leader_has_as_many_as_the_setting_allows(settings: Settings) -> None:
    settings.HELPERS_MAX = 1
    leader = LeaderFactory.create()
    first = helper_invite(leader=leader, name="小周", actor=login_of(leader), now=NOW)

    with pytest.raises(HelperRefused):
        helper_invite(leader=leader, name="小吴", actor=login_of(leader), now=NOW)
    helper_end(helper=first, actor=login_of(leader), now=NOW)

    second = helper_invite(leader=leader, name="小吴", actor=login_of(leader), now=NOW)
    assert list(helpers_of(leader)) == [second]
    assert second.user.username.endswith("-h2")


def test_a_page_sent_twice_makes_one_helper() -> None:
    leader = LeaderFactory.create()
    helper_invite(leader=leader, name="小周", actor=login_of(leader), now=NOW)

    with pytest.raises(HelperRefused):
        helper_invite(leader=leader, name="小周", actor=login_of(leader), now=NOW)

    assert helpers_of(leader).count() == 1


def test_who_has_left_names_no_helpers() -> None:
    leader = LeaderFactory.create(state=LeaderState.QUIT)

    with pytest.raises(HelperRefused):
        helper_invite(leader=leader, name="小周", actor=login_of(leader), now=NOW)


def test_a_link_leads_to_the_first_password_once(client: Client) -> None:
    leader = LeaderFactory.create()
    helper = helper_invite(leader=leader, name="小周", actor=login_of(leader), now=NOW)
    link = helper_link_make(helper=helper, actor=login_of(leader), now=NOW)
    path = link.removeprefix("http://127.0.0.1:8000")
    password = {"new_password1": "qingshiyuan-88", "new_password2": "qingshiyuan-88"}

    form = client.get(path)
    done = client.post(form["Location"], password, follow=True)
    again = Client().get(path)

    assert done.redirect_chain[-1] == ("/leader/pickups/", 302)
    assert again.status_code == 200
    assert AuditEvent.objects.filter(action="helper.login_link_made").count() == 1


def test_the_end_of_the_help_ends_open_sessions(client: Client) -> None:
    leader = LeaderFactory.create()
    helper = helper_invite(leader=leader, name="小周", actor=login_of(leader), now=NOW)
    client.force_login(helper.user)
    assert client.get("/leader/pickups/").status_code == 200

    helper_end(helper=helper, actor=login_of(leader), now=NOW)

    assert client.get("/leader/pickups/")["Location"].startswith("/login/")
    with pytest.raises(HelperRefused):
        helper_link_make(helper=helper, actor=login_of(leader), now=NOW)
    assert AuditEvent.objects.filter(action="helper.ended").count() == 1
