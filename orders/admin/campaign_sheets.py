"""Lines of drafts and presets as spreadsheets."""

from dataclasses import fields
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.admin.catalogue_sheets import sku_cells
from orders.admin.sheets import Column, RowCells, SheetResource, clock, moment, whole, yuan_amount
from orders.domain.offer_rules import offer_faults
from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.presets import CampaignPreset, PresetLine
from orders.services.offer_lines import LineTerms, offer_change, offer_stand, offers_add


class OfferSheet(SheetResource):
    """Lines of drafts by campaign and SKU; what residents can see comes in by no sheet."""

    campaign = Column(
        "campaign",
        _("campaign"),
        RowCells(
            lambda: Campaign.objects.filter(state=CampaignState.DRAFT),
            lambda campaign: campaign.code,
        ),
    )
    sku = Column("sku", _("SKU"), sku_cells())
    price_fen = Column("price_fen", _("price (¥)"), yuan_amount())
    stock_cap = Column("stock_cap", _("stock cap"), whole())
    per_resident_limit = Column("per_resident_limit", _("limit per resident"), whole())
    sells_from = Column("sells_from", _("sells from"), moment())
    sells_until = Column("sells_until", _("sells until"), moment())

    class Meta:
        model = Offer
        fields = (
            "campaign",
            "sku",
            "price_fen",
            "stock_cap",
            "per_resident_limit",
            "sells_from",
            "sells_until",
        )
        import_id_fields = ("campaign", "sku")

    def get_queryset(self) -> QuerySet[Offer]:
        """Fetch campaigns and SKUs in the same query."""
        offers = Offer.objects.select_related("campaign", "sku")
        return offers.order_by("campaign__opens_at", "campaign__code", "sku__code")

    def init_instance(self, row: object = None) -> Offer:
        """A line without what no sheet has; the database's own defaults come too late."""
        return Offer(strike_meaning="", strike_source="", below_cost_reason="", below_cost_note="")

    def write(self, instance: Any, *, is_create: bool) -> None:
        """Through the service of the bench, which minds approvals and the audit log."""
        faults = offer_faults(
            instance.limits,
            opens_at=instance.campaign.opens_at,
            orders_close_at=instance.campaign.orders_close_at,
        )
        if faults:
            raise ValidationError(
                {str(fault.details["field"]): gettext(fault.message) for fault in faults}
            )
        now = timezone.now()
        if is_create:
            (added,) = offers_add(
                campaign_id=instance.campaign_id, skus=[instance.sku], actor=self.user, now=now
            )
            instance.pk = added.pk
        offer_change(
            offer_id=instance.pk,
            terms=LineTerms(**{each.name: getattr(instance, each.name) for each in _TERMS}),
            stand=offer_stand(Offer.objects.get(pk=instance.pk)),
            actor=self.user,
            now=now,
        )


class PresetLineSheet(SheetResource):
    """Goods of presets by preset and SKU; without a price the newest one counts."""

    preset = Column(
        "preset",
        _("campaign preset"),
        RowCells(lambda: CampaignPreset.objects.all(), lambda preset: preset.name),
    )
    sku = Column("sku", _("SKU"), sku_cells())
    price_fen = Column("price_fen", _("price (¥)"), yuan_amount())
    stock_cap = Column("stock_cap", _("stock cap"), whole())
    per_resident_limit = Column("per_resident_limit", _("limit per resident"), whole())
    sells_from_time = Column("sells_from_time", _("sells from"), clock())
    sells_until_time = Column("sells_until_time", _("sells until"), clock())

    class Meta:
        model = PresetLine
        fields = (
            "preset",
            "sku",
            "price_fen",
            "stock_cap",
            "per_resident_limit",
            "sells_from_time",
            "sells_until_time",
        )
        import_id_fields = ("preset", "sku")

    def get_queryset(self) -> QuerySet[PresetLine]:
        """Fetch presets and SKUs in the same query."""
        return PresetLine.objects.select_related("preset", "sku").order_by(
            "preset__name", "sku__code"
        )


_TERMS = fields(LineTerms)
