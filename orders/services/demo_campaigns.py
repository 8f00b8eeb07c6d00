"""What a demo sells today: the goods of its last campaign, with every kind of limit once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from orders.domain.lifecycle import CAMPAIGN_LIFECYCLE
from orders.models.campaigns import Campaign, CampaignState, Offer, StrikeMeaning
from orders.models.legal import Licence
from orders.selectors.price_limits import price_limits
from orders.selectors.price_log import former_prices
from orders.services.campaign_opening import campaign_open

DEMO_PREFIX = "DEMO-"
ORDERS_CLOSE, PAYMENTS_CLOSE, FREEZE = time(22, 58), time(23, 1), time(23, 3)
# Too late for today: who starts a demo at night wants to buy something in it.
LAST_START = time(22, 0)
SLOT = timedelta(hours=2)
PRESALE_OFFERS = 8
PRESALE_DAYS = 3
LICENCE_NO = "91000000DEMO000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sale:
    """One campaign to be opened: when it closes, when it arrives, what it copies."""

    code: str
    closes_on: date
    delivery_date: date
    offers: Sequence[Offer]


@transaction.atomic
def demo_campaigns_open(*, now: datetime) -> list[Campaign]:
    """Open today's campaign and a presale, copied from the last one; return those opened now.

    Called again on the same day it opens nothing. Demo campaigns of earlier
    days that nobody ordered in are cancelled, so that none of them is bought
    for. Without a campaign to copy there is nothing to open.
    """
    _empty_ones_cancel(now)
    local = timezone.localtime(now)
    today = local.date() if local.time() < LAST_START else local.date() + timedelta(days=1)
    model = Campaign.objects.exclude(code__startswith=DEMO_PREFIX).order_by("-opens_at").first()
    if model is None:
        return []
    offers = list(model.offers.filter(sku__is_active=True).order_by("sku__code"))
    sales = (
        _Sale(
            code=f"{DEMO_PREFIX}{today:%Y%m%d}",
            closes_on=today,
            delivery_date=today + timedelta(days=1),
            offers=offers,
        ),
        _Sale(
            code=f"{DEMO_PREFIX}{today:%Y%m%d}-PRE",
            closes_on=today,
            delivery_date=today + timedelta(days=PRESALE_DAYS),
            offers=offers[:: max(1, len(offers) // PRESALE_OFFERS)][:PRESALE_OFFERS],
        ),
    )
    known = set(
        Campaign.objects.filter(code__in=[sale.code for sale in sales]).values_list(
            "code", flat=True
        )
    )
    return [_open(sale, model.city, now) for sale in sales if sale.code not in known]


def demo_closes_at(*, now: datetime) -> datetime | None:
    """The last moment for orders in what the demo sells; None when it sells nothing."""
    selling = Campaign.objects.filter(
        code__startswith=DEMO_PREFIX, state=CampaignState.OPEN, orders_close_at__gt=now
    )
    closes_at: datetime | None = selling.aggregate(at=Max("orders_close_at"))["at"]
    return closes_at


@transaction.atomic
def demo_licence_write() -> None:
    """Show a licence that says it is none, so that the page of licences has something to show."""
    Licence.objects.get_or_create(
        number=LICENCE_NO,
        defaults={"name": "营业执照（演示）", "holder": "演示运营公司（非真实主体）"},
    )


def _open(sale: _Sale, city: str, now: datetime) -> Campaign:
    def at(clock: time) -> datetime:
        return timezone.make_aware(datetime.combine(sale.closes_on, clock))

    campaign = Campaign.objects.create(
        code=sale.code,
        city=city,
        opens_at=now,
        orders_close_at=at(ORDERS_CLOSE),
        payments_close_at=at(PAYMENTS_CLOSE),
        freeze_at=at(FREEZE),
        delivery_date=sale.delivery_date,
    )
    Offer.objects.bulk_create(
        _offer(campaign, position, offer) for position, offer in enumerate(sale.offers)
    )
    campaign_open(campaign_id=campaign.pk, now=now)
    return campaign


def _offer(campaign: Campaign, position: int, model: Offer) -> Offer:
    """A copy for today; the first few show each kind of limit there is."""
    offer = Offer(
        campaign=campaign,
        sku_id=model.sku_id,
        price_fen=model.price_fen,
        per_resident_limit=model.per_resident_limit,
        commission_rate_bp=model.commission_rate_bp,
    )
    if position == 0:  # flash sale
        offer.price_fen = model.price_fen * 6 // 10
        offer.stock_cap = 60
        offer.sells_from = campaign.opens_at
        offer.sells_until = min(campaign.opens_at + SLOT, campaign.orders_close_at)
        _strike(offer)
    elif position == 1:  # hot
        offer.stock_cap, offer.stock_buckets = 400, 8
    elif position == 2:
        offer.per_resident_limit = 2
    elif position == 3:
        offer.min_group_qty = 20
    elif position == 4:  # nearly gone
        offer.stock_cap = 3
    return offer


def _strike(offer: Offer) -> None:
    """Strike our own former price through, if the log has one above today's."""
    before = former_prices(
        [offer.sku_id],
        before=offer.campaign.opens_at,
        strike_days=price_limits().strike_days,
    ).get(offer.sku_id)
    if before is not None and before.price_fen > offer.price_fen:
        offer.strike_price_fen = before.price_fen
        offer.strike_meaning = StrikeMeaning.FORMER


def _empty_ones_cancel(now: datetime) -> None:
    Campaign.objects.filter(
        code__startswith=DEMO_PREFIX,
        state__in=CAMPAIGN_LIFECYCLE.sources_of(CampaignState.CANCELLED),
        orders_close_at__lte=now,
        orders__isnull=True,
    ).update(state=CampaignState.CANCELLED)
