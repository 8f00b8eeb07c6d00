"""The home page: under fifteen queries for the whole page, and a way to everything that waits."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from leaders.models.leaders import Leader
from orders.models.campaigns import CampaignState
from orders.models.orders import OrderState
from tests.factories.fulfillment import CutoffRunFactory
from tests.factories.leaders import LeaderFactory
from tests.factories.levels import LevelReviewFactory, ladder, sold_in_bulk
from tests.factories.orders import CampaignFactory
from tests.factories.scenes import order_on_the_way

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
def lins_client(client: Client, lin: Leader) -> Client:
    assert lin.user is not None
    client.force_login(lin.user)
    return client


def test_the_page_takes_fourteen_queries_for_ten_orders_and_for_many(
    lins_client: Client, lin: Leader, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ladder()
    campaign = CampaignFactory.create(code="C1", state=CampaignState.FULFILLING)
    order_on_the_way(lin, CutoffRunFactory.create(campaign=campaign))
    sold_in_bulk(lin, 9, campaign=campaign)

    with django_assert_num_queries(14):
        lins_client.get("/leader/")

    sold_in_bulk(lin, 1_000, campaign=CampaignFactory.create(code="C2"))
    with django_assert_num_queries(14):
        html = lins_client.get("/leader/").content.decode()
    assert "1000" in html


def test_what_waits_is_counted_and_linked(lins_client: Client, lin: Leader) -> None:
    campaign = CampaignFactory.create(code="C1")
    sold_in_bulk(lin, 3, campaign=campaign, state=OrderState.PENDING_PAYMENT)

    html = lins_client.get("/leader/").content.decode()

    assert 'href="/leader/unpaid/"' in html
    assert '<strong class="matter__count num">3</strong>' in html
    assert "Nothing waits for you." not in html


def test_where_nothing_waits_it_says_so(lins_client: Client) -> None:
    assert "Nothing waits for you." in lins_client.get("/leader/").content.decode()


def test_the_next_clock_counts_down(lins_client: Client) -> None:
    CampaignFactory.create()

    html = lins_client.get("/leader/").content.decode()

    assert "Orders close" in html
    assert "10\xa0hours, 58\xa0minutes left" in html


def test_a_fall_that_is_announced_is_said_before_anything_else(
    lins_client: Client, lin: Leader
) -> None:
    trial, formal, _gold = ladder()
    lin.level = formal
    lin.save()
    LevelReviewFactory.create(
        leader=lin, from_level=formal, to_level=trial, effective_on=date(2026, 3, 20)
    )

    html = lins_client.get("/leader/").content.decode()

    assert "your level would be “试用”" in html
    assert html.index("level would be") < html.index("matters-title")


def test_the_level_line_says_what_the_next_one_needs(lins_client: Client, lin: Leader) -> None:
    ladder()
    sold_in_bulk(lin, 1)

    html = " ".join(lins_client.get("/leader/").content.decode().split())

    assert "No level yet" in html
    assert "reached; it counts from the next review" in html
