"""A leader's shop page in a fixed number of queries, however much it sells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from leaders.domain.lifecycle import LeaderState
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from orders.domain.cutoff import Phase
from orders.domain.shelf import (
    OfferTerms,
    SaleState,
    is_return_excluded,
    picture_of,
    price_per_500g_fen,
)
from orders.models.campaigns import (
    SELLING_STATES,
    Campaign,
    CampaignState,
    Offer,
    StrikeMeaning,
)
from orders.models.catalogue import Storage
from orders.models.orders import OrderLine
from orders.models.residents import Resident
from orders.models.stock import OfferStock, ResidentQuota
from orders.selectors.cities import sold_by
from orders.selectors.demand import DEMANDED_STATES

SERVING_STATES = (LeaderState.TRIAL, LeaderState.ACTIVE)
# What was sold is a figure to look at; counting every line for every visitor
# would make the shop page the heaviest of all.
SOLD_CACHED_S = 15
NEXT_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who looks at a shelf: a resident or a stranger, with the pieces already in the baskets.

    In the shop of a leader there are the campaigns of that leader's city only.
    """

    resident: Resident | None = None
    basket: Mapping[int, int] = field(default_factory=dict)
    leader: Leader | None = None


@dataclass(frozen=True, slots=True)
class StruckPrice:
    """A price that is struck through, what it is, and where it is from (or nothing)."""

    price_fen: int
    meaning: StrikeMeaning
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfItem:
    """One offer as the shop shows it."""

    terms: OfferTerms
    state: SaleState
    sku_name: str
    unit: str
    category: str
    origin: str
    storage: Storage
    photo_url: str
    picture: str
    per_500g_fen: int
    struck: StruckPrice | None
    sold_qty: int
    min_group_qty: int | None
    is_return_excluded: bool
    basket_qty: int

    @property
    def group_missing_qty(self) -> int:
        """Pieces that still have to be paid for before the group stands."""
        return max(0, (self.min_group_qty or 0) - self.sold_qty)

    @property
    def is_flash(self) -> bool:
        """Whether it sells in a slot of its own."""
        return bool(self.terms.sells_from or self.terms.sells_until)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The offers of one category, in the order of their codes."""

    anchor: str
    category: str
    items: tuple[ShelfItem, ...]

    @property
    def on_sale(self) -> tuple[ShelfItem, ...]:
        """Those that can be bought at this moment."""
        return tuple(item for item in self.items if item.state is SaleState.ON_SALE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignOnSale:
    """One campaign with everything it sells."""

    campaign: Campaign
    phase: Phase
    is_presale: bool
    shelves: tuple[Shelf, ...]

    @property
    def is_ordering(self) -> bool:
        """Whether orders are taken at this moment."""
        return self.phase is Phase.ORDERING

    @property
    def items(self) -> dict[int, ShelfItem]:
        """Every offer by its key."""
        return {item.terms.offer_id: item for shelf in self.shelves for item in shelf.items}

    @property
    def terms(self) -> dict[int, OfferTerms]:
        """The terms of every offer by its key."""
        return {key: item.terms for key, item in self.items.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Storefront:
    """A leader's shop: who serves, where goods are picked up, what is sold."""

    leader: Leader
    points: tuple[PickupPoint, ...]
    campaigns: tuple[CampaignOnSale, ...]

    @property
    def is_serving(self) -> bool:
        """Whether the leader takes orders and has an open point."""
        return self.leader.state in SERVING_STATES and bool(self.points)


def leader_by_code(code: str) -> Leader | None:
    """The leader of a shop's address; nobody for one who has quit."""
    return Leader.objects.filter(code=code).exclude(state=LeaderState.QUIT).first()


def points_open_of(leader: Leader) -> tuple[PickupPoint, ...]:
    """The points of a leader where goods can be picked up, in order of their codes."""
    points = PickupPoint.objects.filter(leader=leader, is_open=True)
    return tuple(points.select_related("community").order_by("code"))


def storefront(leader: Leader, shopper: Shopper, now: datetime) -> Storefront:
    """The shop of a leader at a moment, as this shopper may buy in it."""
    return Storefront(
        leader=leader,
        points=points_open_of(leader),
        campaigns=campaigns_on_sale(replace(shopper, leader=leader), now),
    )


def campaigns_on_sale(shopper: Shopper, now: datetime) -> tuple[CampaignOnSale, ...]:
    """Campaigns that residents see, by arrival: open ones, and those whose payments still come."""
    return _on_sale(campaigns_shown(now, shopper.leader), shopper, now)


def campaign_on_sale(campaign_id: int, shopper: Shopper, now: datetime) -> CampaignOnSale | None:
    """One of the campaigns residents see; None for any other."""
    campaigns = [each for each in campaigns_shown(now, shopper.leader) if each.pk == campaign_id]
    return next(iter(_on_sale(campaigns, shopper, now)), None)


