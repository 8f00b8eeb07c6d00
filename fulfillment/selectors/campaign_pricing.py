"""The lines of a campaign as its buyer looks at them: cost, margin, faults, what sold before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Min

from fulfillment.selectors.licences import skus_without_licensed_supplier
from fulfillment.selectors.purchase_terms import offers_valid
from leaders.models.commission_plans import CommissionPlan
from orders.domain.landed_cost import LandedCost, Margin, PieceCost
from orders.domain.offer_rules import offer_faults
from orders.domain.price_rules import (
    LoggedPrice,
    PricedLine,
    PriceFault,
    PriceLimits,
    campaign_faults,
    price_faults,
    whole_margin,
)
from orders.errors import OfferTermsInvalid
from orders.models.campaigns import SELLING_STATES, Campaign, Offer
from orders.selectors.price_limits import price_limits
from orders.selectors.price_log import former_prices, prices_in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPricing:
    """One offer with everything its price is held against; `terms` are faults of its limits."""

    offer: Offer
    line: PricedLine
    limits: PriceLimits
    former: LoggedPrice | None
    faults: tuple[PriceFault, ...]
    terms: tuple[OfferTermsInvalid, ...]
    has_licensed_supplier: bool

    @property
    def landed(self) -> LandedCost | None:
        """What a piece costs us at its price; None where its cost is unknown."""
        return self.line.landed(self.limits.rates)

    @property
    def margin(self) -> Margin | None:
        """What a piece leaves; None where its cost is unknown."""
        return self.line.margin(self.limits.rates)

    @property
    def break_even_fen(self) -> int | None:
        """The lowest price that bears its cost; None where the cost is unknown."""
        return self.line.break_even(self.limits.rates)

    @property
    def is_below_cost(self) -> bool:
        """Whether it sells for less than its landed cost."""
        return self.margin is not None and self.margin.margin_fen < 0

    @property
    def blocking(self) -> int:
        """How many faults keep the campaign closed."""
        priced = sum(fault.is_blocking for fault in self.faults)
        return priced + len(self.terms) + (not self.has_licensed_supplier)

    @property
    def warnings(self) -> int:
        """How many faults are only said."""
        return sum(not fault.is_blocking for fault in self.faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPricing:
    """A campaign with its priced offers, by code of their SKUs."""

    campaign: Campaign
    offers: tuple[OfferPricing, ...]
    limits: PriceLimits
    faults: tuple[PriceFault, ...]

    @property
    def blocking(self) -> int:
        """How many faults keep it closed, all lines together."""
        return sum(priced.blocking for priced in self.offers)

    @property
    def warnings(self) -> int:
        """How many faults are only said, all lines together."""
        return sum(priced.warnings for priced in self.offers) + len(self.faults)

    @property
    def cost_by_sku(self) -> dict[int, int]:
        """What a piece costs in fen, by SKU id; unknown costs are missing."""
        return {
            priced.offer.sku_id: priced.line.piece.cost_fen
            for priced in self.offers
            if priced.line.piece is not None
        }

    def margin_at(self, qty_by_sku: Mapping[int, int]) -> Margin:
        """What the whole campaign leaves at these quantities, by SKU id."""
        return whole_margin(
            {str(priced.offer.sku_id): priced.line for priced in self.offers},
            {str(sku_id): qty for sku_id, qty in qty_by_sku.items()},
            self.limits.rates,
        )


def campaign_priced(campaign: Campaign, *, now: datetime) -> CampaignPricing:
    """Price every offer of a campaign against costs, log, licences and parallel campaigns."""
    offers = list(
        Offer.objects.filter(campaign=campaign)
        .select_related("sku", "below_cost_approved_by")
        .order_by("sku__code")
    )
    limits = price_limits()
    ground = _ground(campaign, offers, limits, now)
    return CampaignPricing(
        campaign=campaign,
        offers=tuple(_priced(campaign, offer, ground, limits) for offer in offers),
        limits=limits,
        faults=tuple(campaign_faults(len(offers), limits)),
    )


def piece_costs(sku_ids: Collection[int], on: date) -> dict[int, int]:
    """What the supplier who is asked first wants for a single piece on a day, by SKU id.

    Where several share the first rank the dearest counts, and no price tier
    does: how much will be bought is not known before the cut-off.
    """
    rows = (
        offers_valid(on)
        .filter(sku_id__in=sku_ids)
        .prefetch_related(None)
        .order_by("sku_id", "rank", "-cost_fen")
        .distinct("sku_id")
    )
    return dict(rows.values_list("sku_id", "cost_fen"))


def commission_default_bp() -> int:
    """The rate of offers without one of their own: the default plan's, or the setting."""
    plan = CommissionPlan.objects.filter(is_default=True).first()
    return plan.rate_bp if plan else int(settings.COMMISSION_RATE_BP)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What the offers of one campaign are held against, by SKU id."""

    costs: Mapping[int, int]
    last: Mapping[int, int]
    former: Mapping[int, LoggedPrice]
    parallel: Mapping[int, int]
    unlicensed: frozenset[int]
    commission_bp: int


def _ground(campaign: Campaign, offers: list[Offer], limits: PriceLimits, now: datetime) -> _Ground:
    sku_ids = [offer.sku_id for offer in offers]
    begins = max(now, campaign.opens_at)
    in_force = prices_in_force(sku_ids, begins)
    logged = {sku_id: row.cost_fen for sku_id, row in in_force.items() if row.cost_fen is not None}
    unlicensed = skus_without_licensed_supplier(sku_ids, campaign.delivery_date)
    return _Ground(
        costs=logged | piece_costs(sku_ids, campaign.delivery_date),
        last={sku_id: row.price_fen for sku_id, row in in_force.items()},
        former=former_prices(sku_ids, before=begins, strike_days=limits.strike_days),
        parallel=_parallel_prices(campaign, sku_ids),
        unlicensed=frozenset(sku.pk for sku in unlicensed),
        commission_bp=commission_default_bp(),
    )


def _parallel_prices(campaign: Campaign, sku_ids: Collection[int]) -> dict[int, int]:
    """The lowest price in other campaigns that sell in the same city at the same time."""
    rows = (
        Offer.objects.filter(
            sku_id__in=sku_ids,
            campaign__city=campaign.city,
            campaign__state__in=SELLING_STATES,
            campaign__opens_at__lt=campaign.orders_close_at,
            campaign__orders_close_at__gt=campaign.opens_at,
        )
        .exclude(campaign=campaign)
        .order_by("sku_id")
        .values("sku_id")
        .annotate(low_fen=Min("price_fen"))
    )
    return {row["sku_id"]: row["low_fen"] for row in rows}


def _priced(campaign: Campaign, offer: Offer, ground: _Ground, limits: PriceLimits) -> OfferPricing:
    cost_fen = ground.costs.get(offer.sku_id)
    rate_bp = offer.commission_rate_bp
    former = ground.former.get(offer.sku_id)
    line = PricedLine(
        price_fen=offer.price_fen,
        piece=None
        if cost_fen is None
        else PieceCost(
            cost_fen=cost_fen,
            weight_g=offer.sku.weight_g,
            commission_bp=ground.commission_bp if rate_bp is None else rate_bp,
        ),
        limit_qty=offer.per_resident_limit,
        strike_price_fen=offer.strike_price_fen,
        strike_meaning=offer.strike_meaning,
        strike_source=offer.strike_source,
        former_fen=former.price_fen if former else None,
        last_price_fen=ground.last.get(offer.sku_id),
        has_reason=bool(offer.below_cost_reason),
        is_approved=offer.below_cost_approved_at is not None,
        parallel_low_fen=ground.parallel.get(offer.sku_id),
    )
    return OfferPricing(
        offer=offer,
        line=line,
        limits=limits,
        former=former,
        faults=tuple(price_faults(line, limits)),
        terms=tuple(
            offer_faults(
                offer.limits,
                opens_at=campaign.opens_at,
                orders_close_at=campaign.orders_close_at,
            )
        ),
        has_licensed_supplier=offer.sku_id not in ground.unlicensed,
    )
