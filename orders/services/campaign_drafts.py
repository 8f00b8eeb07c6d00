"""Drafts of campaigns: copied from another day, or made from a preset."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from leaders.models.accounts import User
from leaders.services.audit import audit
from orders.models.campaigns import Campaign, Offer
from orders.models.presets import CampaignPreset, PresetLine
from orders.price_errors import CampaignCodeTaken
from orders.selectors.price_log import prices_in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftWish:
    """What a draft is to be called, the day it opens, and in how many days it arrives.

    Without `delivery_days` the copied campaign or the preset says it; more
    than one is a presale.
    """

    code: str
    sells_on: date
    delivery_days: int | None = None


@transaction.atomic
def campaign_clone(*, source: Campaign, wish: DraftWish, actor: User, now: datetime) -> Campaign:
    """Make a draft of another campaign with its clocks moved to another day.

    Clocks keep their hour on the operator's clock. Lines whose SKU was taken
    off sale stay behind, and so do reasons and approvals to sell below cost:
    they were given for that day. Raises `CampaignCodeTaken`.
    """
    _require_free(wish.code)
    days = (wish.sells_on - timezone.localdate(source.opens_at)).days
    promised = (source.delivery_date - timezone.localdate(source.opens_at)).days
    delivery_days = promised if wish.delivery_days is None else wish.delivery_days
    campaign = Campaign.objects.create(
        code=wish.code,
        city=source.city,
        shortage_rule=source.shortage_rule,
        opens_at=_moved(source.opens_at, days),
        orders_close_at=_moved(source.orders_close_at, days),
        payments_close_at=_moved(source.payments_close_at, days),
        freeze_at=_moved(source.freeze_at, days),
        delivery_date=wish.sells_on + timedelta(days=delivery_days),
    )
    lines = Offer.objects.filter(campaign=source, sku__is_active=True).order_by("pk")
    _offers_write(campaign, (_copied(line, days) for line in lines))
    _note(campaign, actor, now, {"cloned_from": source.code})
    return campaign


@transaction.atomic
def campaign_from_preset(
    *, preset: CampaignPreset, wish: DraftWish, actor: User, now: datetime
) -> Campaign:
    """Make a draft of a preset for a day; a line without a price gets its newest one.

    Raises `CampaignCodeTaken`.
    """
    _require_free(wish.code)
    delivery_days = preset.delivery_days if wish.delivery_days is None else wish.delivery_days
    orders_close_at = _at(wish.sells_on, preset.orders_close_time)
    payments_close_at = orders_close_at + timedelta(minutes=preset.payment_minutes)
    campaign = Campaign.objects.create(
        code=wish.code,
        city=preset.city,
        opens_at=_at(wish.sells_on, preset.opens_time),
        orders_close_at=orders_close_at,
        payments_close_at=payments_close_at,
        freeze_at=payments_close_at + timedelta(minutes=preset.freeze_minutes),
        delivery_date=wish.sells_on + timedelta(days=delivery_days),
    )
    lines = list(PresetLine.objects.filter(preset=preset, sku__is_active=True).order_by("pk"))
    last = prices_in_force([line.sku_id for line in lines], max(now, campaign.opens_at))
    newest = {sku_id: row.price_fen for sku_id, row in last.items()}
    _offers_write(
        campaign, (_preset_offer(line, wish.sells_on, newest.get(line.sku_id, 0)) for line in lines)
    )
    _note(campaign, actor, now, {"preset": preset.name})
    return campaign


@transaction.atomic
def preset_from_campaign(
    *, campaign: Campaign, name: str, weekday: int | None, actor: User, now: datetime
) -> CampaignPreset:
    """Keep a campaign's clocks and goods as a preset; prices stay with the log."""
    minute = timedelta(minutes=1)
    preset = CampaignPreset.objects.create(
        name=name,
        city=campaign.city,
        weekday=weekday,
        opens_time=_clock(campaign.opens_at),
        orders_close_time=_clock(campaign.orders_close_at),
        payment_minutes=(campaign.payments_close_at - campaign.orders_close_at) // minute,
        freeze_minutes=(campaign.freeze_at - campaign.payments_close_at) // minute,
        delivery_days=(campaign.delivery_date - timezone.localdate(campaign.opens_at)).days,
    )
    PresetLine.objects.bulk_create(
        PresetLine(
            preset=preset,
            sku_id=offer.sku_id,
            stock_cap=offer.stock_cap,
            per_resident_limit=offer.per_resident_limit,
            sells_from_time=_clock(offer.sells_from) if offer.sells_from else None,
            sells_until_time=_clock(offer.sells_until) if offer.sells_until else None,
        )
        for offer in Offer.objects.filter(campaign=campaign).order_by("pk")
    )
    audit(
        action="campaign_preset.made",
        about=preset,
        actor=actor,
        now=now,
        facts={"campaign": campaign.code},
    )
    return preset


def _require_free(code: str) -> None:
    if Campaign.objects.filter(code=code).exists():
        raise CampaignCodeTaken(_("Another campaign has this code."), code=code)


def _offers_write(campaign: Campaign, offers: Iterable[Offer]) -> None:
    rows = []
    for offer in offers:
        offer.campaign = campaign
        rows.append(offer)
    Offer.objects.bulk_create(rows)


def _copied(line: Offer, days: int) -> Offer:
    return Offer(
        sku_id=line.sku_id,
        price_fen=line.price_fen,
        stock_cap=line.stock_cap,
        stock_buckets=line.stock_buckets,
        per_resident_limit=line.per_resident_limit,
        min_group_qty=line.min_group_qty,
        sells_from=_moved(line.sells_from, days) if line.sells_from else None,
        sells_until=_moved(line.sells_until, days) if line.sells_until else None,
        commission_rate_bp=line.commission_rate_bp,
        is_all_or_nothing=line.is_all_or_nothing,
        strike_price_fen=line.strike_price_fen,
        strike_meaning=line.strike_meaning,
        strike_source=line.strike_source,
    )


def _preset_offer(line: PresetLine, day: date, newest_fen: int) -> Offer:
    limit = line.per_resident_limit
    return Offer(
        sku_id=line.sku_id,
        price_fen=newest_fen if line.price_fen is None else line.price_fen,
        stock_cap=line.stock_cap,
        per_resident_limit=settings.RESIDENT_LIMIT_QTY if limit is None else limit,
        sells_from=_at(day, line.sells_from_time) if line.sells_from_time else None,
        sells_until=_at(day, line.sells_until_time) if line.sells_until_time else None,
    )


def _note(campaign: Campaign, actor: User, now: datetime, facts: dict[str, object]) -> None:
    audit(action="campaign.drafted", about=campaign, actor=actor, now=now, facts=facts)


def _moved(moment: datetime, days: int) -> datetime:
    """The same hour on the operator's clock, so many days later."""
    local = timezone.localtime(moment).replace(tzinfo=None)
    return timezone.make_aware(local + timedelta(days=days))


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def _clock(moment: datetime) -> time:
    return timezone.localtime(moment).time().replace(second=0, microsecond=0)
