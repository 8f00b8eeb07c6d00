"""The leader's pages from the outside: own things, nobody else's, no way round."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from fulfillment.models.cutoff_run import CutoffRun
from leaders.models.accounts import Role
from leaders.models.leaders import Leader
from orders.models.campaigns import CampaignState
from orders.models.orders import Order, OrderLine
from tests.factories.fulfillment import CutoffRunFactory, DropFactory
from tests.factories.leaders import LeaderFactory, PickupPointFactory, UserFactory
from tests.factories.orders import CampaignFactory
from tests.factories.scenes import WHOLE_PHONE, order_on_the_way

pytestmark = pytest.mark.django_db

PAGES = [
    "/leader/",
    "/leader/orders/",
    "/leader/orders/?by=resident",
    "/leader/orders/?q=2483",
    "/leader/hand-out/",
    "/leader/hand-out/?sort=building",
    "/leader/hand-out/?sort=product",
    "/leader/shortages/",
    "/leader/commission/",
    "/leader/profile/",
]


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create(code="L0001", phone="19900029593")


@pytest.fixture
def run() -> CutoffRun:
    return CutoffRunFactory.create(
        campaign=CampaignFactory.create(code="C1", state=CampaignState.FULFILLING)
    )


@pytest.fixture
def order(lin: Leader, run: CutoffRun) -> Order:
    """An order of Lin's with a shortage, commission, a stop and a paper."""
    return order_on_the_way(lin, run)


@pytest.fixture
def lins_client(client: Client, lin: Leader) -> Client:
    assert lin.user is not None
    client.force_login(lin.user)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_an_empty_platform(lins_client: Client, page: str) -> None:
    response = lins_client.get(page)

    assert response.status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_the_middle_of_a_day(
    lins_client: Client, order: Order, page: str
) -> None:
    response = lins_client.get(page)

    assert response.status_code == 200
    html = response.content.decode()
    assert WHOLE_PHONE not in html
    assert not re.search(r"""<(script|style)>|\sstyle=|\son[a-z]+=""", html)


def test_markup_in_names_stays_text(lins_client: Client, order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(
        resident_name="<img src=x>", building="<b>3</b>", room="</a>"
    )
    OrderLine.objects.update(sku_name="<script>alert(1)</script>")

    for page in [*PAGES, f"/leader/orders/{order.pk}/"]:
        html = lins_client.get(page).content.decode()

        assert not any(tag in html for tag in ("<img src=x", "<b>3", "<script>alert")), page


@pytest.mark.parametrize("page", PAGES)
def test_no_page_opens_for_another_role(client: Client, page: str) -> None:
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))

    response = client.get(page)

    assert response.status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_no_page_opens_for_a_stranger(client: Client, page: str) -> None:
    response = client.get(page)

    assert response.status_code == 302
    assert response["Location"].startswith("/login/?next=/leader/")


def test_another_leader_sees_nothing_of_the_day(client: Client, order: Order) -> None:
    other = LeaderFactory.create()
    assert other.user is not None
    client.force_login(other.user)

    pages = [client.get(page).content.decode() for page in PAGES]

    for trace in ("毛海燕", "毛**", "2483 ", "西兰花", "3-07", order.order_no):
        assert not any(trace in page for page in pages)


def test_another_leaders_order_is_not_there(client: Client, order: Order) -> None:
    other = LeaderFactory.create()
    assert other.user is not None
    client.force_login(other.user)

    response = client.get(f"/leader/orders/{order.pk}/")

    assert response.status_code == 404


def test_the_order_shows_what_is_short_and_masks_the_phone(
    lins_client: Client, order: Order
) -> None:
    response = lins_client.get(f"/leader/orders/{order.pk}/")

    assert response.status_code == 200
    html = response.content.decode()
    assert "**** 2483" in html
    assert WHOLE_PHONE not in html
    assert response.context["detail"].short_qty == 1


@pytest.mark.parametrize(
    ("query", "found"), [("2483", 1), ("毛", 1), ("7", 1), ("0000", 0), ("张", 0)]
)
def test_orders_are_searched_by_phone_tail_name_or_pickup_no(
    lins_client: Client, order: Order, query: str, found: int
) -> None:
    response = lins_client.get("/leader/orders/", {"q": query})

    assert response.context["orders_count"] == found


def test_a_search_by_script_gets_the_list_alone(lins_client: Client, order: Order) -> None:
    response = lins_client.get("/leader/orders/?q=2483&by=resident", headers={"HX-Request": "true"})

    html = response.content.decode()
    assert "<html" not in html
    assert "毛海燕" in html
    assert "HX-Request" in response["Vary"]


def test_the_switch_keeps_search_and_campaign(lins_client: Client, order: Order) -> None:
    response = lins_client.get("/leader/orders/?campaign=C1&q=毛")

    assert [option["url"] for option in response.context["options"]] == [
        "?campaign=C1&q=%E6%AF%9B&by=building",
        "?campaign=C1&q=%E6%AF%9B&by=resident",
    ]


def test_the_hand_out_list_agrees_with_the_delivery_note(lins_client: Client, order: Order) -> None:
    response = lins_client.get("/leader/hand-out/")

    check = response.context["check"]
    assert (check.resident_pieces, check.note_pieces) == (2, 2)
    assert "毛**" in response.content.decode()
    assert "毛海燕" not in response.content.decode()


def test_a_difference_with_the_delivery_note_is_shouted(
    lins_client: Client, lin: Leader, run: CutoffRun, order: Order
) -> None:
    DropFactory.create(wave__run=run, pickup_point=PickupPointFactory.create(leader=lin), pieces=1)

    response = lins_client.get("/leader/hand-out/")

    assert "notice--danger" in response.content.decode()


@pytest.mark.parametrize("page", ["orders", "hand-out", "shortages"])
def test_an_earlier_campaign_can_be_asked_for(lins_client: Client, order: Order, page: str) -> None:
    CampaignFactory.create(
        code="NEW",
        opens_at=datetime(2026, 3, 10, 23, 0, tzinfo=UTC),
        orders_close_at=datetime(2026, 3, 11, 14, 0, tzinfo=UTC),
        payments_close_at=datetime(2026, 3, 11, 15, 0, tzinfo=UTC),
        freeze_at=datetime(2026, 3, 11, 15, 0, tzinfo=UTC),
    )

    response = lins_client.get(f"/leader/{page}/?campaign=C1")

    assert response.context["campaign"].code == "C1"
    assert lins_client.get(f"/leader/{page}/?campaign=NONE").status_code == 404
