"""Buyers tell what SKUs are called."""

import pytest
from django.test import Client

from orders.models.jielong import SkuAlias
from tests.factories.orders import SkuFactory

pytestmark = pytest.mark.django_db


def test_a_buyer_adds_a_word_for_everybody(buyer: Client) -> None:
    sku = SkuFactory.create()

    response = buyer.post(
        "/admin/orders/skualias/add/", {"sku": sku.pk, "leader": "", "alias": "白玉块"}
    )

    assert response.status_code == 302
    assert SkuAlias.objects.get().sku == sku


def test_one_word_means_one_sku(buyer: Client) -> None:
    SkuAlias.objects.create(sku=SkuFactory.create(), alias="白玉块")
    other = SkuFactory.create()

    response = buyer.post(
        "/admin/orders/skualias/add/", {"sku": other.pk, "leader": "", "alias": "白玉块"}
    )

    assert response.status_code == 200
    assert SkuAlias.objects.count() == 1
    assert "白玉块" in buyer.get("/admin/orders/skualias/").content.decode()
