"""What suppliers are told about their purchase orders, and with which link."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from fulfillment.models.purchasing import PurchaseOrder
from fulfillment.services.supplier_links import supplier_address, supplier_token
from orders.models.outbox import Topic
from orders.services.outbox import Message, messages_queue


def supplier_tell(
    *,
    purchase_order: PurchaseOrder,
    topic: Topic,
    key: str,
    now: datetime,
    is_change: bool = False,
) -> None:
    """Queue one message about an order to its supplier's phone; once per topic and key.

    `is_change` words it as a change of an order that is known already. Nothing
    is sent to a wholesale market or to a supplier without a phone. The order
    carries its supplier and its run's campaign. Call it inside the transaction
    of the event.
    """
    supplier = purchase_order.supplier
    if supplier.is_market or not supplier.phone or purchase_order.confirm_by is None:
        return
    token = supplier_token(purchase_order)
    message = Message(
        topic=topic,
        dedupe_key=key,
        phone=supplier.phone,
        facts={
            "po_no": purchase_order.po_no,
            "supplier": supplier.name,
            "delivery_date": purchase_order.run.campaign.delivery_date.isoformat(),
            "confirm_by": f"{timezone.localtime(purchase_order.confirm_by):%H:%M}",
            "token": token,
            "link": supplier_address(token),
            "is_change": is_change,
            "expires_at": (now + timedelta(hours=settings.SUPPLIER_LINK_HOURS)).isoformat(),
        },
    )
    messages_queue(messages=[message], now=now)
