"""What the selling kit tells: the sales and arrivals of one leader's own group."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from fulfillment.domain.selling_kit import KitArrival, KitGoods, KitSale
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.arrivals import OVER
from fulfillment.selectors.leader_arrivals import Arrival, arrivals_of_leader, newest_run_of_leader
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from orders.domain.shelf import SaleState
from orders.models.campaigns import Offer
from orders.models.orders import OrderLine
from orders.models.payments import RefundLine, RefundReason
from orders.models.residents import LinkChannel, ShortLink
from orders.selectors.demand import DEMANDED_STATES
from orders.selectors.short_links import short_link_current
from orders.selectors.storefront import (
    CampaignOnSale,
    ShelfItem,
    Shopper,
    campaigns_on_sale,
    points_open_of,
)

BUYABLE = (SaleState.ON_SALE, SaleState.UPCOMING)
# Who comes the morning after still asks; later the news is old.
ARRIVAL_TOLD_DAYS = timedelta(days=1)
# Shows what a pickup code looks like; nobody's.
EXAMPLE_CODE = "07-8821"


@dataclass(frozen=True, slots=True, kw_only=True)
class SellingKit:
    """All that the kit page tells."""

    points: tuple[PickupPoint, ...]
    link: ShortLink | None
    address: str
    sales: tuple[KitSale, ...]
    arrivals: tuple[KitArrival, ...]

    def sale(self, campaign_code: str) -> KitSale | None:
        """The sale of a campaign, if it still takes orders."""
        return next((sale for sale in self.sales if sale.campaign_code == campaign_code), None)

    def arrival(self, campaign_code: str, point_id: int) -> KitArrival | None:
        """What came to a point with a campaign."""
        wanted = (campaign_code, point_id)
        return next(
            (row for row in self.arrivals if (row.campaign_code, row.point_id) == wanted), None
        )


def selling_kit(leader: Leader, now: datetime) -> SellingKit:
    """The kit of a leader at a moment, in a fixed number of queries."""
    points = points_open_of(leader)
    link = short_link_current(leader, now)
    address = shop_address(leader, link)
    return SellingKit(
        points=points,
        link=link,
        address=address,
        sales=_sales(leader, points, address, now),
        arrivals=_arrivals(leader, timezone.localdate(now)),
    )


def shop_address(leader: Leader, link: ShortLink | None) -> str:
    """The address of a leader's shop: by a short link, or the long one, which never expires."""
    path = reverse("short-link", args=[link.code]) if link else reverse("shop", args=[leader.code])
    return site_address(path)


def poster_address(leader: Leader, now: datetime) -> str:
    """What a printed poster leads to: a link of its own channel, else the long address."""
    return shop_address(leader, short_link_current(leader, now, LinkChannel.POSTER))


