"""Sales and unpaid orders on their pages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign
from orders.models.orders import Order, OrderEvent, OrderState
from tests.factories.leaders import LeaderFactory
from tests.factories.levels import sold_in_bulk
from tests.factories.orders import CampaignFactory, OrderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create(code="L0001")


@pytest.fixture
def campaign() -> Campaign:
    return CampaignFactory.create(code="C20260310")


@pytest.fixture
def lins_client(client: Client, lin: Leader) -> Client:
    assert lin.user is not None
    client.force_login(lin.user)
    return client


def pending(leader: Leader, campaign: Campaign, **columns: object) -> Order:
    return OrderFactory.create(
        leader=leader,
        campaign=campaign,
        state=OrderState.PENDING_PAYMENT,
        paid_at=None,
        pay_by=NOON + timedelta(minutes=4),
        resident_name="毛海燕",
        resident_phone="19906912483",
        **columns,
    )


def test_hours_are_bars_without_scripts(
    lins_client: Client, lin: Leader, campaign: Campaign
) -> None:
    sold_in_bulk(lin, 3, campaign=campaign)

    html = lins_client.get("/leader/sales/").content.decode()

    assert '<meter min="0" max="3000" value="3000"' in html
    assert "0 of 3 residents had bought from you before" in html


def test_another_campaign_can_be_looked_at(
    lins_client: Client, lin: Leader, campaign: Campaign
) -> None:
    earlier = CampaignFactory.create(code="C20260309", opens_at=campaign.opens_at - timedelta(1))
    sold_in_bulk(lin, 2, campaign=earlier)

    assert "Nothing sold yet" in lins_client.get("/leader/sales/").content.decode()
    html = lins_client.get("/leader/sales/?campaign=C20260309").content.decode()
    assert 'aria-current="true"' in html
    assert lins_client.get("/leader/sales/?campaign=nonsense").status_code == 404


def test_the_unpaid_page_shows_the_time_left_and_no_whole_name_or_number(
    lins_client: Client, lin: Leader, campaign: Campaign
) -> None:
    pending(lin, campaign)

    html = lins_client.get("/leader/unpaid/").content.decode()

    assert "4\xa0minutes left" in html
    assert "毛**" in html
    assert "2483" in html
    assert "毛海燕" not in html
    assert "19906912483" not in html


def test_the_last_call_names_nobody_and_carries_both_links(
    lins_client: Client, lin: Leader, campaign: Campaign
) -> None:
    pending(lin, campaign)

    html = lins_client.get("/leader/unpaid/").content.decode()
    text = html.partition("readonly>")[2].partition("</textarea>")[0]

    assert "1 orders of our group" in text
    assert "/me/orders/" in text
    assert "/g/L0001/" in text
    assert "毛" not in text


def test_after_the_cut_off_there_is_no_last_call(
    lins_client: Client, lin: Leader, campaign: Campaign
) -> None:
    pending(lin, campaign)
    Campaign.objects.update(orders_close_at=NOON)

    assert "Last call" not in lins_client.get("/leader/unpaid/").content.decode()


def test_dropped_orders_are_listed_until_their_resident_buys_again(
    lins_client: Client, lin: Leader, campaign: Campaign
) -> None:
    order = pending(lin, campaign)
    Order.objects.filter(pk=order.pk).update(state=OrderState.CANCELLED)
    OrderEvent.objects.create(
        order=order,
        from_state=OrderState.PENDING_PAYMENT,
        to_state=OrderState.CANCELLED,
        actor="system",
        reason="not_paid_in_time",
        at=NOON,
    )

    assert "dropped at 12:00" in lins_client.get("/leader/unpaid/").content.decode()
    OrderFactory.create(leader=lin, campaign=campaign, resident=order.resident)
    assert "Everybody has paid" in lins_client.get("/leader/unpaid/").content.decode()


def test_an_order_the_leader_pays_leads_to_its_payment(
    lins_client: Client, lin: Leader, campaign: Campaign
) -> None:
    order = pending(lin, campaign, source="proxy", payer_leader=lin)

    html = lins_client.get("/leader/unpaid/").content.decode()

    assert f'href="/leader/proxy-order/{order.order_no}/"' in html


def test_another_leaders_residents_are_nowhere(
    lins_client: Client, lin: Leader, campaign: Campaign
) -> None:
    other = LeaderFactory.create()
    pending(other, campaign)
    sold_in_bulk(other, 2, campaign=campaign)

    for page in ("/leader/sales/", "/leader/unpaid/"):
        html = lins_client.get(page).content.decode()
        assert "2483" not in html
        assert "西兰花" not in html
