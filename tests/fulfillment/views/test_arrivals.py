"""The leader's button: asked once more, then told."""

import pytest
from django.test import Client

from leaders.models.leaders import Leader
from orders.models.campaigns import CampaignState
from orders.models.orders import Order
from orders.models.outbox import OutboxMessage
from tests.factories.fulfillment import CutoffRunFactory
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import CampaignFactory
from tests.factories.scenes import order_on_the_way

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create()


@pytest.fixture
def order(lin: Leader) -> Order:
    run = CutoffRunFactory.create(
        campaign=CampaignFactory.create(code="C1", state=CampaignState.FULFILLING)
    )
    return order_on_the_way(lin, run)


@pytest.fixture
def lins_client(client: Client, lin: Leader) -> Client:
    assert lin.user is not None
    client.force_login(lin.user)
    return client


def page_of(order: Order) -> str:
    return f"/leader/hand-out/points/{order.pickup_point_id}/?campaign=C1"


def test_the_hand_out_list_leads_to_the_question(lins_client: Client, order: Order) -> None:
    html = lins_client.get("/leader/hand-out/").content.decode()

    assert page_of(order) in html
    assert lins_client.get(page_of(order)).status_code == 200
    assert OutboxMessage.objects.count() == 0


def test_a_post_tells_the_residents_and_how_many(lins_client: Client, order: Order) -> None:
    response = lins_client.post(page_of(order), follow=True)

    assert response.redirect_chain == [("/leader/hand-out/?campaign=C1", 302)]
    assert OutboxMessage.objects.get().dedupe_key == order.order_no
    assert page_of(order) not in response.content.decode()
    assert "1" in str(next(iter(response.context["messages"])))


def test_another_leaders_point_is_not_there(client: Client, order: Order) -> None:
    other = LeaderFactory.create()
    assert other.user is not None
    client.force_login(other.user)

    answers = [client.get(page_of(order)), client.post(page_of(order))]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert OutboxMessage.objects.count() == 0


def test_without_a_run_there_is_nothing_to_tell(lins_client: Client, order: Order) -> None:
    CampaignFactory.create(code="C2")

    response = lins_client.get(page_of(order).replace("C1", "C2"))

    assert response.status_code == 404
