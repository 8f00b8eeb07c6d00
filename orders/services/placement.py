"""An order is placed: in few statements, and never for goods that are not there.

What cannot change while a campaign is open (prices, names, limits) is read
before the transaction. Inside it the campaign's lock comes first, the clock is
the database's, and stock comes last: the rows that everybody wants are held
for one statement and the commit.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import connection

from leaders.domain.crashpoints import crashpoint
from leaders.errors import DomainError
from orders.domain.basket import OrderRequest, pay_by
from orders.domain.cutoff import Phase
from orders.errors import OrderingClosed, RequestKeyReused, SoldOut
from orders.models.campaigns import Campaign, CampaignState
from orders.models.orders import Order, OrderState
from orders.selectors.clock import Clock, campaign_at, database_now
from orders.selectors.pricing import PricedBasket, PricedLine, basket_priced
from orders.selectors.stock import stock_left
from orders.services.locks import campaign_lock_shared
from orders.services.retries import in_transaction
from orders.services.stock import QuotaAsk, StockAsk, quotas_take, stock_take

# Digits and capitals that nobody mistakes for one another when they are read out.
NUMBER_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
NUMBER_LENGTH = 8
NUMBER_TAKEN = frozenset({"orders_order_order_no_key"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOrder:
    """The order of a request; not new if the same request had placed it before."""

    order: Order
    is_new: bool


def order_place(*, request: OrderRequest, clock: Clock = database_now) -> PlacedOrder:
    """Place an order that waits for its payment, or return it if it was placed before.

    It is all or nothing: without stock for every line there is no order. Raises
    `OfferNotOnSale`, `SoldOut` and `ResidentLimitReached` (their details name
    the `offers`), `OrderingClosed` by state or clock of the campaign,
    `LeaderNotServing`, `PersonRestricted`, `NothingToPay`, `RequestKeyReused` if the key stands
    for another request, and `PlatformBusy` if the same request should be sent
    again. With `clock` left alone the database's clock decides.
    """
    try:
        basket = basket_priced(request)
        placed = in_transaction(partial(_place, basket, clock), unless_taken=NUMBER_TAKEN)
    except DomainError:
        # Its first try may have been answered too late to be heard.
        known = _placed_before(request)
        if known is None:
            raise
        return PlacedOrder(order=known, is_new=False)
    crashpoint("placement.committed")
    return placed


def _place(basket: PricedBasket, clock: Clock) -> PlacedOrder:
    """The transaction of a placement, from the campaign's lock to the stock."""
    request = basket.request
    campaign_lock_shared(request.campaign_id)
    campaign, now = campaign_at(request.campaign_id, clock)
    _require_on_sale(campaign, basket, now)
    crashpoint("placement.campaign_read")
    order = _order(campaign, basket, now)
    if not _order_insert(order, basket.lines):
        known = _placed_before(request)
        if known is None:
            raise RuntimeError("an order was in the way of this request, and is gone")
        return PlacedOrder(order=known, is_new=False)
    crashpoint("placement.lines_written")
    _limits_count(basket)
    crashpoint("placement.limits_counted")
    _goods_reserve(order, basket)
    crashpoint("placement.stock_reserved")
    return PlacedOrder(order=order, is_new=True)


def _require_on_sale(campaign: Campaign, basket: PricedBasket, now: datetime) -> None:
    if campaign.state != CampaignState.OPEN or campaign.timeline.phase_at(now) != Phase.ORDERING:
        raise OrderingClosed(
            "Ordering is closed.",
            opens_at=campaign.opens_at,
            orders_close_at=campaign.orders_close_at,
        )
    basket.require_on_sale(now)


