"""What waits for a leader: counted by the rules of the pages it leads to."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from fulfillment.models.handover import HandoverState
from fulfillment.models.pickups import PickupMethod
from fulfillment.selectors.leader_matters import Matters, matters_of_leader
from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign, CampaignState
from orders.models.claims import ClaimState
from orders.models.jielong import JielongEntryState, JielongImport
from orders.models.orders import Order, OrderState
from tests.factories.fulfillment import CutoffRunFactory, HandoverFactory
from tests.factories.leaders import LeaderFactory, login_of
from tests.factories.orders import CampaignFactory, ClaimFactory
from tests.factories.scenes import order_on_the_way

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create(code="L0001")


def matters(leader: Leader, now: datetime = NOW) -> Matters:
    return matters_of_leader(leader, None, now)


@pytest.fixture
def order(lin: Leader) -> Order:
    """An order of Lin's that waits at the point since this morning."""
    run = CutoffRunFactory.create(campaign__state=CampaignState.FULFILLING)
    order = order_on_the_way(lin, run)
    Order.objects.filter(pk=order.pk).update(state=OrderState.FROZEN)
    drop = order.pickup_point.drops.get()
    HandoverFactory.create(stop=drop.stops.get(), state=HandoverState.SIGNED)
    return order


def fetched(order: Order, leader: Leader) -> None:
    """The resident has come."""
    order.pickups.create(
        event_id=uuid4(),
        pickup_point=order.pickup_point,
        method=PickupMethod.CODE,
        picked_up_at=NOW,
        recorded_at=NOW,
        recorded_by=login_of(leader),
    )


def test_goods_that_arrived_wait_until_they_are_fetched(lin: Leader, order: Order) -> None:
    assert matters(lin).unpicked == 1

    fetched(order, lin)

    assert matters(lin).unpicked == 0


def test_a_hand_out_that_was_taken_back_waits_again(lin: Leader, order: Order) -> None:
    fetched(order, lin)
    order.pickups.update(undone_at=NOW, undone_by=lin.user)

    assert matters(lin).unpicked == 1


def test_goods_still_on_the_road_do_not_wait(lin: Leader) -> None:
    run = CutoffRunFactory.create(campaign__state=CampaignState.FULFILLING)
    order = order_on_the_way(lin, run)
    Order.objects.filter(pk=order.pk).update(state=OrderState.FROZEN)

    assert matters(lin).unpicked == 0


def test_claims_wait_for_the_leader_until_their_time_is_over(lin: Leader, order: Order) -> None:
    until = NOW + timedelta(hours=1)
    line = order.lines.get()
    ClaimFactory.create(order_line=line, leader_until=until)
    ClaimFactory.create(
        order_line=line, leader_until=until, leader_stance="agrees", leader_answered_at=NOW
    )
    ClaimFactory.create(
        order_line=line, leader_until=until, state=ClaimState.APPROVED, decided_at=NOW
    )

    assert matters(lin).claims == 1
    assert matters(lin, until).claims == 0


def test_unclear_chain_rows_wait_while_the_campaign_sells(lin: Leader) -> None:
    campaign = CampaignFactory.create()
    chain = JielongImport.objects.create(
        leader=lin,
        campaign=campaign,
        snapshot_no=1,
        raw_text="1. 3栋501 西兰花",
        digest="a",
        made_by=login_of(lin),
        made_at=NOW,
    )
    for position, state in enumerate(
        [JielongEntryState.UNCLEAR, JielongEntryState.READY, JielongEntryState.SUPERSEDED]
    ):
        chain.entries.create(
            position=position, raw="", confidence_bp=5000, state=state, changed_at=NOW
        )

    assert matters(lin).chain_entries == 1
    Campaign.objects.update(state=CampaignState.FROZEN)
    assert matters(lin).chain_entries == 0


def test_shortages_are_those_of_the_run_that_comes(lin: Leader, order: Order) -> None:
    run = order.campaign.run

    assert matters(lin).short_pieces == 0
    found = matters_of_leader(lin, run, NOW)
    assert (found.short_pieces, found.short_refund_fen) == (1, 500)
    assert matters_of_leader(LeaderFactory.create(), run, NOW).short_pieces == 0