def _on_sale(
    campaigns: list[Campaign], shopper: Shopper, now: datetime
) -> tuple[CampaignOnSale, ...]:
    offers = _offers_of(campaigns)
    left = _left_by_offer(campaigns)
    sold = _sold_by_offer(campaigns)
    bought = _bought_by_offer(campaigns, shopper.resident)
    items: dict[int, list[ShelfItem]] = {campaign.pk: [] for campaign in campaigns}
    for offer in offers:
        terms = _terms(offer, left.get(offer.pk, offer.stock_cap), bought.get(offer.pk, 0))
        item = _item(offer, terms, now, sold.get(offer.pk, 0), shopper.basket.get(offer.pk, 0))
        items[offer.campaign_id].append(item)
    day = timezone.localdate(now)
    return tuple(
        CampaignOnSale(
            campaign=campaign,
            phase=campaign.timeline.phase_at(now),
            is_presale=campaign.delivery_date > day + NEXT_DAY,
            shelves=_shelves(campaign, items[campaign.pk]),
        )
        for campaign in campaigns
    )


def campaigns_shown(now: datetime, leader: Leader | None = None) -> list[Campaign]:
    """Campaigns that residents see, or those of a leader's, by arrival, without what they sell."""
    shown = Campaign.objects.filter(state__in=SELLING_STATES, freeze_at__gt=now)
    if leader is not None:
        shown = shown.filter(sold_by(leader.pk))
    return list(shown.order_by("delivery_date", "orders_close_at", "pk"))


def campaign_id_of(code: str) -> int | None:
    """The key of a campaign that residents may know by its code; drafts are nobody's business."""
    with connection.cursor() as cursor:
        # Every order of the API asks this; written out, it costs a third of what the ORM takes.
        cursor.execute(
            "SELECT id FROM orders_campaign WHERE code = %s AND state <> %s",
            [code, CampaignState.DRAFT.value],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _offers_of(campaigns: Iterable[Campaign]) -> QuerySet[Offer]:
    return (
        Offer.objects.filter(campaign__in=list(campaigns), sku__is_active=True)
        .select_related("campaign", "sku__product__category")
        .order_by("campaign", "sku__code")
    )


def _left_by_offer(campaigns: Iterable[Campaign]) -> dict[int, int]:
    """What capped offers have left; read fresh, because it decides what a basket may hold."""
    rows = (
        OfferStock.objects.filter(offer__campaign__in=list(campaigns))
        .values("offer_id")
        .annotate(left=Sum(F("cap_qty") - F("reserved_qty")))
        .order_by("offer_id")
    )
    return {row["offer_id"]: row["left"] for row in rows}


def _bought_by_offer(campaigns: Iterable[Campaign], resident: Resident | None) -> dict[int, int]:
    if resident is None:
        return {}
    quotas = ResidentQuota.objects.filter(offer__campaign__in=list(campaigns), resident=resident)
    return dict(quotas.values_list("offer_id", "qty"))


def _sold_by_offer(campaigns: Iterable[Campaign]) -> Mapping[int, int]:
    """Pieces paid for, at most `SOLD_CACHED_S` seconds old."""
    ids = [campaign.pk for campaign in campaigns]
    key = "sold:" + ",".join(map(str, ids))
    kept: dict[int, int] | None = cache.get(key)
    if kept is None:
        rows = (
            OrderLine.objects.filter(
                offer__campaign__in=ids, order__state__in=DEMANDED_STATES, is_void=False
            )
            .values("offer_id")
            .annotate(pieces=Sum("qty"))
            .order_by("offer_id")
        )
        kept = {row["offer_id"]: row["pieces"] for row in rows}
        cache.set(key, kept, SOLD_CACHED_S)
    return kept


def _terms(offer: Offer, left_qty: int | None, bought_qty: int) -> OfferTerms:
    return OfferTerms(
        offer_id=offer.pk,
        name=offer.sku.name,
        price_fen=offer.price_fen,
        opens_at=offer.campaign.opens_at,
        orders_close_at=offer.campaign.orders_close_at,
        sells_from=offer.sells_from,
        sells_until=offer.sells_until,
        left_qty=left_qty if offer.stock_cap is not None else None,
        limit_qty=offer.per_resident_limit,
        bought_qty=bought_qty,
    )


def _item(
    offer: Offer, terms: OfferTerms, now: datetime, sold_qty: int, basket_qty: int
) -> ShelfItem:
    product = offer.sku.product
    category = product.category.name
    return ShelfItem(
        terms=terms,
        state=terms.state_at(now),
        sku_name=offer.sku.name,
        unit=offer.sku.unit,
        category=category,
        origin=product.origin,
        storage=Storage(offer.sku.storage),
        photo_url=product.photo.url if product.photo else "",
        picture=picture_of(category, offer.sku.storage),
        per_500g_fen=price_per_500g_fen(offer.price_fen, offer.sku.weight_g),
        struck=_struck(offer),
        sold_qty=sold_qty,
        min_group_qty=offer.min_group_qty,
        is_return_excluded=is_return_excluded(category, offer.sku.storage),
        basket_qty=basket_qty,
    )


def _struck(offer: Offer) -> StruckPrice | None:
    if offer.strike_price_fen is None:
        return None
    meaning = StrikeMeaning(offer.strike_meaning)
    return StruckPrice(offer.strike_price_fen, meaning, offer.strike_source)


def _shelves(campaign: Campaign, items: Iterable[ShelfItem]) -> tuple[Shelf, ...]:
    """Offers by category, categories in the order in which their first offer comes."""
    by_category: dict[str, list[ShelfItem]] = {}
    for item in items:
        by_category.setdefault(item.category, []).append(item)
    return tuple(
        Shelf(f"c{campaign.pk}-{at}", category, tuple(of_category))
        for at, (category, of_category) in enumerate(by_category.items(), start=1)
    )
