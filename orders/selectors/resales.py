"""What others sold for a leader, and a leader for others."""

from collections.abc import Mapping

from django.db.models import Count, Q

from leaders.models.leaders import Leader
from orders.models.orders import Order
from orders.selectors.demand import DEMANDED_STATES


def orders_resold(leader: Leader) -> Mapping[tuple[int, int], int]:
    """Paid orders that came by a reseller, by owner and reseller, in one query."""
    rows = (
        Order.objects.filter(
            Q(leader=leader) | Q(reseller=leader),
            reseller__isnull=False,
            state__in=DEMANDED_STATES,
        )
        .values_list("leader", "reseller")
        .annotate(orders=Count("pk"))
        .order_by("leader", "reseller")
    )
    return {(owner, reseller): orders for owner, reseller, orders in rows}
