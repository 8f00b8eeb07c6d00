"""Which warehouse takes in and sorts the goods of a campaign."""

from django.utils.translation import gettext as _

from fulfillment.errors import WarehouseUnclear
from fulfillment.models.warehouse import Warehouse
from orders.models.campaigns import Campaign


def hub_of(campaign: Campaign) -> Warehouse:
    """Return the hub of the campaign's city: a warehouse that no other one supplies.

    A hub that names no city serves every city without one of its own.

    Raises
    ------
    WarehouseUnclear
        If no hub serves the city, or several do.
    """
    hubs = Warehouse.objects.filter(hub__isnull=True, city__in=("", campaign.city))
    rows = list(hubs.order_by("code"))
    of_city = [hub for hub in rows if hub.city == campaign.city] or rows
    if len(of_city) == 1:
        return of_city[0]
    if not of_city:
        told = _("No warehouse serves %(city)s: name the city at one that goods arrive at.")
    else:
        told = _("Several warehouses serve %(city)s: name the city at one of them only.")
    raise WarehouseUnclear(
        told % {"city": campaign.city},
        city=campaign.city,
        warehouses=[hub.code for hub in of_city],
    )
