"""A leader makes, reads and stops their links."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from orders.models.residents import LinkChannel, ShortLink, ShortLinkClick
from tests.factories.leaders import LeaderFactory
from tests.factories.links import ResaleFactory, group_link
from tests.factories.storefronts import OpenShop

LINKS = "/leader/links/"


@pytest.fixture
def lin(client: Client, shop: OpenShop, settings: Settings) -> Client:
    settings.SITE_URL = "https://tuan.example"
    assert shop.leader.user is not None
    client.force_login(shop.leader.user)
    return client


def test_a_link_is_made_for_a_place_and_a_time(lin: Client, shop: OpenShop) -> None:
    data = {"channel": "poster", "label": "门口", "days": "90"}

    assert lin.post(LINKS, data)["Location"] == LINKS

    link = ShortLink.objects.get()
    assert (link.leader, link.channel, link.label) == (shop.leader, LinkChannel.POSTER, "门口")
    assert link.expires_at == link.created_at + timedelta(days=90)
    assert f"https://tuan.example/s/{link.code}/" in lin.get(LINKS).content.decode()


def test_a_reseller_makes_links_to_the_owners_shop(lin: Client, shop: OpenShop) -> None:
    resale = ResaleFactory.create(reseller=shop.leader)

    lin.post(LINKS, {"channel": "group", "days": "30", "shop": resale.owner.code})

    link = ShortLink.objects.get()
    assert (link.leader, link.reseller) == (resale.owner, shop.leader)


@pytest.mark.parametrize("field", [{"channel": "spam"}, {"days": "5000"}, {"shop": "L9999"}])
def test_nothing_else_is_made(lin: Client, shop: OpenShop, field: dict[str, str]) -> None:
    ResaleFactory.create(reseller=shop.leader)
    response = lin.post(LINKS, {"channel": "group", "days": "30"} | field)

    assert response.status_code == 200
    assert ShortLink.objects.count() == 0


def test_a_link_is_stopped_by_its_maker_alone(lin: Client, client: Client, shop: OpenShop) -> None:
    own, others = group_link(shop.leader, shop.now), group_link(LeaderFactory.create(), shop.now)

    answers = [lin.post(f"{LINKS}{link.code}/stop/").status_code for link in (own, own, others)]

    assert answers == [302, 302, 404]
    assert lin.get(f"/s/{own.code}/").status_code == 410
    assert lin.get(f"/s/{others.code}/").status_code == 302
    assert lin.get(f"{LINKS}{own.code}/stop/").status_code == 405


def test_each_link_has_a_code_to_scan_for_its_maker(lin: Client, shop: OpenShop) -> None:
    own, others = group_link(shop.leader, shop.now), group_link(LeaderFactory.create(), shop.now)

    assert lin.get(f"{LINKS}{own.code}/qr.svg")["Content-Type"] == "image/svg+xml"
    assert lin.get(f"{LINKS}{others.code}/qr.svg").status_code == 404


def test_the_page_asks_the_same_for_one_link_and_for_many(
    lin: Client, shop: OpenShop, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for many in (1, 6):
        for _at in range(many):
            link = group_link(shop.leader, shop.now)
            ShortLinkClick.objects.create(short_link=link, at=shop.now)
        with django_assert_num_queries(7):
            lin.get(LINKS)


def test_strangers_are_sent_to_the_log_in(client: Client, shop: OpenShop) -> None:
    for path in (LINKS, "/leader/resales/"):
        assert client.get(path)["Location"].startswith("/login/")
