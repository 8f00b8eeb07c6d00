"""The leader's desk for chains: paste, decide, pass on, pay."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.models.jielong import JielongEntry, JielongEntryState, JielongImport, SkuAlias
from orders.models.orders import Order, OrderSource
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.storefronts import OpenShop

PAGE = "/leader/jielong/"
TEXT = "#接龙\nA鸡蛋 B豆腐\n1. 小满 3-501 A2\n2. 谷雨 3-502 白玉块2\n3. 白露 退出"

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def lin(client: Client, shop: OpenShop) -> Client:
    """The leader's client, in a shop with eggs and tofu."""
    shop.offer("农家鸡蛋 30枚", price_fen=2490)
    shop.offer("嫩豆腐 400g", price_fen=290)
    assert shop.leader.user is not None
    client.force_login(shop.leader.user)
    client.cookies["django_language"] = "en"
    return client


def paste(client: Client, shop: OpenShop, text: str = TEXT) -> str:
    """Paste a chain; the address of its page."""
    response = client.post(PAGE, {"campaign": shop.campaign.code, "text": text})
    assert response.status_code == 302
    return str(response["Location"])


def row(position: int) -> JielongEntry:
    """A row of the newest import."""
    return JielongEntry.objects.filter(position=position).latest("pk")


def test_a_pasted_chain_is_read_and_the_first_unclear_row_stands_open(
    lin: Client, shop: OpenShop
) -> None:
    html = lin.get(paste(lin, shop)).content.decode()

    assert f'action="/leader/jielong/rows/{row(2).pk}/"' in html
    assert "白玉块2" in html
    assert f"/j/{row(1).token}/" in html
    assert not Order.objects.exists()


def test_a_text_file_is_read_like_a_pasted_text(lin: Client, shop: OpenShop) -> None:
    from_file = lin.post(
        PAGE, {"campaign": shop.campaign.code, "file": _upload("chain.txt", TEXT.encode())}
    )
    refused = lin.post(
        PAGE, {"campaign": shop.campaign.code, "file": _upload("x.txt", "接龙".encode("gbk"))}
    )

    assert from_file.status_code == 302
    assert refused.status_code == 422


def test_the_same_text_leads_to_the_same_page(lin: Client, shop: OpenShop) -> None:
    assert paste(lin, shop) == paste(lin, shop)
    assert JielongImport.objects.count() == 1


def test_nothing_pasted_and_a_closed_campaign_are_refused(lin: Client, shop: OpenShop) -> None:
    empty = lin.post(PAGE, {"campaign": shop.campaign.code, "text": " "})
    gone = lin.post(PAGE, {"campaign": "gone", "text": TEXT})

    assert (empty.status_code, gone.status_code) == (422, 422)


def test_a_row_is_decided_by_tap_and_its_word_is_learned(lin: Client, shop: OpenShop) -> None:
    page = paste(lin, shop)
    tofu = shop.campaign.offers.get(sku__name="嫩豆腐 400g")

    response = lin.post(
        f"/leader/jielong/rows/{row(2).pk}/",
        {
            "action": "resolve",
            "nickname": "谷雨",
            "building": "3",
            "room": "502",
            "more": tofu.pk,
            "more_qty": "2",
            "word": "白玉块",
            "learn": "1",
        },
    )

    entry = row(2)
    assert response["Location"] == f"{page}#rows"
    assert (entry.state, entry.items.get().qty) == (JielongEntryState.READY, 2)
    assert SkuAlias.objects.get().alias == "白玉块"


def test_residents_of_the_door_are_offered_with_the_open_row(lin: Client, shop: OpenShop) -> None:
    resident = shop.resident(name="谷雨妈妈", building="3栋", room="502室")
    shop.resident(name="别人", building="3栋", room="999", phone="19906912484")

    html = lin.get(paste(lin, shop)).content.decode()

    assert f'name="resident" value="{resident.pk}" checked' in html
    assert "别人" not in html


def test_a_row_without_goods_comes_back_with_a_reason(lin: Client, shop: OpenShop) -> None:
    paste(lin, shop)

    response = lin.post(f"/leader/jielong/rows/{row(2).pk}/", {"action": "resolve"}, follow=True)

    assert "at least one piece" in response.content.decode()
    assert row(2).state == JielongEntryState.UNCLEAR


def test_a_row_is_dismissed_with_a_reason_and_taken_up_again(lin: Client, shop: OpenShop) -> None:
    paste(lin, shop)
    address = f"/leader/jielong/rows/{row(3).pk}/"

    lin.post(address, {"action": "dismiss", "reason": "退出了"})
    dismissed = row(3).state
    lin.post(address, {"action": "reopen"})

    assert (dismissed, row(3).state) == ("dismissed", "unclear")


def test_ticked_rows_become_orders_that_the_leader_pays_one_by_one(
    lin: Client, shop: OpenShop
) -> None:
    page = paste(lin, shop)

    html = lin.post(f"{page}pay/", {"entry": [row(1).pk, row(2).pk]}, follow=True).content.decode()

    order = Order.objects.get()
    assert (order.source, order.payer_leader) == (OrderSource.JIELONG, shop.leader)
    assert row(1).order == order
    assert f"/leader/proxy-order/{order.order_no}/pay/" in html
    assert lin.get(f"/leader/proxy-order/{order.order_no}/").status_code == 200


def test_every_form_of_the_page_carries_its_token(lin: Client, shop: OpenShop) -> None:
    page = paste(lin, shop)
    lin.post(f"{page}pay/", {"entry": row(1).pk})

    html = lin.get(page).content.decode()

    forms = html.split("<form")[1:]
    assert len(forms) > 3
    assert all("csrfmiddlewaretoken" in form for form in forms)


def test_other_leaders_see_and_change_nothing(lin: Client, shop: OpenShop) -> None:
    page = paste(lin, shop)
    other = LeaderFactory.create(user__username="wang")
    PickupPointFactory.create(leader=other)
    assert other.user is not None
    stranger = Client()
    stranger.force_login(other.user)

    answers = [
        stranger.get(page).status_code,
        stranger.post(f"/leader/jielong/rows/{row(1).pk}/", {"action": "reopen"}).status_code,
        stranger.post(f"{page}pay/", {"entry": row(1).pk}).status_code,
    ]

    assert answers == [404, 404, 404]
    assert "snapshot 1" not in stranger.get(PAGE).content.decode()


def test_the_page_needs_as_many_queries_for_three_rows_as_for_thirty(
    lin: Client, shop: OpenShop
) -> None:
    few = _queries(lin, paste(lin, shop))
    rows = "\n".join(f"{n}. 邻居{n} 3-{500 + n} A{n}" for n in range(1, 31))
    long = paste(lin, shop, f"#接龙\nA鸡蛋\n{rows}")

    many = _queries(lin, long)

    assert many <= few
    assert few < 20


def _queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def _upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/plain")
