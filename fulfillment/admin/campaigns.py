"""Campaigns with their clocks, and what each offer sold."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fulfillment.services.campaign_publish import campaign_publish
from leaders.admin.columns import figure, moment, percent
from leaders.admin.records import KeptAdmin, KeptInline, ShownInline
from leaders.errors import DomainError
from leaders.models.accounts import User
from orders.admin.campaign_sheets import OfferSheet, PresetLineSheet
from orders.admin.money import YuanForms, yuan
from orders.admin.sheet_pages import SheetPages
from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.orders import Order, OrderLine, OrderState
from orders.models.presets import CampaignPreset, PresetLine
from orders.price_errors import CampaignNotPublishable

SOLD = (OrderState.PAID, OrderState.FROZEN, OrderState.COMPLETED)
CLOCKS = ("opens_at", "orders_close_at", "payments_close_at", "freeze_at")


def _total(rows: QuerySet[Any], key: str, figure: Any) -> Subquery:
    """One figure over the rows that belong to each row of the outer query."""
    grouped = rows.order_by().values(key).annotate(figure=figure).values("figure")
    return Subquery(grouped, output_field=IntegerField())


class OfferInline(ShownInline[Offer, Campaign]):
    """What the campaign sells and how much of it was paid for; lines are set on the bench."""

    num_sold_qty = figure("sold_qty", _("pieces sold"))
    num_sold = yuan("sold_fen", _("sold for"))
    num_price = yuan("price_fen", _("price"))
    num_struck = yuan("strike_price_fen", _("struck-through price"))
    num_commission_rate = percent("commission_rate_bp", _("commission rate"))
    shown_sells_from = moment("sells_from", _("sells from"))
    shown_sells_until = moment("sells_until", _("sells until"))
    model = Offer
    fields = (
        "sku",
        "num_price",
        "num_struck",
        "stock_cap",
        "stock_buckets",
        "per_resident_limit",
        "min_group_qty",
        "is_all_or_nothing",
        "shown_sells_from",
        "shown_sells_until",
        "num_commission_rate",
        "num_sold_qty",
        "num_sold",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        """Sum what was sold in the same query."""
        lines = OrderLine.objects.filter(offer=OuterRef("pk"), order__state__in=SOLD, is_void=False)
        return (
            super()
            .get_queryset(request)
            .select_related("sku")
            .annotate(
                sold_qty=_total(lines, "offer", Sum("qty")),
                sold_fen=_total(lines, "offer", Sum("amount_fen")),
            )
        )


def _is_draft(campaign: Campaign | None) -> bool:
    return campaign is None or campaign.state == CampaignState.DRAFT


@admin.register(Campaign)
class CampaignAdmin(SheetPages, KeptAdmin[Campaign]):
    """Sales windows with what was paid for in each; the sheet has their lines."""

    sheet_resource = OfferSheet

    shown_opens_at = moment("opens_at", _("opens at"))
    shown_orders_close_at = moment("orders_close_at", _("orders close at"))
    num_offer_count = figure("offer_count", _("offers"))
    num_order_count = figure("order_count", _("orders"))
    num_demand_pieces = figure("demand__pieces", _("pieces frozen"))
    num_paid = yuan("paid_fen", _("paid"))
    list_display = (
        "code",
        "city",
        "state",
        "shown_opens_at",
        "shown_orders_close_at",
        "delivery_date",
        "num_offer_count",
        "num_order_count",
        "num_demand_pieces",
        "num_paid",
    )
    list_filter = ("state", "city", "delivery_date")
    list_select_related = ("demand",)
    search_fields = ("code", "city")
    date_hierarchy = "delivery_date"
    fieldsets = (
        (None, {"fields": ("code", "city", "state", "shortage_rule", "bench")}),
        (_("Clocks"), {"fields": (*CLOCKS, "delivery_date", "frozen_at")}),
    )
    readonly_fields = ("state", "frozen_at", "bench")
    inlines = (OfferInline,)
    actions = ("open_for_orders",)

    @admin.action(description=_("Open for orders: the terms become fixed"), permissions=["change"])
    def open_for_orders(self, request: HttpRequest, campaigns: QuerySet[Campaign]) -> None:
        """Open the chosen drafts."""
        now = timezone.now()
        actor = cast(User, request.user)
        for campaign in campaigns:
            try:
                campaign_publish(campaign_id=campaign.pk, actor=actor, now=now)
            except CampaignNotPublishable as error:
                for line in cast(tuple[str, ...], error.details["lines"]):
                    self.message_user(request, f"{campaign}: {line}", messages.ERROR)
            except DomainError as error:
                self.message_user(request, f"{campaign}: {gettext(error.message)}", messages.ERROR)
            else:
                text = gettext("{campaign} is open for orders.").format(campaign=campaign)
                self.message_user(request, text, messages.SUCCESS)

    @admin.display(description=_("lines"))
    def bench(self, campaign: Campaign) -> str:
        """The way to the bench, where lines are set."""
        if campaign.pk is None:
            return gettext("Once it is saved.")
        address = reverse("workbench-campaign", args=[campaign.code])
        return format_html('<a href="{}">{}</a>', address, gettext("Set the lines"))

    def sheet_rows(self, rows: QuerySet[Campaign]) -> QuerySet[Offer]:
        """The lines of the campaigns in the list."""
        offers: QuerySet[Offer] = OfferSheet(user=None).get_queryset()
        return offers.filter(campaign__in=rows.order_by().values("pk"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        """Sum the paid orders in the same query."""
        paid = Order.objects.filter(campaign=OuterRef("pk"), state__in=SOLD)
        offers = Offer.objects.filter(campaign=OuterRef("pk"))
        campaigns: QuerySet[Campaign] = super().get_queryset(request)
        return campaigns.annotate(
            offer_count=_total(offers, "campaign", Count("pk")),
            order_count=_total(paid, "campaign", Count("pk")),
            paid_fen=_total(paid, "campaign", Sum("total_fen")),
        )

    def get_readonly_fields(
        self, request: HttpRequest, obj: Campaign | None = None
    ) -> tuple[str, ...]:
        """The clocks of a campaign residents can see are fixed; so is a frozen one's rule."""
        if _is_draft(obj):
            return ("state", "frozen_at", "bench")
        fixed = ("code", "city", "state", "frozen_at", "bench", "delivery_date", *CLOCKS)
        return fixed if obj and obj.state == CampaignState.OPEN else (*fixed, "shortage_rule")


