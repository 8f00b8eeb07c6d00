"""The command that opens a demo's shop."""

from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign, CampaignState
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.orders import CampaignFactory, OfferFactory, OrderFactory

pytestmark = pytest.mark.django_db


def said() -> str:
    output = StringIO()
    call_command("open_demo_campaign", stdout=output)
    return output.getvalue().strip()


@pytest.fixture
def leader() -> Leader:
    leader = LeaderFactory.create(code="L0001")
    PickupPointFactory.create(leader=leader)
    campaign = CampaignFactory.create(state=CampaignState.FULFILLING)
    OfferFactory.create_batch(6, campaign=campaign)
    OrderFactory.create(campaign=campaign, leader=leader)
    return leader


@pytest.mark.usefixtures("leader")
def test_it_tells_the_shop_of_the_leader_of_the_played_day(client: Client) -> None:
    first, again = said(), said()

    path, closes_at = first.split()
    assert first == again
    assert path == "/g/L0001/"
    assert set(
        Campaign.objects.filter(state=CampaignState.OPEN).values_list("orders_close_at", flat=True)
    ) == {datetime.fromisoformat(closes_at)}
    assert client.get(path).status_code == 200


def test_without_leaders_it_tells_nothing() -> None:
    assert said() == ""
