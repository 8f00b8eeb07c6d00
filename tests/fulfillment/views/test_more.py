"""Everything a leader has is two taps away, and no way leads nowhere."""

import re

import pytest
from django.test import Client
from django.urls import resolve

from tests.factories.leaders import LeaderFactory

pytestmark = pytest.mark.django_db

LINK = re.compile(r'href="(/[^"#]*)"')


@pytest.fixture
def lins_client(client: Client) -> Client:
    leader = LeaderFactory.create(code="L0001")
    assert leader.user is not None
    client.force_login(leader.user)
    return client


def links(client: Client, path: str) -> set[str]:
    html = client.get(path).content.decode()
    return {link for link in LINK.findall(html) if not link.startswith("/static/")}


def test_every_page_of_a_leader_is_two_taps_away(lins_client: Client) -> None:
    tabs = links(lins_client, "/leader/")
    reached = {resolve(link).url_name for tab in tabs for link in links(lins_client, tab)}

    assert reached >= {
        "leader-orders",
        "leader-pickups",
        "leader-hand-out",
        "leader-unpicked",
        "leader-kit",
        "leader-sales",
        "leader-unpaid",
        "leader-jielong",
        "leader-customers",
        "leader-export",
        "leader-claims",
        "leader-shortages",
        "leader-commission",
        "leader-statements",
        "leader-payee",
        "leader-level",
        "leader-profile",
        "proxy-order",
    }


def test_every_link_of_the_menu_opens(lins_client: Client) -> None:
    for link in sorted(links(lins_client, "/leader/more/")):
        if resolve(link).url_name != "leader-export":
            assert lins_client.get(link, follow=True).status_code == 200, link
