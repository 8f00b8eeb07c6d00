"""A request with the terms of its offers, as they are fixed while a campaign is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from leaders.selectors.resales import resale_in_force
from orders.domain.basket import OrderRequest, basket_total_fen, offer_sells_at
from orders.errors import LeaderNotServing, NothingToPay, OfferNotOnSale, ResidentLimitReached
from orders.person_errors import PersonRestricted
from orders.selectors.storefront import SERVING_STATES

# A plain value about an offer in the details of a refusal.
OfferFacts = dict[str, object]


class PricedLine(NamedTuple):
    """A line of a basket with the terms of its offer."""

    offer_id: int
    qty: int
    sku_id: int
    sku_name: str
    unit: str
    unit_price_fen: int
    sells_from: datetime | None
    sells_until: datetime | None
    stock_cap: int | None
    stock_buckets: int
    limit_qty: int | None
    commission_rate_bp: int | None


class ResoldBy(NamedTuple):
    """Another leader who sells for the order's, and at what rate."""

    reseller_id: int
    rate_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedBasket:
    """A request that could be an order, and where its goods would be picked up."""

    request: OrderRequest
    pickup_point_id: int
    resold_by: ResoldBy | None
    lines: Sequence[PricedLine]

    @property
    def total_fen(self) -> int:
        """What the basket costs."""
        return basket_total_fen((line.qty, line.unit_price_fen) for line in self.lines)

    @property
    def limits(self) -> dict[int, int]:
        """The limit per resident of each limited offer."""
        return {x.offer_id: x.limit_qty for x in self.lines if x.limit_qty is not None}

    def require_on_sale(self, now: datetime) -> None:
        """Raise `OfferNotOnSale` if the time slot of an offer is not running."""
        asleep = {
            line.offer_id
            for line in self.lines
            if not offer_sells_at(line.sells_from, line.sells_until, now)
        }
        if asleep:
            raise OfferNotOnSale("This is not on sale right now.", offers=self.facts(asleep))

    def limit_reached(self, offer_ids: set[int]) -> ResidentLimitReached:
        """The refusal of these offers."""
        return ResidentLimitReached(
            "This is more than one household may buy.",
            offers=self.facts(offer_ids, limit_qty=self.limits),
        )

    def facts(self, offer_ids: set[int], **figures: dict[int, int]) -> list[OfferFacts]:
        """Some offers as people know them, in order of the basket, with figures by offer."""
        return [
            {"offer_id": line.offer_id, "name": line.sku_name}
            | {name: of_offer.get(line.offer_id, 0) for name, of_offer in figures.items()}
            for line in self.lines
            if line.offer_id in offer_ids
        ]


# Written out, because this is asked for every order: Django would spend as long
# on building the two queries as PostgreSQL on answering them.
_TERMS = """
    SELECT offer.id, offer.sku_id, sku.name, sku.unit, offer.price_fen, offer.sells_from,
           offer.sells_until, offer.stock_cap, offer.stock_buckets, offer.per_resident_limit,
           offer.commission_rate_bp
      FROM orders_offer AS offer
      JOIN orders_sku AS sku ON sku.id = offer.sku_id
     WHERE offer.id = ANY(%s) AND offer.campaign_id = %s AND sku.is_active
"""
_POINT = """
    SELECT point.id,
           EXISTS (SELECT FROM orders_resident AS resident
                    WHERE resident.id = %s AND resident.restricted_at IS NOT NULL)
      FROM leaders_pickuppoint AS point
      JOIN leaders_leader AS leader ON leader.id = point.leader_id
      JOIN leaders_community AS community ON community.id = point.community_id
      JOIN orders_campaign AS campaign ON community.city IN ('', campaign.city)
     WHERE campaign.id = %s AND leader.id = %s AND leader.state = ANY(%s) AND point.is_open
       AND point.id = coalesce(%s::bigint, point.id)
     ORDER BY point.code
     LIMIT 1
"""


def basket_priced(request: OrderRequest) -> PricedBasket:
    """A request with the terms of its offers and its pickup point, in two or three queries.

    Raises `OfferNotOnSale` if an offer is not in this campaign or its SKU was
    taken off sale, `LeaderNotServing` if the leader takes no orders or has no
    such open point, `PersonRestricted` if the resident's data may not be used,
    `NothingToPay` if everything is free, and
    `ResidentLimitReached` for a line that is over its limit by itself.
    """
    terms = _terms(request)
    if missing := [line.offer_id for line in request.lines if line.offer_id not in terms]:
        raise OfferNotOnSale(
            "This is not on sale in this campaign.",
            offers=[{"offer_id": offer_id} for offer_id in missing],
        )
    basket = PricedBasket(
        request=request,
        pickup_point_id=_pickup_point(request),
        resold_by=_resold_by(request) if request.reseller_code else None,
        lines=[
            PricedLine._make((line.offer_id, line.qty, *terms[line.offer_id]))
            for line in request.lines
        ],
    )
    if basket.total_fen == 0:
        raise NothingToPay("There is nothing to pay for in this basket.")
    limits = basket.limits
    if over := {x.offer_id for x in basket.lines if x.qty > limits.get(x.offer_id, x.qty)}:
        raise basket.limit_reached(over)
    return basket


def _terms(request: OrderRequest) -> dict[int, Sequence[object]]:
    """What is fixed of each offer, by its key, in the order of `PricedLine`."""
    with connection.cursor() as cursor:
        cursor.execute(_TERMS, [[line.offer_id for line in request.lines], request.campaign_id])
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _pickup_point(request: OrderRequest) -> int:
    serving = [state.value for state in SERVING_STATES]
    with connection.cursor() as cursor:
        cursor.execute(
            _POINT,
            [
                request.resident_id,
                request.campaign_id,
                request.leader_id,
                serving,
                request.pickup_point_id,
            ],
        )
        row = cursor.fetchone()
    if row is None:
        raise LeaderNotServing("This leader takes no orders at the moment.")
    point_id, is_restricted = row
    if is_restricted:
        raise PersonRestricted(
            "The use of these data is restricted; lift the restriction to order again."
        )
    return int(point_id)


def _resold_by(request: OrderRequest) -> ResoldBy | None:
    """The agreement of the leader whose link led here; None once it has ended."""
    held = resale_in_force(owner_id=request.leader_id, reseller_code=request.reseller_code)
    return ResoldBy(held.reseller_id, held.rate_bp) if held else None
