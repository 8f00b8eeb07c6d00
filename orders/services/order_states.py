"""The moves of an order: those before the freeze, and the last one.

Every function here is called inside the transaction of what caused the move;
before the freeze with the campaign's lock held, after it with the orders'. A
move that is not in the table of states changes nothing and returns False:
somebody was first.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from leaders.models.commission_plans import CommissionPlan
from leaders.models.leaders import Leader
from orders.domain.lifecycle import ORDER_LIFECYCLE
from orders.models.orders import Order, OrderEvent, OrderState
from orders.services.stock import goods_release, held_lines

BATCH_SIZE = 5_000
SYSTEM = "system"


def order_pay(*, order_id: int, paid_at: datetime, now: datetime, actor: str) -> bool:
    """The order's money came in time: its goods are sold. False if it waits for no money.

    The commission rule of its leader is kept with it: later changes of plan or
    level leave what was sold alone.
    """
    return _paid_move(
        OrderEvent(
            order_id=order_id,
            from_state=OrderState.PENDING_PAYMENT,
            to_state=OrderState.PAID,
            actor=actor,
            at=now,
        ),
        paid_at=paid_at,
        **rule_in_force(),
    )


def rule_in_force() -> dict[str, Coalesce | Subquery]:
    """The columns of an order that keep its leader's commission rule, read as it is updated."""
    leader = Leader.objects.filter(pk=OuterRef("leader_id"))
    default = CommissionPlan.objects.filter(is_default=True)

    def read(column: str) -> Subquery:
        own, level = f"commission_plan__{column}", f"level__commission_plan__{column}"
        plan = Coalesce(own, level, Subquery(default.values(column)[:1]))
        return Subquery(leader.values_list(plan, flat=True)[:1])

    return {
        "commission_plan_code": Coalesce(read("code"), Value("")),
        "commission_rate_bp": read("rate_bp"),
        "commission_hold_days": read("hold_days"),
    }


def order_mark_late(*, order_id: int, paid_at: datetime, now: datetime, reason: str) -> bool:
    """The order's money came too late: its goods go back to the shelf, for good.

    The money goes back by a refund of its own. False if it waited for none.
    """
    event = OrderEvent(
        order_id=order_id,
        from_state=OrderState.PENDING_PAYMENT,
        to_state=OrderState.LATE_PAID,
        actor=SYSTEM,
        reason=reason,
        at=now,
    )
    if not _paid_move(event, paid_at=paid_at):
        return False
    goods_release(lines=held_lines([order_id]))
    return True


def order_drop(*, order_id: int, now: datetime, actor: str, reason: str) -> bool:
    """Cancel an order before the freeze, paid or not; its goods go back to the shelf.

    Money that came in is the caller's to give back. False if the order can no
    longer be cancelled.
    """
    return bool(orders_drop(order_ids=[order_id], now=now, actor=actor, reason=reason))


def orders_drop(
    *, order_ids: Sequence[int], now: datetime, actor: str, reason: str
) -> frozenset[int]:
    """Cancel many orders at once; return which of them could be cancelled."""
    found = dict(
        Order.objects.select_for_update(no_key=True)
        .filter(pk__in=order_ids, state__in=ORDER_LIFECYCLE.sources_of(OrderState.CANCELLED))
        .order_by("pk")
        .values_list("pk", "state")
    )
    if not found:
        return frozenset()
    # The rows are locked, so they are still in the states just read.
    Order.objects.filter(pk__in=found).update(state=OrderState.CANCELLED)
    goods_release(lines=held_lines(list(found)))
    OrderEvent.objects.bulk_create(
        [
            OrderEvent(
                order_id=order_id,
                from_state=state,
                to_state=OrderState.CANCELLED,
                actor=actor,
                reason=reason,
                at=now,
            )
            for order_id, state in found.items()
        ],
        batch_size=BATCH_SIZE,
    )
    return frozenset(found)


def orders_complete(*, order_ids: Sequence[int], now: datetime) -> frozenset[int]:
    """Close orders nobody can complain of in the fast lane any more; return which were open."""
    sources = ORDER_LIFECYCLE.sources_of(OrderState.COMPLETED)
    found = dict(
        Order.objects.select_for_update(no_key=True)
        .filter(pk__in=order_ids, state__in=sources)
        .order_by("pk")
        .values_list("pk", "state")
    )
    # The rows are locked, so they are still in the states just read.
    Order.objects.filter(pk__in=found).update(state=OrderState.COMPLETED)
    OrderEvent.objects.bulk_create(
        [
            OrderEvent(
                order_id=order_id,
                from_state=state,
                to_state=OrderState.COMPLETED,
                actor=SYSTEM,
                at=now,
            )
            for order_id, state in found.items()
        ],
        batch_size=BATCH_SIZE,
    )
    return frozenset(found)


def _paid_move(event: OrderEvent, **columns: datetime | Coalesce | Subquery) -> bool:
    changed = Order.objects.filter(
        pk=event.order_id, state__in=ORDER_LIFECYCLE.sources_of(event.to_state)
    ).update(state=event.to_state, **columns)
    if not changed:
        return False
    event.save(force_insert=True)
    return True