def site_address(path: str) -> str:
    """A path as people outside open it."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def _sales(
    leader: Leader, points: Iterable[PickupPoint], address: str, now: datetime
) -> tuple[KitSale, ...]:
    shown = [sale for sale in campaigns_on_sale(Shopper(leader=leader), now) if sale.is_ordering]
    buyable = [item for sale in shown for item in sale.items.values() if item.state in BUYABLE]
    goods = _goods(leader, buyable)
    figures = _figures(leader, shown)
    names = tuple(point.name for point in points)
    return tuple(
        KitSale(
            campaign_id=sale.campaign.pk,
            campaign_code=sale.campaign.code,
            delivery_date=sale.campaign.delivery_date,
            orders_close_at=sale.campaign.orders_close_at,
            points=names,
            goods=tuple(goods[offer] for offer in sale.items if offer in goods),
            households=figures.get(sale.campaign.pk, (0, 0))[0],
            pieces=figures.get(sale.campaign.pk, (0, 0))[1],
            address=address,
            now=now,
        )
        for sale in shown
    )


def _goods(leader: Leader, items: Iterable[ShelfItem]) -> dict[int, KitGoods]:
    by_offer = {item.terms.offer_id: item for item in items}
    sold = dict(
        _own_lines(leader)
        .filter(offer__in=by_offer)
        .values_list("offer")
        .annotate(pieces=Sum("qty"))
        .order_by("offer")
    )
    rows = Offer.objects.filter(pk__in=by_offer).values_list(
        "pk", "sku__code", "sku__product__photo"
    )
    named = {pk: (code, photo or "") for pk, code, photo in rows}
    return {
        offer: _kit_goods(item, *named[offer], sold.get(offer, 0))
        for offer, item in by_offer.items()
        if offer in named
    }


def _kit_goods(item: ShelfItem, code: str, photo: str, sold_qty: int) -> KitGoods:
    return KitGoods(
        offer_id=item.terms.offer_id,
        sku_code=code,
        name=item.sku_name,
        unit=item.unit,
        category=item.category,
        origin=item.origin,
        price_fen=item.terms.price_fen,
        per_500g_fen=item.per_500g_fen,
        left_qty=item.terms.left_qty,
        limit_qty=item.terms.limit_qty,
        sold_qty=sold_qty,
        photo=photo,
    )


def _figures(leader: Leader, shown: Iterable[CampaignOnSale]) -> Mapping[int, tuple[int, int]]:
    """Households and pieces of the leader's own group, by campaign."""
    rows = (
        _own_lines(leader)
        .filter(order__campaign__in=[sale.campaign.pk for sale in shown])
        .values_list("order__campaign")
        .annotate(households=Count("order__resident", distinct=True), pieces=Sum("qty"))
        .order_by("order__campaign")
    )
    return {campaign: (households, pieces) for campaign, households, pieces in rows}


def _own_lines(leader: Leader) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(
        order__leader=leader, order__state__in=DEMANDED_STATES, is_void=False
    )


def _arrivals(leader: Leader, today: date) -> tuple[KitArrival, ...]:
    run = newest_run_of_leader(leader)
    if run is None or run.campaign.delivery_date < today - ARRIVAL_TOLD_DAYS:
        return ()
    orders = _orders_by_point(leader, run)
    short = _short_by_point(leader, run)
    return tuple(
        _arrival(run, arrival, orders[arrival.point.pk], short.get(arrival.point.pk, []))
        for arrival in arrivals_of_leader(leader, run)
        if arrival.point.pk in orders
    )


def _arrival(
    run: CutoffRun, arrival: Arrival, orders: int, short: Iterable[tuple[str, int]]
) -> KitArrival:
    point, stop, window = arrival.point, arrival.stop, arrival.window
    handover = getattr(stop, "handover", None) if stop else None
    return KitArrival(
        campaign_id=run.campaign_id,
        campaign_code=run.campaign.code,
        point_id=point.pk,
        point=point.name,
        place=point.address,
        orders=orders,
        arrived_at=handover.confirmed_at if handover else None,
        expected=(window.arrive_from, window.arrive_to) if window else None,
        closes=f"{point.closes_at:%H:%M}",
        example_code=EXAMPLE_CODE,
        shortages=tuple(short),
        address=site_address(reverse("resident-orders")),
    )


def _orders_by_point(leader: Leader, run: CutoffRun) -> dict[int, int]:
    rows = (
        Allocation.objects.filter(run=run, order_line__order__leader=leader, allocated_qty__gt=0)
        .exclude(order_line__order__state__in=OVER)
        .values_list("order_line__order__pickup_point")
        .annotate(orders=Count("order_line__order", distinct=True))
        .order_by("order_line__order__pickup_point")
    )
    return dict(rows)


def _short_by_point(leader: Leader, run: CutoffRun) -> dict[int, list[tuple[str, int]]]:
    """What was refunded as short, by point and goods."""
    rows = (
        RefundLine.objects.filter(
            refund__reason=RefundReason.SHORTAGE,
            order_line__order__leader=leader,
            order_line__order__campaign=run.campaign_id,
        )
        .values_list("order_line__order__pickup_point", "order_line__sku_name")
        .annotate(pieces=Sum("qty"))
        .order_by("order_line__order__pickup_point", "order_line__sku_name")
    )
    short: dict[int, list[tuple[str, int]]] = {}
    for point, name, pieces in rows:
        if pieces:
            short.setdefault(point, []).append((name, pieces))
    return short