class PresetLineInline(YuanForms, KeptInline[PresetLine, CampaignPreset]):
    """The goods of a preset; without a price the newest one counts."""

    model = PresetLine
    fields = (
        "sku",
        "price_fen",
        "stock_cap",
        "per_resident_limit",
        "sells_from_time",
        "sells_until_time",
    )
    autocomplete_fields = ("sku",)
    yuan_labels = {"price_fen": _("price (¥)")}
    can_delete = True

    def has_delete_permission(
        self, request: HttpRequest, obj: CampaignPreset | None = None
    ) -> bool:
        """Goods leave a preset as they come; no campaign hangs on it."""
        return self.has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PresetLine]:
        """Fetch the goods in the same query."""
        return super().get_queryset(request).select_related("sku")


@admin.register(CampaignPreset)
class CampaignPresetAdmin(SheetPages, KeptAdmin[CampaignPreset]):
    """What a weekday usually sells; the sheet has its goods."""

    sheet_resource = PresetLineSheet

    num_lines = figure("line_count", _("SKUs"))
    list_display = (
        "name",
        "city",
        "weekday",
        "opens_time",
        "orders_close_time",
        "delivery_days",
        "num_lines",
        "is_active",
    )
    list_filter = ("is_active", "weekday", "city")
    search_fields = ("name", "city")
    inlines = (PresetLineInline,)

    def sheet_rows(self, rows: QuerySet[CampaignPreset]) -> QuerySet[PresetLine]:
        """The goods of the presets in the list."""
        lines: QuerySet[PresetLine] = PresetLineSheet(user=None).get_queryset()
        return lines.filter(preset__in=rows.order_by().values("pk"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[CampaignPreset]:
        """Count the goods in the same query."""
        presets: QuerySet[CampaignPreset] = super().get_queryset(request)
        return presets.annotate(line_count=Count("lines"))
