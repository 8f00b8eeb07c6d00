"""A resident's number is opened one at a time, for a pickup or a claim, and written down."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from fulfillment.selectors.customers import PHONE_OPENED, phones_openable
from leaders.domain.phones import phone_digits, phone_last4
from leaders.errors import PhoneStaysClosed
from leaders.models.accounts import User
from leaders.models.leaders import Leader
from leaders.services.audit import audit
from orders.models.claims import Claim


@transaction.atomic
def phone_open(*, leader: Leader, order_id: int, actor: User, now: datetime) -> str:
    """Return the digits of the phone of an order whose goods wait for its resident.

    Every opening is an audit event "phone.opened" with the last four digits.
    Raises `PhoneStaysClosed` before the delivery day, once the goods were
    fetched or are gone, and for anybody's order but the leader's.
    """
    order = (
        phones_openable(leader, timezone.localdate(now))
        .select_related("resident")
        .filter(pk=order_id)
        .first()
    )
    if order is None:
        raise PhoneStaysClosed(
            "The number opens only while goods wait for this resident at your point."
        )
    audit(
        action=PHONE_OPENED,
        about=order,
        actor=actor,
        now=now,
        facts={
            "leader": leader.code,
            "order_no": order.order_no,
            "resident": order.resident.code,
            "last4": phone_last4(order.resident_phone),
        },
    )
    return phone_digits(order.resident_phone)


@transaction.atomic
def claim_phone_open(*, claim: Claim, actor: User, now: datetime) -> str:
    """Return the phone of the resident behind a claim for the service desk; note who looked."""
    order = claim.order_line.order
    audit(action=PHONE_OPENED, about=order, actor=actor, now=now, facts={"claim": claim.pk})
    return order.resident_phone
