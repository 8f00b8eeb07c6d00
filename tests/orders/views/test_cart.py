"""The cart: one basket per campaign, always as it can be ordered now."""

from typing import Any

import pytest
from django.test import Client

from orders.domain.shelf import KeptLine
from orders.http import LINES_MAX, Baskets
from orders.models.campaigns import CampaignState, Offer
from orders.models.stock import OfferStock
from tests.factories.storefronts import OpenShop, put


def step(client: Client, offer: Offer, **more: object) -> int:
    body = {"campaign": offer.campaign_id, "offer": offer.pk} | more
    return client.post("/g/L0001/cart/put/", body).status_code


def basket(client: Client, offer: Offer) -> list[KeptLine]:
    return Baskets(client.session).lines(offer.campaign_id)


def test_steps_go_up_and_down_and_survive(client: Client, shop: OpenShop) -> None:
    offer = shop.offer(price_fen=2490)

    for direction in ("more", "more", "more", "fewer"):
        assert step(client, offer, step=direction) == 302

    assert basket(client, offer) == [KeptLine(offer.pk, 2, 2490)]
    assert b'data-qty="2"' in client.get("/g/L0001/cart/").content


def test_the_last_piece_taken_out_empties_the_basket(client: Client, shop: OpenShop) -> None:
    offer = shop.offer()
    put(client, shop.leader, offer, 1)

    step(client, offer, step="fewer")
    step(client, offer, step="fewer")

    assert basket(client, offer) == []


def test_without_a_script_one_comes_back_to_the_goods(client: Client, shop: OpenShop) -> None:
    offer = shop.offer()

    response = client.post(
        "/g/L0001/cart/put/", {"campaign": offer.campaign_id, "offer": offer.pk, "step": "more"}
    )

    assert response["Location"] == f"/g/L0001/#offer-{offer.pk}"


def test_with_a_script_only_the_figure_and_the_bar_come_back(
    client: Client, shop: OpenShop
) -> None:
    offer = shop.offer(price_fen=2490)

    response = client.post(
        "/g/L0001/cart/put/",
        {"campaign": offer.campaign_id, "offer": offer.pk, "step": "more"},
        headers={"HX-Request": "true"},
    )

    html = response.content.decode()
    assert 'data-qty="1"' in html
    assert 'hx-swap-oob="true"' in html
    assert "¥24.90" in html
    assert "<html" not in html


@pytest.mark.parametrize(
    ("terms", "most"),
    [
        pytest.param({"per_resident_limit": 2}, 2, id="limit"),
        pytest.param({"stock_cap": 3}, 3, id="stock"),
        pytest.param({}, 99, id="one_household"),
    ],
)
def test_more_than_one_may_have_does_not_go_in_and_is_told(
    client: Client, shop: OpenShop, terms: dict[str, Any], most: int
) -> None:
    offer = shop.offer(**terms)
    put(client, shop.leader, offer, most)

    response = client.post(
        "/g/L0001/cart/put/",
        {"campaign": offer.campaign_id, "offer": offer.pk, "step": "more"},
        headers={"HX-Request": "true"},
    )

    assert [line.qty for line in basket(client, offer)] == [most]
    assert "cart-bar__refusal" in response.content.decode()


@pytest.mark.parametrize("text", ["", "-1", "1.5", "二", "１", "abc"])
def test_nonsense_for_a_quantity_takes_the_goods_out(
    client: Client, shop: OpenShop, text: str
) -> None:
    offer = shop.offer()

    assert step(client, offer, qty=text) == 302
    assert basket(client, offer) == []


def test_a_request_that_asks_for_nothing_changes_nothing(client: Client, shop: OpenShop) -> None:
    offer = shop.offer()
    put(client, shop.leader, offer, 2)

    assert step(client, offer) == 302
    assert [line.qty for line in basket(client, offer)] == [2]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"campaign": "x", "offer": "1"},
        {"campaign": "9" * 30, "offer": "1"},
        {"campaign": "1", "offer": "²"},
    ],
)
def test_what_is_no_offer_is_not_found(
    client: Client, shop: OpenShop, body: dict[str, str]
) -> None:
    assert client.post("/g/L0001/cart/put/", body).status_code == 404


