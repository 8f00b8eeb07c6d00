"""Who is shopping, from where, and what their session keeps."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from orders.domain.shelf import KeptLine
from orders.http import (
    Baskets,
    resident_of_session,
    safe_next,
    session_begin,
    session_end,
    shop_of,
    shop_page,
    shop_remember,
)
from tests.factories.storefronts import OpenShop


@pytest.fixture
def shop(db: None) -> OpenShop:
    """A shop that is open now."""
    return OpenShop()


@pytest.mark.parametrize(
    ("address", "led_to"),
    [
        ("/me/orders/", "/me/orders/"),
        ("https://evil.example/", "/home/"),
        ("//evil.example/", "/home/"),
        ("javascript:alert(1)", "/home/"),
        ("", "/home/"),
    ],
)
def test_the_way_back_stays_on_this_site(address: str, led_to: str) -> None:
    request = RequestFactory().get("/", {"next": address})

    assert safe_next(request, "/home/") == led_to


def test_a_session_begins_with_a_new_key_and_ends_with_nothing(
    client: Client, shop: OpenShop
) -> None:
    session = client.session
    session.save()
    before = session.session_key
    resident = shop.resident()

    session_begin(session, resident)
    during = session.session_key
    Baskets(session).put(1, KeptLine(2, 3, 400))
    shop_remember(session, "L0001")

    assert during != before
    assert resident_of_session(session) == resident
    session_end(session)
    assert session.session_key != during
    assert resident_of_session(session) is None
    assert Baskets(session).pieces() == {}
    assert shop_of(session) == ""


def test_pages_of_the_shop_are_kept_by_nobody(client: Client, shop: OpenShop) -> None:
    request: Any = RequestFactory().get("/")
    request.session = client.session

    response = shop_page(lambda _request: HttpResponse("x"))(request)

    assert "no-store" in response.headers["Cache-Control"]


def test_baskets_keep_their_order_and_forget_what_is_empty(client: Client, shop: OpenShop) -> None:
    baskets = Baskets(client.session)
    baskets.put(1, KeptLine(7, 2, 100))
    baskets.put(1, KeptLine(5, 1, 200))
    baskets.put(2, KeptLine(9, 1, 300))

    baskets.put(2, KeptLine(9, 0, 300))

    assert baskets.lines(1) == [KeptLine(7, 2, 100), KeptLine(5, 1, 200)]
    assert baskets.campaign_ids() == [1]
    assert baskets.pieces() == {7: 2, 5: 1}
    assert baskets.qty(1, 7) == 2
    assert baskets.qty(1, 8) == 0
