"""The page of the selling kit: the leader's own group, copied and counted."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from fulfillment.models.cutoff_run import CutoffRun
from orders.models.kit import Post, PostKind
from orders.models.orders import Order, OrderState
from orders.models.stock import OfferStock
from tests.factories.fulfillment import CutoffRunFactory, HandoverFactory
from tests.factories.leaders import LeaderFactory
from tests.factories.links import group_link
from tests.factories.orders import CampaignFactory, OrderFactory, OrderLineFactory
from tests.factories.scenes import order_on_the_way
from tests.factories.storefronts import OpenShop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def shop(settings: Settings, tmp_path: Path) -> OpenShop:
    cache.clear()
    settings.LANGUAGE_CODE = "en"
    settings.PICTURES_ROOT = tmp_path
    settings.SITE_URL = "https://tuan.example/"
    return OpenShop()


@pytest.fixture
def lin(client: Client, shop: OpenShop) -> Client:
    assert shop.leader.user is not None
    client.force_login(shop.leader.user)
    return client


def page(lin: Client, path: str = "/leader/kit/") -> str:
    response = lin.get(path)
    assert response.status_code == 200
    return response.content.decode()


def bought(shop: OpenShop, qty: int, **order: object) -> Order:
    """A paid order of the shop's group."""
    offer = shop.campaign.offers.get()
    row: Order = OrderFactory.create(**{"leader": shop.leader, "campaign": shop.campaign} | order)
    OrderLineFactory.create(order=row, offer=offer, qty=qty)
    return row


def test_the_opening_post_names_goods_prices_and_the_address(lin: Client, shop: OpenShop) -> None:
    shop.offer("农家鲜鸡蛋 30枚", price_fen=2490, per_resident_limit=2)
    for at in range(9):
        shop.offer(f"商品{at}")

    html = page(lin)

    assert "①农家鲜鸡蛋 30枚 24.90 (at most 2)" in html
    assert "⑧" in html
    assert "…and 2 more" in html
    assert "https://tuan.example/g/L0001/" in html


def test_a_short_link_takes_the_place_of_the_long_one(lin: Client, shop: OpenShop) -> None:
    shop.offer()
    link = group_link(shop.leader, shop.now)

    html = page(lin)

    assert f"https://tuan.example/s/{link.code}/" in html
    assert "https://tuan.example/g/L0001/" not in html


def test_what_is_sold_out_is_not_advertised(lin: Client, shop: OpenShop) -> None:
    shop.offer("豆腐")
    gone = shop.offer("卖完的豆腐", stock_cap=1)
    OfferStock.objects.filter(offer=gone).update(reserved_qty=1)

    assert "卖完的豆腐" not in page(lin)


def test_closed_sales_have_no_posts(lin: Client, shop: OpenShop) -> None:
    shop.offer()
    shop.over(shop.campaign)

    assert "<textarea" not in page(lin)
    assert lin.get(f"/leader/kit/{shop.campaign.code}/opening.png").status_code == 404


def test_the_war_report_counts_this_group_alone(lin: Client, shop: OpenShop) -> None:
    shop.offer("豆腐")
    assert "So far" not in page(lin)

    bought(shop, 3)
    bought(shop, 2)
    bought(shop, 40, leader=LeaderFactory.create())
    bought(shop, 50, state=OrderState.PENDING_PAYMENT)

    assert "2 households, 5 pieces" in page(lin)


def test_the_arrival_notice_tells_of_the_van_and_of_what_is_short(
    lin: Client, shop: OpenShop
) -> None:
    today = timezone.localdate()
    run: CutoffRun = CutoffRunFactory.create(campaign=CampaignFactory.create(delivery_date=today))
    order = order_on_the_way(shop.leader, run)
    assert "[On the way]" in page(lin)

    stop = order.pickup_point.drops.get().stops.get()
    HandoverFactory.create(stop=stop, confirmed_at=timezone.now())
    html = page(lin)

    assert "[Arrived]" in html
    assert "1 orders" in html
    assert "Short: 西兰花 750g × 1" in html
    path = f"/leader/kit/{run.campaign.code}/arrival-{order.pickup_point_id}.png"
    assert lin.get(path)["Content-Type"] == "image/png"


def test_yesterdays_news_is_told_until_tonight(lin: Client, shop: OpenShop) -> None:
    day = timezone.localdate() - timedelta(days=2)
    run: CutoffRun = CutoffRunFactory.create(campaign=CampaignFactory.create(delivery_date=day))
    order_on_the_way(shop.leader, run)

    assert "[On the way]" not in page(lin)


def test_the_button_notes_a_post_and_counts_it(lin: Client, shop: OpenShop) -> None:
    shop.offer()
    data = {"kind": "opening", "campaign": shop.campaign.pk}

    response = lin.post("/leader/kit/posted/", data, follow=True)

    assert Post.objects.get().kind == PostKind.OPENING
    assert "Posted today: 1 of 8" in response.content.decode()
    assert "let some time pass" in response.content.decode()


