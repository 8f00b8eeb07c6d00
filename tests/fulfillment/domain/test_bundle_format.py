import pytest
from django.db.models import Model

from fulfillment.domain import bundle_format as limits
from fulfillment.models.delivery import Vehicle
from fulfillment.models.purchasing import Supplier
from fulfillment.models.warehouse import Warehouse
from leaders.domain.coordinates import CoordSystem
from leaders.models.communities import Community
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from orders.models.campaigns import Campaign
from orders.models.catalogue import Category, Product, Sku, SkuKind, Storage
from orders.models.orders import Order, OrderLine
from orders.models.payments import Payment
from orders.models.residents import Resident


@pytest.mark.parametrize(
    ("limit", "columns"),
    [
        (limits.CAMPAIGN_CODE_LIMIT, [(Campaign, "code")]),
        (limits.CITY_LIMIT, [(Campaign, "city")]),
        (limits.WAREHOUSE_CODE_LIMIT, [(Warehouse, "code")]),
        (limits.LEADER_CODE_LIMIT, [(Leader, "code"), (PickupPoint, "code")]),
        (limits.SUPPLIER_CODE_LIMIT, [(Supplier, "code")]),
        (limits.SKU_CODE_LIMIT, [(Sku, "code")]),
        (limits.VEHICLE_CODE_LIMIT, [(Vehicle, "code")]),
        (limits.RESIDENT_CODE_LIMIT, [(Resident, "code")]),
        (
            limits.CAMPAIGN_CODE_LIMIT + 1 + limits.ORDER_NO_LIMIT,
            [(Order, "order_no"), (Payment, "out_trade_no"), (Order, "source_no")],
        ),
        (
            limits.PERSON_LIMIT,
            [
                (Leader, "name"),
                (Supplier, "contact"),
                (Resident, "name"),
                (Order, "resident_name"),
            ],
        ),
        (
            limits.TITLE_LIMIT,
            [
                (PickupPoint, "name"),
                (Community, "name"),
                (Supplier, "name"),
                (Warehouse, "name"),
                (Product, "name"),
                (Sku, "name"),
                (OrderLine, "sku_name"),
            ],
        ),
        (limits.ADDRESS_LIMIT, [(PickupPoint, "address"), (Warehouse, "address")]),
        (limits.DISTRICT_LIMIT, [(Community, "district")]),
        (limits.CATEGORY_LIMIT, [(Category, "name")]),
        (limits.UNIT_LIMIT, [(Sku, "unit"), (OrderLine, "unit")]),
        (
            limits.DOOR_LIMIT,
            [
                (Resident, "building"),
                (Resident, "room"),
                (Order, "building"),
                (Order, "room"),
            ],
        ),
        (
            limits.PHONE_LIMIT,
            [
                (Leader, "phone"),
                (Supplier, "phone"),
                (Resident, "phone"),
                (Order, "resident_phone"),
            ],
        ),
        (limits.PLATE_LIMIT, [(Vehicle, "plate")]),
        (limits.VEHICLE_KIND_LIMIT, [(Vehicle, "kind")]),
    ],
)
def test_what_the_import_lets_through_fits_its_column(
    limit: int, columns: list[tuple[type[Model], str]]
) -> None:
    widths = {
        (model.__name__, name): getattr(model._meta.get_field(name), "max_length", None)
        for model, name in columns
    }

    assert {column: width for column, width in widths.items() if (width or 0) < limit} == {}


def test_the_choices_of_a_file_are_those_of_the_catalogue() -> None:
    assert set(limits.STORAGE_CLASSES) == set(Storage.values)
    assert set(limits.SKU_KINDS) == set(SkuKind.values)
    assert set(limits.COORD_SYSTEMS) == set(CoordSystem)
