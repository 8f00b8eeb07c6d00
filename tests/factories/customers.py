"""Residents of a leader, and orders of theirs that wait at the door."""

from datetime import datetime, timedelta

from django.utils import timezone

from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from orders.models.campaigns import CampaignState
from orders.models.orders import Order, OrderState
from orders.models.residents import Resident
from tests.factories.orders import (
    CampaignFactory,
    OrderFactory,
    OrderLineFactory,
    ResidentFactory,
)


def customer(leader: Leader, name: str, *, days_ago: int | None, now: datetime) -> Resident:
    """A resident whose last order, of one line at 10.00 yuan, was paid so many days ago."""
    resident: Resident = ResidentFactory.create(leader=leader, name=name)
    if days_ago is not None:
        paid_at = now - timedelta(days=days_ago)
        order = OrderFactory.create(
            leader=leader, resident=resident, paid_at=paid_at, placed_at=paid_at
        )
        OrderLineFactory.create(order=order)
    return resident


def waiting_order(
    leader: Leader, now: datetime, *, days: int = 0, point: PickupPoint | None = None
) -> Order:
    """A frozen order of the leader's resident that came so many days ago."""
    campaign = CampaignFactory.create(
        state=CampaignState.FULFILLING,
        delivery_date=timezone.localdate(now) - timedelta(days=days),
    )
    own = {"pickup_point": point} if point else {}
    order: Order = OrderFactory.create(
        leader=leader,
        campaign=campaign,
        state=OrderState.FROZEN,
        resident_phone="19906912483",
        paid_at=now - timedelta(days=days + 1),
        placed_at=now - timedelta(days=days + 1),
        **own,
    )
    OrderLineFactory.create(order=order)
    return order
