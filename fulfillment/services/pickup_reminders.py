"""Residents are reminded of goods that wait: by their leader, and in the evening by itself."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.pickups import (
    OPEN_DAYS,
    REMIND_AT,
    REMINDERS_A_DAY,
    is_time_to_remind,
)
from fulfillment.models.allocation import Allocation
from fulfillment.models.delivery import Stop, StopState
from fulfillment.pickup_errors import ReminderRefused
from fulfillment.selectors.pickups import still_waiting
from fulfillment.selectors.unpicked import reminder_key, reminders_of
from leaders.models.accounts import User
from leaders.models.leaders import Leader
from leaders.selectors.pickup_points import points_minded_by
from leaders.services.audit import audit
from orders.domain.pickup_codes import pickup_code
from orders.models.orders import Order, OrderState
from orders.models.outbox import OutboxMessage, Topic
from orders.services.outbox import Message, messages_queue

BATCH_SIZE = 5_000
_HERE = (StopState.DELIVERED, StopState.PARTLY)


@transaction.atomic
def pickup_remind(*, leader: Leader, order_ids: Sequence[int], actor: User, now: datetime) -> int:
    """Remind residents whose goods wait at the leader's points; return how many.

    Orders that are fetched, not the leader's, or reminded of twice today are
    left out.

    Raises
    ------
    ReminderRefused
        Between 21:00 and 8:00, when nobody is written to.
    """
    local = timezone.localtime(now)
    if not is_time_to_remind(local):
        raise ReminderRefused(_("Residents are reminded between 8:00 and 21:00."))
    today = local.date()
    orders = _waiting(today).filter(
        pk__in=order_ids, pickup_point__in=points_minded_by(leader, today)
    )
    reminded = _remind(list(orders), today, at_most=REMINDERS_A_DAY, now=now)
    for order in reminded:
        audit(action="pickup.reminded", about=order, actor=actor, now=now)
    return len(reminded)


def pickup_reminders_due(*, now: datetime) -> int:
    """In the evening of the delivery day, remind everybody nobody has reminded; return how many.

    Only where the goods are: a van that is late is not the resident's fault.
    """
    local = timezone.localtime(now)
    if local.time() < REMIND_AT or not is_time_to_remind(local):
        return 0
    today = local.date()
    waiting = _waiting(today).filter(
        Exists(_arrived_stops()) | Exists(_announcements()), campaign__delivery_date=today
    )
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    count = 0
    for start in range(0, len(ids), BATCH_SIZE):
        with transaction.atomic():
            batch = list(_waiting(today).filter(pk__in=ids[start : start + BATCH_SIZE]))
            count += len(_remind(batch, today, at_most=1, now=now))
    return count


def _waiting(today: date) -> QuerySet[Order]:
    """Orders nobody has fetched, from the delivery day on for as long as they wait."""
    return still_waiting(
        Order.objects.select_related("campaign", "pickup_point").filter(
            state=OrderState.FROZEN,
            campaign__delivery_date__range=(today - timedelta(days=OPEN_DAYS), today),
        )
    )


def _arrived_stops() -> QuerySet[Stop]:
    return Stop.objects.filter(
        drop__pickup_point=OuterRef("pickup_point"),
        drop__wave__run__campaign=OuterRef("campaign"),
        state__in=_HERE,
    )


def _announcements() -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(topic=Topic.ARRIVED, dedupe_key=OuterRef("order_no"))


def _remind(orders: Sequence[Order], today: date, *, at_most: int, now: datetime) -> list[Order]:
    """Queue the next reminder of each order that has had fewer than `at_most` today.

    Two taps at once give the same key, so the order is reminded once.
    """
    told = reminders_of((order.order_no, order.campaign.delivery_date) for order in orders)
    pieces = _pieces(orders)
    reminded = []
    messages = []
    for order in orders:
        number = told.on(order.order_no, today) + 1
        if number <= at_most and order.resident_phone and pieces.get(order.pk):
            reminded.append(order)
            key = reminder_key(order.order_no, today, number)
            messages.append(_message(order, pieces[order.pk], key))
    messages_queue(messages=messages, now=now)
    return reminded


def _pieces(orders: Sequence[Order]) -> Mapping[int, int]:
    """Pieces that wait, by order."""
    rows = (
        Allocation.objects.filter(order_line__order__in=orders)
        .values_list("order_line__order_id")
        .annotate(pieces=Sum(F("allocated_qty") + F("substitute_qty")))
    )
    return dict(rows)


def _message(order: Order, pieces: int, key: str) -> Message:
    point = order.pickup_point
    return Message(
        topic=Topic.PICKUP_REMINDER,
        dedupe_key=key,
        resident_id=order.resident_id,
        phone=order.resident_phone,
        facts={
            "order_no": order.order_no,
            "code": pickup_code(order.pickup_no or 0, order.resident_phone),
            "place": point.name,
            "address": point.address,
            "hours": f"{point.opens_at:%H:%M}~{point.closes_at:%H:%M}",
            "pieces": pieces,
        },
    )
