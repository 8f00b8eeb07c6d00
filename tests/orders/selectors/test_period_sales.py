"""What was sold in a span of time."""

from datetime import UTC, datetime, timedelta

import pytest

from orders.models.orders import OrderState
from orders.selectors.period_sales import PeriodSales, sales_by_leader, sales_by_point
from tests.factories.orders import OrderFactory, OrderLineFactory

pytestmark = pytest.mark.django_db

SINCE = datetime(2026, 3, 1, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=30)


def test_orders_pieces_and_fen_are_summed_by_point_and_by_leader() -> None:
    order = OrderFactory.create()
    OrderLineFactory.create(order=order, qty=2, unit_price_fen=500)
    OrderLineFactory.create(order=order, qty=3, unit_price_fen=100)
    OrderLineFactory.create(order=order, qty=9, is_void=True)
    OrderLineFactory.create()

    by_point = sales_by_point([order.pickup_point_id], since=SINCE, until=UNTIL)
    by_leader = sales_by_leader([order.leader_id], since=SINCE, until=UNTIL)

    assert by_point == {order.pickup_point_id: PeriodSales(orders=1, pieces=5, fen=1300)}
    assert by_leader == {order.leader_id: PeriodSales(orders=1, pieces=5, fen=1300)}


@pytest.mark.parametrize(
    "state", [OrderState.PENDING_PAYMENT, OrderState.CANCELLED, OrderState.REFUNDED]
)
def test_what_was_not_paid_or_given_back_is_no_sale(state: OrderState) -> None:
    line = OrderLineFactory.create(order__state=state)

    assert sales_by_leader([line.order.leader_id], since=SINCE, until=UNTIL) == {}


def test_the_span_ends_before_its_end() -> None:
    line = OrderLineFactory.create(order__paid_at=UNTIL)
    leader_id = line.order.leader_id

    assert sales_by_leader([leader_id], since=SINCE, until=UNTIL) == {}
    assert sales_by_leader([leader_id], since=UNTIL, until=UNTIL + timedelta(1)) != {}
