"""The forecast's page."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fulfillment.models.purchasing import Supplier
from leaders.models.accounts import Role
from orders.services.forecasts import demand_curves_learn
from tests.factories.forecasts import OPENS_AT, campaign_on, past_campaign, sell
from tests.factories.fulfillment import SupplierOfferFactory
from tests.factories.leaders import UserFactory
from tests.factories.orders import SkuFactory

pytestmark = pytest.mark.django_db

PAGE = "workbench-forecast"
NOON = OPENS_AT + timedelta(hours=8)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def buyer(client: Client) -> Client:
    client.force_login(UserFactory.create(role=Role.BUYER))
    return client


def test_without_a_campaign_the_page_says_so(buyer: Client) -> None:
    page = buyer.get(reverse(PAGE))

    assert page.status_code == 200
    assert page.context["campaigns"] == []


def test_the_first_day_shows_what_is_paid_and_that_nobody_knows_more(buyer: Client) -> None:
    sell(campaign_on(), SkuFactory.create(code="K1"), {0: 3})

    page = buyer.get(reverse(PAGE))

    assert page.context["found"].forecast.total is None
    assert "K1" in page.content.decode()


def test_the_page_shows_the_order_a_supplier_would_get(buyer: Client) -> None:
    eggs = SkuFactory.create(code="K1")
    offer = SupplierOfferFactory.create(
        sku=eggs, pack_factor=30, cost_fen=100, supplier__min_order_fen=1_000_000
    )
    past_campaign(7, {eggs: {0: 100, 10: 100}})
    demand_curves_learn(now=OPENS_AT)
    sell(campaign_on(), eggs, {0: 100})

    page = buyer.get(reverse(PAGE))

    (row,) = page.context["found"].skus
    assert (row.sku.final, row.supplier, row.line.packs, row.line.surplus_qty) == (
        200,
        offer.supplier,
        7,
        10,
    )
    (warned,) = page.context["warned"]
    assert warned["order"].proposal.min_order_gap_fen == 1_000_000 - 21_000


def test_what_nobody_offers_stands_among_the_warnings(buyer: Client) -> None:
    eggs = SkuFactory.create(code="K1")
    past_campaign(7, {eggs: {0: 100, 10: 100}})
    demand_curves_learn(now=OPENS_AT)
    sell(campaign_on(), eggs, {0: 100})

    found = buyer.get(reverse(PAGE)).context["found"]

    assert [row.sku.offer.sku for row in found.unsourced] == [eggs]


def test_the_picture_has_the_figures_of_the_tables(buyer: Client) -> None:
    eggs = SkuFactory.create()
    past_campaign(7, {eggs: {0: 100, 10: 100}})
    demand_curves_learn(now=OPENS_AT)
    sell(campaign_on(), eggs, {0: 100})

    page = buyer.get(reverse(PAGE))

    block = re.search(r'<script id="forecast-data"[^>]*>(.*?)</script>', page.content.decode())
    assert block is not None
    chart = json.loads(block[1])
    total = page.context["found"].forecast.total
    assert (chart["times"][0], chart["times"][-1]) == ("07:00", "23:00")
    assert chart["expected"][-1] == total.final
    assert chart["low"][-1] + chart["band"][-1] == total.high
    assert max(pieces for pieces in chart["paid"] if pieces is not None) == 100


def test_a_campaign_is_chosen_by_its_code(buyer: Client) -> None:
    first, second = campaign_on(0), campaign_on(-1)

    chosen = buyer.get(reverse(PAGE), {"campaign": second.code}).context["campaign"]

    assert buyer.get(reverse(PAGE)).context["campaign"] == first
    assert chosen == second
    assert buyer.get(reverse(PAGE), {"campaign": "none"}).status_code == 404


def test_the_page_needs_as_many_queries_for_many_rows_as_for_one(buyer: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert buyer.get(reverse(PAGE)).status_code == 200
        return len(captured.captured_queries)

    eggs = SkuFactory.create()
    SupplierOfferFactory.create(sku=eggs)
    past_campaign(7, {eggs: {0: 10}})
    demand_curves_learn(now=OPENS_AT)
    campaign = campaign_on()
    sell(campaign, eggs, {0: 10})
    few = queries()

    for _ in range(3):
        sku = SkuFactory.create()
        SupplierOfferFactory.create(sku=sku)
        sell(campaign, sku, {0: 10, 3: 4})
    past_campaign(6, {eggs: {0: 10}})
    demand_curves_learn(now=OPENS_AT)
    many = queries()

    assert Supplier.objects.count() == 4
    assert many == few
