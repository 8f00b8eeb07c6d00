"""The three orders in which leaders hand out goods, the same on paper and on the phone."""

from enum import StrEnum

from fulfillment.domain.sorting import natural_key


class HandOutSort(StrEnum):
    """The three sorts; each is named for what stands together."""

    HOUSEHOLD = "household"
    BUILDING = "building"
    PRODUCT = "product"


def hand_out_order(
    sort: HandOutSort, *, building: str, room: str, pickup_no: str, resident: str, sku_code: str
) -> tuple[object, ...]:
    """Return the sort key of one resident's line of one SKU.

    Parameters
    ----------
    sort
        HOUSEHOLD runs by building, door and SKU, BUILDING by building, SKU
        and door, PRODUCT by SKU, building and door.
    building, room
        The door; both compare as numbers where they are numbers.
    pickup_no, resident
        What tells households behind one door apart, the number first.
    sku_code
        The goods.
    """
    own_building, goods = natural_key(building), natural_key(sku_code)
    door = natural_key(room), natural_key(pickup_no), resident
    orders = {
        HandOutSort.HOUSEHOLD: (own_building, *door, goods),
        HandOutSort.BUILDING: (own_building, goods, *door),
        HandOutSort.PRODUCT: (goods, own_building, *door),
    }
    return orders[sort]
