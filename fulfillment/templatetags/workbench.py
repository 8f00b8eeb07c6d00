"""The newest day on the buyers' start page."""

from django import template

from fulfillment.selectors.purchase_board import BuyerDay, buyer_day

register = template.Library()


@register.simple_tag
def newest_day() -> BuyerDay | None:
    """`{% newest_day as day %}` gives the newest run in the buyers' figures."""
    return buyer_day()
