"""Rules with their versions, licences, and the foot of every page."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from orders.models.legal import Licence, RuleKind, RulePage
from tests.factories.storefronts import OpenShop, put, shopping


@pytest.mark.parametrize("kind", RuleKind.values)
def test_every_kind_of_rules_can_be_read(client: Client, shop: OpenShop, kind: str) -> None:
    response = client.get(f"/rules/{kind}/")

    assert response.status_code == 200
    assert "<h2>一、" in response.content.decode()


def test_the_newest_published_version_is_in_force_and_older_ones_stay(
    client: Client, shop: OpenShop
) -> None:
    for version, days in (("2026-2", -0.1), ("2026-3", 1)):
        RulePage.objects.create(
            kind=RuleKind.TERMS,
            version=version,
            body=f"版本{version}",
            published_at=shop.now + timedelta(days=1 if days > 0 else 0),
        )

    newest = client.get("/rules/terms/").content.decode()
    old = client.get("/rules/terms/?version=2026-1").content.decode()

    assert "版本2026-2" in newest
    assert "版本2026-3" not in newest
    assert "notice--caution" in old
    assert client.get("/rules/terms/?version=2026-3").status_code == 404


def test_there_are_no_other_rules(client: Client, shop: OpenShop) -> None:
    RulePage.objects.filter(kind=RuleKind.TERMS).delete()

    assert client.get("/rules/terms/").status_code == 404
    assert client.get("/rules/cookies/").status_code == 404


def test_text_is_text(client: Client, shop: OpenShop) -> None:
    RulePage.objects.create(
        kind=RuleKind.TERMS, version="x", body="<script>alert(1)</script>", published_at=shop.now
    )

    assert "<script>alert" not in client.get("/rules/terms/").content.decode()


def test_licences_are_shown_while_they_are_valid(client: Client, shop: OpenShop) -> None:
    today = timezone.localdate()
    for number, until in (("A1", None), ("A2", today), ("A3", today - timedelta(days=1))):
        Licence.objects.create(name="营业执照", holder="郑州团配", number=number, valid_until=until)

    html = client.get("/licences/").content.decode()

    assert "A1" in html
    assert "A2" in html
    assert "A3" not in html


def test_every_page_names_who_sells_and_links_licences_and_rules(
    client: Client, shop: OpenShop
) -> None:
    Licence.objects.create(name="营业执照", holder="郑州团配商贸有限公司", number="A1")
    cache.clear()
    shopping(client, shop.resident())
    put(client, shop.leader, shop.offer(), 1)

    for path in (
        "/g/L0001/",
        "/g/L0001/cart/",
        f"/g/L0001/checkout/{shop.campaign.pk}/",
        "/me/",
        "/me/orders/",
        "/licences/",
        "/rules/terms/",
    ):
        html = client.get(path).content.decode()
        assert "郑州团配商贸有限公司" in html, path
        assert 'href="/licences/"' in html, path
        assert 'href="/rules/privacy/"' in html, path
