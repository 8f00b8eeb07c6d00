"""A resident's orders as cards."""

import pytest

from orders.selectors.resident_orders import order_cards, orders_of_resident
from tests.factories.orders import OrderFactory, OrderLineFactory

pytestmark = pytest.mark.django_db


def test_a_card_names_what_comes_and_not_what_fell_out_of_its_group() -> None:
    order = OrderFactory.create()
    OrderLineFactory.create(order=order, line_no=1, qty=3, sku_name="嫩豆腐 400g")
    OrderLineFactory.create(order=order, line_no=2, qty=2, sku_name="脆桃 5斤装", is_void=True)

    [card] = order_cards(list(orders_of_resident(order.resident)))

    assert (card.pieces, card.goods) == (3, "嫩豆腐 400g")
