"""The cut-off itself: a campaign's demand freezes, once and for good."""

from datetime import datetime

from django.db import connection, transaction

from leaders.domain.crashpoints import crashpoint
from orders.domain.demand import demand_of
from orders.domain.lifecycle import CAMPAIGN_LIFECYCLE, ORDER_LIFECYCLE
from orders.errors import CampaignNotDue, CampaignNotOpen
from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.demand import DemandLine, DemandSnapshot
from orders.models.orders import Order, OrderState
from orders.selectors.demand import paid_lines
from orders.services.group_minimum import fallen_lines_settle, small_groups_void
from orders.services.locks import campaign_lock_exclusive


@transaction.atomic
def campaign_close(*, campaign_id: int, now: datetime) -> bool:
    """Take no more orders in a campaign; False if it was not open any more.

    Waits for orders in flight: whoever got in before is in the rows when this
    commits. Raises `CampaignNotDue` before its orders close.
    """
    campaign_lock_exclusive(campaign_id)
    campaign = Campaign.objects.get(pk=campaign_id)
    if now < campaign.orders_close_at:
        raise CampaignNotDue(
            "The campaign still takes orders.", orders_close_at=campaign.orders_close_at
        )
    crashpoint("campaign.closing")
    # Only from open: a draft that nobody opened stays one.
    changed = Campaign.objects.filter(pk=campaign_id, state=CampaignState.OPEN).update(
        state=CampaignState.CLOSING
    )
    return bool(changed)


@transaction.atomic
def campaign_freeze(*, campaign_id: int, now: datetime) -> DemandSnapshot:
    """Freeze the demand of a campaign and return its snapshot.

    Waits for orders in flight (they hold the campaign's lock shared), lets
    the lines of groups fall out that stayed too small, turns every paid order
    into frozen demand, gives pickup numbers and stores the totals with a
    hash. Called again it returns the same snapshot. Raises `CampaignNotDue`
    before the clock and `CampaignNotOpen` for a draft or a cancelled campaign.
    """
    campaign_lock_exclusive(campaign_id)
    campaign = Campaign.objects.get(pk=campaign_id)
    if snapshot := DemandSnapshot.objects.filter(campaign=campaign).first():
        return snapshot
    if now < campaign.freeze_at:
        raise CampaignNotDue("The campaign does not freeze yet.", freeze_at=campaign.freeze_at)
    _campaign_move(campaign, CampaignState.CLOSING)
    _campaign_move(campaign, CampaignState.FROZEN)
    Campaign.objects.filter(pk=campaign_id).update(frozen_at=now)
    fallen = small_groups_void(campaign_id=campaign_id, now=now)
    crashpoint("freeze.small_groups_void")
    Order.objects.filter(
        campaign=campaign, state__in=ORDER_LIFECYCLE.sources_of(OrderState.FROZEN)
    ).update(state=OrderState.FROZEN)
    _pickup_numbers_give(campaign)
    crashpoint("freeze.orders_frozen")
    fallen_lines_settle(lines=fallen, now=now)
    crashpoint("freeze.fallen_lines_settled")
    return _snapshot_store(campaign, now)


@transaction.atomic
def campaign_start_fulfilling(*, campaign_id: int) -> None:
    """Note that goods are being bought for a frozen campaign; safe to repeat."""
    Campaign.objects.filter(pk=campaign_id, state=CampaignState.FROZEN).update(
        state=CampaignState.FULFILLING
    )


def _campaign_move(campaign: Campaign, state: CampaignState) -> None:
    """Move the campaign on, if its table of states allows it from where it is."""
    if campaign.state == state:
        return
    changed = Campaign.objects.filter(
        pk=campaign.pk, state__in=CAMPAIGN_LIFECYCLE.sources_of(state)
    ).update(state=state)
    if not changed:
        raise CampaignNotOpen("Only an open campaign can be frozen.", state=campaign.state)
    campaign.state = state


def _pickup_numbers_give(campaign: Campaign) -> None:
    """Number the orders of each pickup point from 1 in the order they were paid."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orders_order AS o
               SET pickup_no = numbered.pickup_no
              FROM (SELECT id,
                           row_number() OVER (PARTITION BY pickup_point_id
                                              ORDER BY paid_at, order_no) AS pickup_no
                      FROM orders_order
                     WHERE campaign_id = %s AND state = %s) AS numbered
             WHERE o.id = numbered.id
            """,
            [campaign.pk, OrderState.FROZEN.value],
        )


def _snapshot_store(campaign: Campaign, now: datetime) -> DemandSnapshot:
    demand = demand_of(paid_lines(campaign.pk))
    snapshot = DemandSnapshot.objects.create(
        campaign=campaign,
        lines_hash=demand.lines_hash,
        orders=demand.totals.orders,
        lines=demand.totals.lines,
        pieces=demand.totals.pieces,
        paid_fen=demand.totals.amount_fen,
        frozen_at=now,
    )
    offers = dict(Offer.objects.filter(campaign=campaign).values_list("sku__code", "pk"))
    DemandLine.objects.bulk_create(
        DemandLine(snapshot=snapshot, offer_id=offers[sku_code], qty=qty)
        for sku_code, qty in demand.by_sku.items()
    )
    return snapshot
