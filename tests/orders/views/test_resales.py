"""An owner lets another leader sell, and either ends it."""

import pytest
from django.test import Client

from leaders.models.resales import Resale
from tests.factories.leaders import LeaderFactory
from tests.factories.links import ResaleFactory
from tests.factories.orders import OrderFactory
from tests.factories.storefronts import OpenShop

RESALES = "/leader/resales/"


@pytest.fixture
def lin(client: Client, shop: OpenShop) -> Client:
    assert shop.leader.user is not None
    client.force_login(shop.leader.user)
    return client


def test_an_owner_agrees_by_code(lin: Client, shop: OpenShop) -> None:
    other = LeaderFactory.create(name="王建国")

    assert lin.post(RESALES, {"reseller": other.code, "rate": "4.5"})["Location"] == RESALES

    resale = Resale.objects.get()
    assert (resale.owner, resale.reseller, resale.rate_bp) == (shop.leader, other, 450)
    assert "王建国" in lin.get(RESALES).content.decode()


@pytest.mark.parametrize(
    ("code", "rate", "field"),
    [("L9999", "4", "reseller"), ("L0001", "4", "reseller"), ("other", "12", "rate")],
)
def test_what_does_not_go_is_said_beside_its_field(
    lin: Client, code: str, rate: str, field: str
) -> None:
    LeaderFactory.create(code="other")

    response = lin.post(RESALES, {"reseller": code, "rate": rate})

    assert list(response.context["form"].errors) == [field]
    assert Resale.objects.count() == 0


def test_both_sides_see_the_orders_it_brought(lin: Client, shop: OpenShop) -> None:
    made = ResaleFactory.create(owner=shop.leader)
    offered = ResaleFactory.create(reseller=shop.leader)
    for resale, orders in ((made, 2), (offered, 1)):
        for _at in range(orders):
            OrderFactory.create(leader=resale.owner, reseller=resale.reseller, resell_rate_bp=400)
    OrderFactory.create(leader=shop.leader)

    context = lin.get(RESALES).context

    assert context["made"] == [(made, 2)]
    assert context["offered"] == [(offered, 1)]


def test_either_side_ends_it_and_nobody_else(lin: Client, shop: OpenShop) -> None:
    made = ResaleFactory.create(owner=shop.leader)
    offered = ResaleFactory.create(reseller=shop.leader)
    others = ResaleFactory.create()

    answers = [
        lin.post(f"{RESALES}{resale.pk}/end/").status_code for resale in (made, offered, others)
    ]

    assert answers == [302, 302, 404]

    assert list(Resale.objects.filter(ended_at__isnull=True)) == [others]
