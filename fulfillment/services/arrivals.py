"""The leader says that the goods are there; the residents hear it once."""

import logging
from datetime import datetime

from django.db import transaction

from fulfillment.selectors.arrivals import OrderArriving, orders_arriving
from leaders.models.accounts import User
from leaders.models.pickup_points import PickupPoint
from orders.domain.pickup_codes import pickup_code
from orders.models.campaigns import Campaign
from orders.models.outbox import Topic
from orders.services.outbox import Message, messages_queue

logger = logging.getLogger(__name__)


@transaction.atomic
def arrival_announce(*, pickup_point_id: int, campaign_id: int, actor: User, now: datetime) -> int:
    """Tell every resident whose goods are at a point that they are; return how many are told now.

    Each order is told of once, however often this is called.
    """
    point = PickupPoint.objects.get(pk=pickup_point_id)
    campaign = Campaign.objects.get(pk=campaign_id)
    orders = [
        order
        for order in orders_arriving(pickup_point_id=point.pk, campaign_id=campaign.pk)
        if not order.is_told
    ]
    messages_queue(messages=[_message(order, point, campaign) for order in orders], now=now)
    logger.info("User %s announced %d orders at point %s", actor.pk, len(orders), point.code)
    return len(orders)


def _message(order: OrderArriving, point: PickupPoint, campaign: Campaign) -> Message:
    return Message(
        topic=Topic.ARRIVED,
        dedupe_key=order.order_no,
        resident_id=order.resident_id,
        phone=order.phone,
        facts={
            "order_no": order.order_no,
            "code": pickup_code(order.pickup_no or 0, order.phone),
            "place": point.name,
            "address": point.address,
            "date": campaign.delivery_date.isoformat(),
            "hours": f"{point.opens_at:%H:%M}~{point.closes_at:%H:%M}",
            "pieces": order.pieces,
        },
    )
