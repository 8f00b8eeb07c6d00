"""The cut-off of a campaign."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from orders.errors import CampaignNotDue, CampaignNotOpen
from orders.models.campaigns import CampaignState
from orders.models.demand import DemandLine, DemandSnapshot
from orders.models.orders import Order, OrderState
from orders.services.campaigns import campaign_close, campaign_freeze
from tests.factories.leaders import PickupPointFactory
from tests.factories.orders import CampaignFactory, OfferFactory, OrderFactory, OrderLineFactory

pytestmark = pytest.mark.django_db


def test_paid_lines_become_frozen_demand_and_unpaid_ones_stay_out() -> None:
    campaign = CampaignFactory.create()
    offer = OfferFactory.create(campaign=campaign)
    for qty, state in [(2, OrderState.PAID), (3, OrderState.PAID), (9, OrderState.PENDING_PAYMENT)]:
        order = OrderFactory.create(campaign=campaign, state=state)
        OrderLineFactory.create(
            order=order, offer=offer, sku=offer.sku, qty=qty, unit_price_fen=500
        )

    snapshot = campaign_freeze(campaign_id=campaign.pk, now=campaign.freeze_at)

    assert (snapshot.orders, snapshot.lines, snapshot.pieces) == (2, 2, 5)
    assert snapshot.paid_fen == 2500
    assert DemandLine.objects.get(snapshot=snapshot).qty == 5
    assert Order.objects.filter(state=OrderState.FROZEN).count() == 2
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.FROZEN


def test_freezing_again_returns_the_same_snapshot() -> None:
    campaign = CampaignFactory.create()
    first = campaign_freeze(campaign_id=campaign.pk, now=campaign.freeze_at)

    again = campaign_freeze(campaign_id=campaign.pk, now=campaign.freeze_at + timedelta(days=1))

    assert again == first
    assert DemandSnapshot.objects.count() == 1


def test_nothing_freezes_before_the_clock() -> None:
    campaign = CampaignFactory.create()

    with pytest.raises(CampaignNotDue):
        campaign_freeze(campaign_id=campaign.pk, now=campaign.freeze_at - timedelta(seconds=1))

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.OPEN


@pytest.mark.parametrize("state", [CampaignState.DRAFT, CampaignState.CANCELLED])
def test_a_campaign_that_never_opened_cannot_be_frozen(state: CampaignState) -> None:
    campaign = CampaignFactory.create(state=state)

    with pytest.raises(CampaignNotOpen):
        campaign_freeze(campaign_id=campaign.pk, now=campaign.freeze_at)

    assert not DemandSnapshot.objects.exists()


def test_pickup_numbers_run_from_one_at_each_point_in_the_order_of_payment() -> None:
    campaign = CampaignFactory.create()
    here, there = PickupPointFactory.create(), PickupPointFactory.create()
    late, early, other = (
        OrderFactory.create(
            campaign=campaign,
            pickup_point=point,
            state=OrderState.PAID,
            paid_at=campaign.opens_at + timedelta(minutes=minute),
        )
        for point, minute in [(here, 9), (here, 1), (there, 5)]
    )

    campaign_freeze(campaign_id=campaign.pk, now=campaign.freeze_at)

    numbers = dict(Order.objects.values_list("pk", "pickup_no"))
    assert numbers == {late.pk: 2, early.pk: 1, other.pk: 1}


def test_the_snapshot_cannot_be_changed_afterwards() -> None:
    campaign = CampaignFactory.create()
    snapshot = campaign_freeze(campaign_id=campaign.pk, now=campaign.freeze_at)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        DemandSnapshot.objects.filter(pk=snapshot.pk).update(pieces=99)


def test_the_freeze_holds_the_campaign_alone_until_its_commit() -> None:
    campaign = CampaignFactory.create()

    campaign_freeze(campaign_id=campaign.pk, now=campaign.freeze_at)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND classid = 1 AND objid = %s",
            [campaign.pk],
        )
        assert cursor.fetchall() == [("ExclusiveLock",)]


def test_closing_takes_no_more_orders_and_says_whether_it_closed() -> None:
    campaign = CampaignFactory.create()

    first = campaign_close(campaign_id=campaign.pk, now=campaign.orders_close_at)
    second = campaign_close(campaign_id=campaign.pk, now=campaign.orders_close_at)

    assert (first, second) == (True, False)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CLOSING


def test_nothing_closes_before_the_clock() -> None:
    campaign = CampaignFactory.create()

    with pytest.raises(CampaignNotDue):
        campaign_close(campaign_id=campaign.pk, now=campaign.orders_close_at - timedelta(seconds=1))


@pytest.mark.parametrize(
    "state", [CampaignState.DRAFT, CampaignState.CANCELLED, CampaignState.FROZEN]
)
def test_only_an_open_campaign_is_closed(state: CampaignState) -> None:
    campaign = CampaignFactory.create(state=state)

    assert not campaign_close(campaign_id=campaign.pk, now=campaign.orders_close_at)

    campaign.refresh_from_db()
    assert campaign.state == state


def test_a_closed_campaign_freezes_as_an_open_one_does() -> None:
    campaign = CampaignFactory.create()
    OrderLineFactory.create(order=OrderFactory.create(campaign=campaign), qty=3)
    campaign_close(campaign_id=campaign.pk, now=campaign.orders_close_at)

    assert campaign_freeze(campaign_id=campaign.pk, now=campaign.freeze_at).pieces == 3


def test_closing_waits_for_everybody_who_is_placing_an_order() -> None:
    campaign = CampaignFactory.create()

    campaign_close(campaign_id=campaign.pk, now=campaign.orders_close_at)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND classid = 1 AND objid = %s",
            [campaign.pk],
        )
        assert cursor.fetchall() == [("ExclusiveLock",)]
