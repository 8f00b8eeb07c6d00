"""A campaign is closed and frozen before its clock: one buyer asks, another signs.

Orders close with the signature. Everything after that is the ordinary cut-off,
sooner: whoever holds an order keeps the time they were given to pay, what
comes in later goes back as late, and demand freezes by the campaign's clock.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from leaders.models.accounts import User
from leaders.models.countersignatures import Countersignature
from leaders.services.audit import audit
from leaders.services.countersignatures import countersignature_ask, countersignature_sign
from orders.domain.cutoff import Phase, Timeline
from orders.domain.lifecycle import PAYMENT_LIFECYCLE
from orders.errors import CampaignNotSelling
from orders.models.campaigns import Campaign, CampaignState
from orders.models.orders import Order, OrderState
from orders.models.payments import Payment
from orders.selectors.clock import Clock, campaign_at, database_now
from orders.services.locks import campaign_lock_exclusive

DEED = "campaign.freeze"


@transaction.atomic
def forced_freeze_ask(
    *, campaign_id: int, reason: str, actor: User, now: datetime
) -> Countersignature:
    """Ask for the early end of a campaign; it goes on selling until somebody signs.

    Raises `CampaignNotSelling` unless it takes orders at this moment, and what
    `countersignature_ask` refuses.
    """
    campaign = Campaign.objects.get(pk=campaign_id)
    _require_selling(campaign, now)
    return countersignature_ask(
        deed=DEED,
        about=campaign,
        facts={"code": campaign.code, **_clocks(campaign.timeline)},
        reason=reason,
        actor=actor,
        now=now,
    )


@transaction.atomic
def forced_freeze_sign(
    *,
    countersignature: Countersignature,
    actor: User,
    now: datetime,
    note: str = "",
    clock: Clock = database_now,
) -> Campaign:
    """Sign the early end of a campaign: its orders close at once; return it as it is then.

    Waits for orders in flight: they are in before this commits, and nothing is
    after. Payments close after the campaign's own minutes, or when the last
    open order has had its time to pay. With `clock` left alone the database's
    clock decides.

    Raises `CampaignNotSelling` if it has closed meanwhile, and what
    `countersignature_sign` refuses; then it goes on selling.
    """
    campaign_id = int(countersignature.object_id)
    campaign_lock_exclusive(campaign_id)
    campaign, moment = campaign_at(campaign_id, clock)
    _require_selling(campaign, moment)
    signed = countersignature_sign(
        countersignature=countersignature, actor=actor, now=now, note=note
    )
    before = campaign.timeline
    after = before.closed_at(moment, pay_until=_pay_until(campaign_id, moment))
    changed = Campaign.objects.filter(pk=campaign_id, state=CampaignState.OPEN).update(
        state=CampaignState.CLOSING,
        orders_close_at=after.orders_close_at,
        payments_close_at=after.payments_close_at,
        freeze_at=after.freeze_at,
    )
    if not changed:
        raise _not_selling(campaign)
    audit(
        action="campaign.freeze_forced",
        about=campaign,
        actor=actor,
        now=now,
        facts={
            "code": campaign.code,
            "countersignature": signed.pk,
            "before": _clocks(before),
            "after": _clocks(after),
        },
        reason=signed.reason,
    )
    return Campaign.objects.get(pk=campaign_id)


def _require_selling(campaign: Campaign, now: datetime) -> None:
    is_ordering = campaign.timeline.phase_at(now) is Phase.ORDERING
    if campaign.state != CampaignState.OPEN or not is_ordering:
        raise _not_selling(campaign)


def _pay_until(campaign_id: int, now: datetime) -> datetime | None:
    """When the last order or attempt has had its time to pay; at most that of an order placed now.

    Only an order that the campaign's clock alone bounds has longer; it gets
    the time of a new one.
    """
    waiting = Order.objects.filter(campaign_id=campaign_id, state=OrderState.PENDING_PAYMENT)
    live = Payment.objects.filter(order__in=waiting, state__in=PAYMENT_LIFECYCLE.open)
    given = [
        moment
        for moment in (
            waiting.aggregate(last=Max("pay_by"))["last"],
            live.aggregate(last=Max("expires_at"))["last"],
        )
        if moment is not None
    ]
    longest = now + timedelta(minutes=settings.PAYMENT_MINUTES)
    return min(max(given), longest) if given else None


def _clocks(timeline: Timeline) -> dict[str, object]:
    return {
        "orders_close_at": timeline.orders_close_at.isoformat(),
        "payments_close_at": timeline.payments_close_at.isoformat(),
        "freeze_at": timeline.freeze_at.isoformat(),
    }


def _not_selling(campaign: Campaign) -> CampaignNotSelling:
    return CampaignNotSelling(
        _("Only a campaign that takes orders at this moment can be closed early."),
        state=campaign.state,
    )