def _order(campaign: Campaign, basket: PricedBasket, now: datetime) -> Order:
    request = basket.request
    window = timedelta(minutes=settings.PAYMENT_MINUTES)
    letters = "".join(secrets.choice(NUMBER_LETTERS) for _position in range(NUMBER_LENGTH))
    return Order(
        order_no=f"{campaign.code}-{letters}",
        campaign=campaign,
        leader_id=request.leader_id,
        pickup_point_id=basket.pickup_point_id,
        resident_id=request.resident_id,
        state=OrderState.PENDING_PAYMENT,
        source=request.source,
        resident_name=request.receiver.name,
        resident_phone=request.receiver.phone,
        building=request.receiver.building,
        room=request.receiver.room,
        total_fen=basket.total_fen,
        placed_at=now,
        pay_by=pay_by(now, window, campaign.payments_close_at),
        payer_leader_id=request.payer_leader_id,
        request_key=request.request_key,
        request_hash=request.request_hash,
        accepts_substitutes=request.accepts_substitutes,
        reseller_id=basket.resold_by.reseller_id if basket.resold_by else None,
        resell_rate_bp=basket.resold_by.rate_bp if basket.resold_by else None,
    )


def _order_insert(order: Order, lines: Sequence[PricedLine]) -> bool:
    """Write an order with its lines in one statement; False if its request placed one before.

    A request that is being placed by another transaction is waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH placed AS (
                INSERT INTO orders_order
                    (order_no, campaign_id, leader_id, pickup_point_id, resident_id, state,
                     source, source_no, resident_name, resident_phone, building, room,
                     total_fen, placed_at, pay_by, payer_leader_id, request_key, request_hash,
                     accepts_substitutes, reseller_id, resell_rate_bp, commission_plan_code)
                VALUES (%s, %s, %s, %s, %s, %s, %s, '', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
                        %s, %s, %s, '')
                ON CONFLICT (resident_id, request_key) WHERE NOT (request_key = '') DO NOTHING
                RETURNING id),
            written AS (
                INSERT INTO orders_orderline
                    (order_id, line_no, offer_id, sku_id, sku_name, unit, qty, unit_price_fen,
                     commission_rate_bp, is_void)
                SELECT placed.id, line.*, false
                  FROM placed,
                       unnest(%s::smallint[], %s::bigint[], %s::bigint[], %s::text[],
                              %s::text[], %s::int[], %s::int[], %s::int[]) AS line)
            SELECT id FROM placed
            """,
            [
                *_order_values(order),
                list(range(1, len(lines) + 1)),
                [line.offer_id for line in lines],
                [line.sku_id for line in lines],
                [line.sku_name for line in lines],
                [line.unit for line in lines],
                [line.qty for line in lines],
                [line.unit_price_fen for line in lines],
                [line.commission_rate_bp for line in lines],
            ],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    (order.pk,) = row
    order._state.adding = False
    return True


def _order_values(order: Order) -> list[str | int | bool | datetime | None]:
    """The columns of a new order, in the order in which they are inserted."""
    return [
        order.order_no,
        order.campaign_id,
        order.leader_id,
        order.pickup_point_id,
        order.resident_id,
        OrderState.PENDING_PAYMENT.value,
        str(order.source),
        order.resident_name,
        order.resident_phone,
        order.building,
        order.room,
        order.total_fen,
        order.placed_at,
        order.pay_by,
        order.payer_leader_id,
        order.request_key,
        order.request_hash,
        order.accepts_substitutes,
        order.reseller_id,
        order.resell_rate_bp,
    ]


def _limits_count(basket: PricedBasket) -> None:
    asks = [
        QuotaAsk(line.offer_id, line.qty, line.limit_qty)
        for line in basket.lines
        if line.limit_qty is not None
    ]
    if over := quotas_take(resident_id=basket.request.resident_id, asks=asks):
        raise basket.limit_reached(over)


def _goods_reserve(order: Order, basket: PricedBasket) -> None:
    asks = [
        StockAsk(line.offer_id, line.qty, line.stock_buckets)
        for line in basket.lines
        if line.stock_cap is not None
    ]
    if short := stock_take(asks=asks, preferred=order.pk):
        raise SoldOut(
            "Sold out, or fewer pieces are left than you want.",
            offers=basket.facts(short, left_qty=stock_left(offer_ids=short)),
        )


def _placed_before(request: OrderRequest) -> Order | None:
    """The order this request placed; raises `RequestKeyReused` if it was another request."""
    order = (
        Order.objects.select_related("campaign")
        .filter(resident_id=request.resident_id, request_key=request.request_key)
        .first()
    )
    if order is not None and order.request_hash != request.request_hash:
        raise RequestKeyReused("This key has been used for another order.")
    return order
