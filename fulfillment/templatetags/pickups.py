"""When an order was fetched, for pages of orders, which know nothing of hand-outs."""

from django import template

from fulfillment.models.pickups import Pickup
from fulfillment.selectors.pickups import pickup_of_order
from orders.models.orders import Order

register = template.Library()


@register.simple_tag
def pickup_of(order: Order) -> Pickup | None:
    """Return the hand-out of an order that stands: `{% pickup_of order as pickup %}`."""
    return pickup_of_order(order.pk)
