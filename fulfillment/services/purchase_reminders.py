"""Reminders to suppliers that have not answered, before their time is up."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderState
from fulfillment.services.supplier_messages import supplier_tell
from orders.models.outbox import OutboxMessage, Topic

# After so long nobody is reminded of a message any more; the board shows who is silent.
LATE = timedelta(hours=1)


def purchase_reminders_queue(*, now: datetime) -> int:
    """Remind every silent supplier once; return how many were reminded.

    Due from `PURCHASE_REMINDER_LEAD_MINUTES` before the time to confirm is
    over; a schedule that stood still reminds late rather than never.
    """
    lead = timedelta(minutes=settings.PURCHASE_REMINDER_LEAD_MINUTES)
    reminded = OutboxMessage.objects.filter(
        topic=Topic.PURCHASE_REMINDER, dedupe_key=OuterRef("po_no")
    )
    silent = (
        PurchaseOrder.objects.filter(
            state=PurchaseOrderState.SENT,
            confirm_by__lte=now + lead,
            confirm_by__gt=now - LATE,
            supplier__is_market=False,
            run__day_closed_at__isnull=True,
        )
        .exclude(supplier__phone="")
        .exclude(Exists(reminded))
        .select_related("supplier", "run__campaign")
        .order_by("pk")
    )
    orders = list(silent)
    for order in orders:
        with transaction.atomic():
            supplier_tell(
                purchase_order=order, topic=Topic.PURCHASE_REMINDER, key=order.po_no, now=now
            )
    return len(orders)