def test_goods_of_a_draft_cannot_be_put_in(client: Client, shop: OpenShop) -> None:
    offer = shop.offer()
    shop.campaign.state = CampaignState.DRAFT
    shop.campaign.save()

    assert step(client, offer, step="more") == 404


def test_each_campaign_has_a_basket_of_its_own(client: Client, shop: OpenShop) -> None:
    today = shop.offer()
    presale = shop.offer("脐橙 10斤", campaign=shop.campaign_of(days=5))
    put(client, shop.leader, today, 1)
    put(client, shop.leader, presale, 2)

    html = client.get("/g/L0001/cart/").content.decode()

    assert html.count("/checkout/") == 2
    assert f"/checkout/{today.campaign_id}/" in html
    assert f"/checkout/{presale.campaign_id}/" in html


def test_a_basket_is_cut_to_what_is_left_and_that_is_told_once(
    client: Client, shop: OpenShop
) -> None:
    offer = shop.offer(stock_cap=5)
    put(client, shop.leader, offer, 5)
    OfferStock.objects.filter(offer=offer).update(reserved_qty=3)

    first = client.get("/g/L0001/cart/").content.decode()
    second = client.get("/g/L0001/cart/").content.decode()

    assert [line.qty for line in basket(client, offer)] == [2]
    assert "notice--caution" in first
    assert "notice--caution" not in second


def test_a_new_price_is_told(client: Client, shop: OpenShop) -> None:
    offer = shop.offer(price_fen=2490)
    put(client, shop.leader, offer, 1)
    Offer.objects.filter(pk=offer.pk).update(price_fen=2590)

    html = client.get("/g/L0001/cart/").content.decode()

    assert "¥24.90" in html
    assert basket(client, offer) == [KeptLine(offer.pk, 1, 2590)]


def test_what_is_over_falls_out(client: Client, shop: OpenShop) -> None:
    offer = shop.offer()
    put(client, shop.leader, offer, 1)
    shop.campaign.state = CampaignState.FROZEN
    shop.campaign.save()

    html = client.get("/g/L0001/cart/").content.decode()

    assert "notice--caution" in html
    assert basket(client, offer) == []


def test_on_the_cart_page_a_step_changes_figure_and_sum(client: Client, shop: OpenShop) -> None:
    offer = shop.offer(price_fen=2490)
    put(client, shop.leader, offer, 1)
    body = {"campaign": offer.campaign_id, "offer": offer.pk, "step": "more", "page": "cart"}

    plain = client.post("/g/L0001/cart/put/", body)
    smooth = client.post("/g/L0001/cart/put/", body, headers={"HX-Request": "true"})

    html = smooth.content.decode()
    assert plain["Location"] == "/g/L0001/cart/"
    assert f'id="cart-foot-{offer.campaign_id}"' in html
    assert 'data-qty="3"' in html
    assert "¥74.70" in html


@pytest.mark.parametrize("step_name", ["more", "fewer"])
def test_where_more_than_that_changes_the_page_is_asked_for_again(
    client: Client, shop: OpenShop, step_name: str
) -> None:
    offer = shop.offer(stock_cap=1)
    put(client, shop.leader, offer, 1)

    response = client.post(
        "/g/L0001/cart/put/",
        {"campaign": offer.campaign_id, "offer": offer.pk, "step": step_name, "page": "cart"},
        headers={"HX-Request": "true"},
    )

    assert response["HX-Refresh"] == "true"


def test_a_full_basket_takes_no_new_goods(client: Client, shop: OpenShop) -> None:
    baskets = Baskets(client.session)
    for at in range(LINES_MAX + 1):
        baskets.put(1, KeptLine(at, 1, 100))

    assert len(baskets.lines(1)) == LINES_MAX


def test_nothing_outside_this_site_is_led_back_to(client: Client, shop: OpenShop) -> None:
    offer = shop.offer()

    response = client.post(
        "/g/L0001/cart/put/",
        {
            "campaign": offer.campaign_id,
            "offer": offer.pk,
            "step": "more",
            "next": "https://evil.example/",
        },
    )

    assert response["Location"].startswith("/g/L0001/")
