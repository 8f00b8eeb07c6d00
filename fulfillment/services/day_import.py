"""An imported day as rows: everything or nothing, and once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from fulfillment.domain.bundle import DayBundle
from fulfillment.errors import CampaignImportedDifferently
from fulfillment.models.cutoff_run import CutoffRun, ImportNote
from fulfillment.services.cutoff_run import run_ensure
from fulfillment.services.day_import_masters import MasterRows, masters_import
from fulfillment.services.day_import_orders import orders_import
from orders.models.campaigns import Campaign, CampaignState, Offer

# The first number of the pair names what is locked: only one import at a time.
IMPORT_LOCK = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DayImport:
    """The run of an imported day; `is_new` is False when it was there already."""

    run: CutoffRun
    is_new: bool


@transaction.atomic
def day_import(*, bundle: DayBundle, notes: Mapping[int, str], now: datetime) -> DayImport:
    """Write a whole day in one transaction: its masters, campaign, orders and money.

    The same bundle again changes nothing. `notes` holds the wording of the
    bundle's warnings by position. Raises `CampaignImportedDifferently` when
    the campaign is known from another bundle or from the platform itself.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [IMPORT_LOCK])
    if known := Campaign.objects.filter(code=bundle.campaign.code).first():
        run = CutoffRun.objects.filter(campaign=known, bundle_hash=bundle.sha256).first()
        if run is None:
            raise CampaignImportedDifferently(
                "This campaign is already here, with other contents; "
                "give the day a code of its own.",
                campaign=known.code,
            )
        return DayImport(run=run, is_new=False)
    masters = masters_import(bundle=bundle, now=now)
    campaign = _campaign_create(bundle)
    offers = _offers_create(bundle, campaign, masters)
    run = run_ensure(campaign=campaign, warehouse=masters.warehouse, now=now)
    CutoffRun.objects.filter(pk=run.pk).update(bundle_hash=bundle.sha256)
    orders_import(bundle=bundle, campaign=campaign, masters=masters, offers=offers, now=now)
    ImportNote.objects.bulk_create(
        ImportNote(
            run=run,
            position=position,
            severity=warning.severity,
            file=warning.file,
            row=warning.row,
            code=warning.finding,
            message=notes[position],
        )
        for position, warning in enumerate(bundle.warnings)
    )
    return DayImport(run=run, is_new=True)


def _campaign_create(bundle: DayBundle) -> Campaign:
    """The campaign with its clocks; it is open, since its orders came in."""
    timeline = bundle.campaign.timeline
    return Campaign.objects.create(
        code=bundle.campaign.code,
        city=bundle.campaign.city,
        state=CampaignState.OPEN,
        shortage_rule=settings.SHORTAGE_RULE,
        opens_at=timeline.opens_at,
        orders_close_at=timeline.orders_close_at,
        payments_close_at=timeline.payments_close_at,
        freeze_at=timeline.freeze_at,
        delivery_date=bundle.campaign.delivery_date,
    )


def _offers_create(
    bundle: DayBundle, campaign: Campaign, masters: MasterRows
) -> Mapping[str, Offer]:
    offers = Offer.objects.bulk_create(
        Offer(
            campaign=campaign,
            sku=masters.skus[sku.code],
            price_fen=sku.price_fen,
            stock_cap=sku.stock_cap,
            per_resident_limit=sku.per_resident_limit,
        )
        for sku in bundle.skus
    )
    return {offer.sku.code: offer for offer in offers}
