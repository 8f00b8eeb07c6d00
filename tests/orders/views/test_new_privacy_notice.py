"""A new version of the privacy notice is asked for, and agreed to as it was shown."""

from datetime import timedelta

import pytest
from django.test import Client

from orders.models.legal import RuleKind, RulePage
from tests.factories.storefronts import OpenShop, shopping

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ASKED = "The privacy notice has changed"


def test_who_agreed_to_an_older_version_is_asked_once(client: Client) -> None:
    shop = OpenShop()
    resident = shop.resident(privacy_version="1")
    for number, days in (("1", 9), ("2", 1)):
        RulePage.objects.create(
            kind=RuleKind.PRIVACY,
            version=number,
            body="…",
            published_at=shop.now - timedelta(days=days),
        )
    page = shopping(client, resident)
    assert ASKED in page.get("/me/").content.decode()

    page.post("/me/privacy/", {"version": "1"})
    assert ASKED in page.get("/me/").content.decode()
    page.post("/me/privacy/", {"version": "2"})

    resident.refresh_from_db()
    assert resident.privacy_version == "2"
    assert ASKED not in page.get("/me/").content.decode()


def test_without_a_notice_nobody_is_asked(client: Client) -> None:
    page = shopping(client, OpenShop().resident())

    assert ASKED not in page.get("/me/").content.decode()