def test_a_script_gets_the_count_and_the_warning(lin: Client, shop: OpenShop) -> None:
    shop.offer()
    old = timezone.now() - timedelta(minutes=30)
    Post.objects.create(
        leader=shop.leader, campaign=shop.campaign, kind=PostKind.OPENING, posted_at=old
    )

    answer = lin.post(
        "/leader/kit/posted/",
        {"kind": "opening", "campaign": shop.campaign.pk},
        headers={"Accept": "application/json"},
    ).json()

    assert "of 8" in answer["count"]
    assert "Twice in two hours" in answer["warning"]


@pytest.mark.parametrize("data", [{}, {"kind": "spam"}, {"kind": "opening", "campaign": "0"}])
def test_nonsense_is_no_post(lin: Client, data: dict[str, str]) -> None:
    assert lin.post("/leader/kit/posted/", data).status_code == 400
    assert Post.objects.count() == 0


def test_the_page_warns_when_the_group_has_heard_enough(
    lin: Client, shop: OpenShop, settings: Settings
) -> None:
    settings.LEADER_PUSHES_PER_DAY = 1
    Post.objects.create(leader=shop.leader, kind=PostKind.GOODS, posted_at=timezone.now())

    assert "has heard enough" in page(lin)


def test_every_picture_is_a_png_of_the_leaders_own(lin: Client, shop: OpenShop) -> None:
    offer = shop.offer()
    bought(shop, 2)
    base = f"/leader/kit/{shop.campaign.code}"

    for path in (
        f"{base}/opening.png",
        f"{base}/last_call.png",
        f"{base}/war_report.png",
        f"{base}/goods/{offer.pk}.png",
        "/leader/kit/poster.png",
    ):
        response = lin.get(path)
        assert (response.status_code, response["Content-Type"]) == (200, "image/png"), path
        assert response.content.startswith(b"\x89PNG"), path
    assert lin.get(f"{base}/arrival.png").status_code == 404
    assert lin.get(f"{base}/arrival-1.png").status_code == 404
    assert lin.get(f"{base}/goods/{offer.pk + 1}.png").status_code == 404


def test_each_good_has_a_page(lin: Client, shop: OpenShop) -> None:
    offer = shop.offer("脆桃 5斤装", price_fen=2990)
    base = f"/leader/kit/{shop.campaign.code}/goods"

    assert f'href="{base}/{offer.pk}/"' in page(lin, f"{base}/")
    html = page(lin, f"{base}/{offer.pk}/")

    assert "29.90 yuan each 份" in html
    assert f'src="{base}/{offer.pk}.png"' in html
    assert lin.get(f"{base}/{offer.pk + 1}/").status_code == 404
    assert lin.get("/leader/kit/nothing/goods/").status_code == 404


def test_the_pack_holds_words_and_pictures_under_harmless_names(
    lin: Client, shop: OpenShop
) -> None:
    offer = shop.offer("../../=脆桃: 5斤\\装")

    response = lin.get(f"/leader/kit/{shop.campaign.code}/pack.zip")

    assert response["Content-Disposition"].startswith('attachment; filename="posts-L0001-')
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
        stem = f"goods/{offer.sku.code}-{offer.pk}-脆桃-5斤-装"
        assert archive.namelist() == [
            "1-opening.txt",
            "1-opening.png",
            "2-last_call.txt",
            "2-last_call.png",
            f"{stem}.txt",
            f"{stem}.png",
        ]
        assert "脆桃" in archive.read("1-opening.txt").decode("utf-8-sig")


def test_the_shops_code_is_a_picture_that_never_expires(lin: Client) -> None:
    response = lin.get("/leader/kit/qr.svg")

    assert response["Content-Type"] == "image/svg+xml"
    assert response.content.startswith(b"<?xml")


def test_the_page_takes_as_many_queries_for_one_order_as_for_many(
    lin: Client, shop: OpenShop, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shop.offer("豆腐")
    campaign = CampaignFactory.create(delivery_date=timezone.localdate())
    order_on_the_way(shop.leader, CutoffRunFactory.create(campaign=campaign))
    bought(shop, 1)
    page(lin)

    for more in (0, 6):
        for _at in range(more):
            bought(shop, 2)
            Post.objects.create(leader=shop.leader, kind=PostKind.GOODS, posted_at=shop.now)
        cache.clear()
        with django_assert_num_queries(20):
            page(lin)


def test_strangers_and_other_roles_stay_outside(client: Client, shop: OpenShop) -> None:
    for path in ("/leader/kit/", "/leader/kit/qr.svg", "/leader/kit/poster.png"):
        assert client.get(path)["Location"].startswith("/login/")


def test_the_home_page_leads_there(lin: Client) -> None:
    assert 'href="/leader/kit/"' in page(lin, "/leader/")
