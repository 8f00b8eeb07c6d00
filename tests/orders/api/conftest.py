"""A shop that is open right now, and throttles that have counted nothing."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from orders.models.residents import Resident
from tests.factories.orders import CampaignFactory, ResidentFactory
from tests.factories.shops import Shop
from tests.orders.api.caller import ApiCaller


@pytest.fixture(autouse=True)
def fresh_throttles() -> None:
    """What earlier tests called is not counted."""
    cache.clear()


@pytest.fixture
def shop(db: None) -> Shop:
    """One leader and a campaign that takes orders for another two hours."""
    now = timezone.now()
    campaign = CampaignFactory.create(
        opens_at=now - timedelta(hours=3),
        orders_close_at=now + timedelta(hours=2),
        payments_close_at=now + timedelta(hours=2, minutes=3),
        freeze_at=now + timedelta(hours=2, minutes=5),
        delivery_date=timezone.localdate(now) + timedelta(days=1),
    )
    return Shop(campaign)


@pytest.fixture
def resident(shop: Shop) -> Resident:
    """Somebody who orders in this shop."""
    return ResidentFactory.create(leader=shop.point.leader)


@pytest.fixture
def caller(resident: Resident) -> ApiCaller:
    """The resident with a token."""
    return ApiCaller(resident)
