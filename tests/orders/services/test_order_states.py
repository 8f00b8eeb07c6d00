"""Orders move by their table, once, and give their goods back."""

from datetime import timedelta

import pytest

from leaders.models.leaders import Leader
from leaders.models.levels import LeaderLevel
from orders.models.orders import Order, OrderEvent, OrderState
from orders.models.stock import OfferStock, ResidentQuota
from orders.services.order_states import order_drop, order_mark_late, order_pay, orders_drop
from tests.factories.leaders import CommissionPlanFactory
from tests.factories.orders import OrderFactory
from tests.factories.shops import Shop

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop() -> Shop:
    """One open campaign and one leader with a point."""
    return Shop()


def held() -> tuple[int, int]:
    """Pieces in the one stock counter and in the one quota."""
    return OfferStock.objects.get().reserved_qty, ResidentQuota.objects.get().qty


def waiting(shop: Shop, qty: int = 2) -> int:
    """An order of a capped and limited offer that waits for its money."""
    return shop.placed((shop.offer(stock_cap=9, per_resident_limit=9), qty))


def test_a_paid_order_keeps_its_goods_and_the_moment_of_payment(shop: Shop) -> None:
    order_id = waiting(shop)

    moved = order_pay(
        order_id=order_id, paid_at=shop.now, now=shop.now + MINUTE, actor="resident:7"
    )

    assert moved
    order = Order.objects.get()
    assert (order.state, order.paid_at) == (OrderState.PAID, shop.now)
    assert held() == (2, 2)
    event = OrderEvent.objects.get()
    assert (event.from_state, event.to_state) == ("pending_payment", "paid")
    assert (event.actor, event.at) == ("resident:7", shop.now + MINUTE)


def test_an_order_is_paid_once(shop: Shop) -> None:
    order_id = waiting(shop)
    order_pay(order_id=order_id, paid_at=shop.now, now=shop.now, actor="system")

    again = order_pay(order_id=order_id, paid_at=shop.now + MINUTE, now=shop.now, actor="system")

    assert not again
    assert Order.objects.get().paid_at == shop.now
    assert OrderEvent.objects.count() == 1


def test_late_money_frees_the_goods_for_others(shop: Shop) -> None:
    order_id = waiting(shop)

    moved = order_mark_late(order_id=order_id, paid_at=shop.now, now=shop.now, reason="refund_late")

    assert moved
    assert Order.objects.get().state == OrderState.LATE_PAID
    assert held() == (0, 0)
    assert OrderEvent.objects.get().reason == "refund_late"


def test_a_paid_order_is_never_late_afterwards(shop: Shop) -> None:
    order_id = waiting(shop)
    order_pay(order_id=order_id, paid_at=shop.now, now=shop.now, actor="system")

    assert not order_mark_late(order_id=order_id, paid_at=shop.now, now=shop.now, reason="late")

    assert held() == (2, 2)


@pytest.mark.parametrize("is_paid", [False, True])
def test_cancelling_gives_the_goods_back_once(shop: Shop, is_paid: bool) -> None:
    order_id = waiting(shop)
    if is_paid:
        order_pay(order_id=order_id, paid_at=shop.now, now=shop.now, actor="system")

    first = order_drop(order_id=order_id, now=shop.now, actor="resident:7", reason="asked")
    second = order_drop(order_id=order_id, now=shop.now, actor="resident:7", reason="asked")

    assert (first, second) == (True, False)
    assert Order.objects.get().state == OrderState.CANCELLED
    assert held() == (0, 0)
    event = OrderEvent.objects.get(to_state=OrderState.CANCELLED)
    assert event.from_state == ("paid" if is_paid else "pending_payment")


@pytest.mark.parametrize(
    "state",
    [state for state in OrderState if state not in (OrderState.PENDING_PAYMENT, OrderState.PAID)],
)
def test_what_is_frozen_or_over_stays_as_it_is(state: OrderState) -> None:
    order = OrderFactory.create(state=state)

    assert not order_drop(order_id=order.pk, now=order.placed_at, actor="system", reason="x")
    assert not order_pay(
        order_id=order.pk, paid_at=order.placed_at, now=order.placed_at, actor="system"
    )
    assert not order_mark_late(
        order_id=order.pk, paid_at=order.placed_at, now=order.placed_at, reason="x"
    )

    assert not OrderEvent.objects.exists()


def test_many_orders_are_cancelled_together_and_others_left_alone(shop: Shop) -> None:
    offer = shop.offer(stock_cap=9, stock_buckets=3)
    first, second, third = (shop.placed((offer, 2)) for _order in range(3))

    dropped = orders_drop(
        order_ids=[first, third, 0], now=shop.now, actor="system", reason="unpaid"
    )

    assert dropped == {first, third}
    assert Order.objects.get(state=OrderState.PENDING_PAYMENT).pk == second
    assert sum(OfferStock.objects.values_list("reserved_qty", flat=True)) == 2


def test_an_order_from_an_import_has_no_counters_to_give_back() -> None:
    order = OrderFactory.create(state=OrderState.PAID)

    assert order_drop(order_id=order.pk, now=order.placed_at, actor="system", reason="asked")


def test_a_paid_order_keeps_the_rule_its_leader_works_under(shop: Shop) -> None:
    order_id = waiting(shop)

    order_pay(order_id=order_id, paid_at=shop.now, now=shop.now, actor="system")
    Leader.objects.update(commission_plan=None)

    assert kept_rule(order_id) == ("STANDARD", 1000, 3)


def test_without_an_own_plan_the_level_decides_and_then_the_default(shop: Shop) -> None:
    gold = CommissionPlanFactory.create(code="GOLD", rate_bp=1100)
    CommissionPlanFactory.create(code="BASE", rate_bp=800, hold_days=5, is_default=True)
    level = LeaderLevel.objects.create(code="gold", name="金牌", rank=2, commission_plan=gold)
    Leader.objects.update(commission_plan=None, level=level)
    first = waiting(shop)
    order_pay(order_id=first, paid_at=shop.now, now=shop.now, actor="system")
    Leader.objects.update(level=None)
    second = waiting(shop)

    order_pay(order_id=second, paid_at=shop.now, now=shop.now, actor="system")

    assert kept_rule(first) == ("GOLD", 1100, 3)
    assert kept_rule(second) == ("BASE", 800, 5)


def test_where_no_plan_is_in_force_money_is_taken_all_the_same(shop: Shop) -> None:
    Leader.objects.update(commission_plan=None)
    order_id = waiting(shop)

    assert order_pay(order_id=order_id, paid_at=shop.now, now=shop.now, actor="system")

    assert kept_rule(order_id) == ("", None, None)


def kept_rule(order_id: int) -> tuple[str, int | None, int | None]:
    order = Order.objects.get(pk=order_id)
    return order.commission_plan_code, order.commission_rate_bp, order.commission_hold_days
