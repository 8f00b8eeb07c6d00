"""What tests of the shop's pages share."""

import pytest
from django.core.cache import cache

from orders.services.legal import default_rules_write
from tests.factories.storefronts import OpenShop


@pytest.fixture
def shop(db: None) -> OpenShop:
    """A shop that is open now, with rules and without memories of earlier tests."""
    cache.clear()
    shop = OpenShop()
    default_rules_write(now=shop.now)
    return shop
