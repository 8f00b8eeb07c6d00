"""Anybody sees what is sold; a resident also sees how much of a limit is used."""

import pytest
from pytest_django import DjangoAssertNumQueries

from leaders.models.leaders import LeaderState
from orders.models.campaigns import CampaignState, StrikeMeaning
from orders.models.catalogue import Product
from orders.models.residents import Resident
from orders.models.stock import OfferStock, ResidentQuota
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import CampaignFactory
from tests.factories.shops import Shop
from tests.orders.api.caller import ApiCaller


def test_a_leader_has_points_and_the_campaigns_of_the_moment(shop: Shop) -> None:
    CampaignFactory.create(state=CampaignState.DRAFT)
    point = shop.point

    answer = ApiCaller().get(f"leaders/{point.leader.code}/")

    assert answer.status == 200
    assert (answer.body["name"], answer.body["is_serving"]) == (point.leader.name, True)
    assert [shown["code"] for shown in answer.body["points"]] == [point.code]
    assert [shown["code"] for shown in answer.body["campaigns"]] == [shop.campaign.code]
    assert point.leader.phone not in str(answer.body)


def test_a_suspended_leader_is_shown_and_does_not_serve(shop: Shop) -> None:
    leader = LeaderFactory.create(state=LeaderState.SUSPENDED)

    assert ApiCaller().get(f"leaders/{leader.code}/").body["is_serving"] is False


@pytest.mark.parametrize("case", ["unknown", "quit"])
def test_a_leader_who_is_gone_is_not_found(shop: Shop, case: str) -> None:
    code = LeaderFactory.create(state=LeaderState.QUIT).code if case == "quit" else "NOBODY"

    answer = ApiCaller().get(f"leaders/{code}/")

    assert (answer.status, answer.code) == (404, "not_found")


def test_an_offer_tells_price_limit_and_what_is_left(
    shop: Shop, resident: Resident, caller: ApiCaller
) -> None:
    offer = shop.offer(price_fen=1290, stock_cap=10, per_resident_limit=3, min_group_qty=20)
    offer.sku.product.origin = "河南"
    offer.sku.product.photo = "products/leaf.jpg"
    offer.sku.product.save()
    OfferStock.objects.filter(offer=offer).update(reserved_qty=4)
    ResidentQuota.objects.create(offer=offer, resident=resident, qty=1, limit_qty=3)

    catalogue = caller.get(f"campaigns/{shop.campaign.code}/offers/").body

    assert (catalogue["phase"], catalogue["is_presale"]) == ("ordering", False)
    (shown,) = catalogue["offers"]
    assert shown == shown | {
        "offer_id": offer.pk,
        "price_fen": 1290,
        "price_per_500g_fen": 1290,
        "origin": "河南",
        "left_qty": 6,
        "limit_qty": 3,
        "bought_qty": 1,
        "sold_qty": 0,
        "min_group_qty": 20,
        "sale_state": "on_sale",
        "photo_url": "http://testserver/media/products/leaf.jpg",
    }


@pytest.mark.usefixtures("english")
def test_a_struck_price_says_what_it_is(shop: Shop) -> None:
    shop.offer(
        price_fen=500,
        strike_price_fen=690,
        strike_meaning=StrikeMeaning.SUGGESTED,
        strike_source="厂家价目表 2026-03",
    )
    shop.offer()

    catalogue = ApiCaller().get(f"campaigns/{shop.campaign.code}/offers/").body

    struck, plain = catalogue["offers"]
    assert struck["struck"] == {
        "price_fen": 690,
        "meaning": "suggested",
        "words": "The maker's suggested price",
        "where_from": "厂家价目表 2026-03",
    }
    assert plain["struck"] is None


def test_a_stranger_sees_the_same_shop(shop: Shop) -> None:
    offer = shop.offer()

    catalogue = ApiCaller().get(f"campaigns/{shop.campaign.code}/offers/").body

    (shown,) = catalogue["offers"]
    assert (shown["offer_id"], shown["left_qty"], shown["bought_qty"]) == (offer.pk, None, 0)


def test_a_bad_token_is_told_even_where_none_is_needed(shop: Shop) -> None:
    stranger = ApiCaller()
    stranger.headers["Authorization"] = "Bearer old"

    assert stranger.get(f"campaigns/{shop.campaign.code}/offers/").status == 401


def test_a_campaign_nobody_sells_from_is_not_found(shop: Shop) -> None:
    draft = CampaignFactory.create(state=CampaignState.DRAFT)

    assert ApiCaller().get(f"campaigns/{draft.code}/offers/").status == 404
    assert ApiCaller().get("campaigns/NONE/offers/").status == 404


def test_a_long_catalogue_costs_no_more_queries_than_a_short_one(
    shop: Shop, caller: ApiCaller, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _offer in range(12):
        shop.offer(stock_cap=5)
    assert Product.objects.count() == 12

    with django_assert_max_num_queries(7):
        answer = caller.get(f"campaigns/{shop.campaign.code}/offers/")

    assert len(answer.body["offers"]) == 12
