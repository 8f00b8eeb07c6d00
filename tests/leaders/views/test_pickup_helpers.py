"""The leader's page of helpers."""

import pytest
from django.test import Client

from leaders.models.access import PickupHelper
from leaders.models.leaders import Leader
from tests.factories.access import PickupHelperFactory
from tests.factories.leaders import LeaderFactory, login_of

pytestmark = pytest.mark.django_db

PATH = "/leader/helpers/"


@pytest.fixture
def leader(client: Client) -> Leader:
    leader = LeaderFactory.create()
    client.force_login(login_of(leader))
    return leader


def test_a_new_helper_stands_on_the_page_with_a_link(client: Client, leader: Leader) -> None:
    page = client.post(PATH, {"name": "小周"})

    helper = PickupHelper.objects.get(leader=leader)
    assert page.context["linked"] == helper
    assert "/login/new/" in page.content.decode()
    assert "/login/new/" not in client.get(PATH).content.decode()


def test_the_same_page_sent_again_makes_nobody(client: Client, leader: Leader) -> None:
    client.post(PATH, {"name": "小周"})

    again = client.post(PATH, {"name": "小周"})

    assert again.status_code == 422
    assert PickupHelper.objects.filter(leader=leader).count() == 1


def test_help_is_ended_with_one_tap(client: Client, leader: Leader) -> None:
    helper = PickupHelperFactory.create(leader=leader)

    client.post(PATH, {"end": helper.pk})

    helper.refresh_from_db()
    assert helper.ended_at is not None
    assert helper.user.is_active is False


@pytest.mark.parametrize("way", ["end", "link"])
def test_the_helpers_of_another_leader_are_not_there(
    client: Client, leader: Leader, way: str
) -> None:
    foreign = PickupHelperFactory.create()

    answers = [client.post(PATH, {way: key}) for key in (foreign.pk, "x")]

    assert [one.status_code for one in answers] == [404, 404]
    foreign.refresh_from_db()
    assert foreign.ended_at is None


def test_a_helper_sees_the_list_and_no_way_on(client: Client) -> None:
    help_given = PickupHelperFactory.create()
    client.force_login(help_given.user)

    page = client.get("/", follow=True)

    assert page.redirect_chain == [("/leader/pickups/", 302)]
    text = page.content.decode()
    assert "/leader/unpicked/" not in text
    assert 'href="/leader/"' not in text
