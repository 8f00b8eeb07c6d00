"""Campaigns with their clocks, and what each offer sold."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.forms.models import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import figure, moment, percent
from leaders.admin.records import KeptAdmin, KeptInline
from leaders.errors import DomainError
from orders.admin.money import YuanForms, yuan
from orders.domain.offer_rules import offer_faults
from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.orders import Order, OrderLine, OrderState
from orders.services.campaign_opening import campaign_open

SOLD = (OrderState.PAID, OrderState.FROZEN, OrderState.COMPLETED)
CLOCKS = ("opens_at", "orders_close_at", "payments_close_at", "freeze_at")

if TYPE_CHECKING:
    _OfferForms = BaseInlineFormSet[Offer, Campaign, ModelForm[Offer]]
else:
    _OfferForms = BaseInlineFormSet


def _total(rows: QuerySet[Any], key: str, figure: Any) -> Subquery:
    """One figure over the rows that belong to each row of the outer query."""
    grouped = rows.order_by().values(key).annotate(figure=figure).values("figure")
    return Subquery(grouped, output_field=IntegerField())


class OfferForms(_OfferForms):
    """The offers of a draft, checked against each other's terms and the campaign's clocks."""

    def clean(self) -> None:
        """Put every fault beside the field it speaks of."""
        super().clean()
        campaign = self.instance
        if campaign.opens_at is None or campaign.orders_close_at is None:
            return  # the campaign's own form says so already
        for form in self.forms:
            if not form.is_valid() or not form.has_changed():
                continue
            faults = offer_faults(
                form.instance.limits,
                opens_at=campaign.opens_at,
                orders_close_at=campaign.orders_close_at,
            )
            for fault in faults:
                form.add_error(str(fault.details["field"]), gettext(fault.message))


class OfferInline(YuanForms, KeptInline[Offer, Campaign]):
    """What the campaign sells and how much of it was paid for."""

    num_sold_qty = figure("sold_qty", _("pieces sold"))
    num_sold = yuan("sold_fen", _("sold for"))
    num_price = yuan("price_fen", _("price"))
    num_commission_rate = percent("commission_rate_bp", _("commission rate"))
    shown_sells_from = moment("sells_from", _("sells from"))
    shown_sells_until = moment("sells_until", _("sells until"))
    model = Offer
    formset = OfferForms
    readonly_fields = (
        "num_sold_qty",
        "num_sold",
        "num_price",
        "num_commission_rate",
        "shown_sells_from",
        "shown_sells_until",
    )
    autocomplete_fields = ("sku",)
    yuan_labels = {"price_fen": _("price (¥)")}

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

    def get_fields(self, request: HttpRequest, obj: Campaign | None = None) -> tuple[str, ...]:
        """Terms as typed while they can be, and worded once they are fixed."""
        limits = (
            "stock_cap",
            "stock_buckets",
            "per_resident_limit",
            "min_group_qty",
            "is_all_or_nothing",
        )
        slot = ("sells_from", "sells_until")
        sold = ("num_sold_qty", "num_sold")
        if self.has_change_permission(request, obj):
            return ("sku", "price_fen", *limits, *slot, "commission_rate_bp", *sold)
        shown_slot = ("shown_sells_from", "shown_sells_until")
        return ("sku", "num_price", *limits, *shown_slot, "num_commission_rate", *sold)

    def has_add_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """Offers are added while the campaign is a draft."""
        return _is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """Terms are fixed once residents can see them."""
        return _is_draft(obj) and super().has_change_permission(request, obj)


def _is_draft(campaign: Campaign | None) -> bool:
    return campaign is None or campaign.state == CampaignState.DRAFT


@admin.register(Campaign)
class CampaignAdmin(KeptAdmin[Campaign]):
    """Sales windows with what was paid for in each."""

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
        (None, {"fields": ("code", "city", "state", "shortage_rule")}),
        (_("Clocks"), {"fields": (*CLOCKS, "delivery_date", "frozen_at")}),
    )
    readonly_fields = ("state", "frozen_at")
    inlines = (OfferInline,)
    actions = ("open_for_orders",)

    @admin.action(description=_("Open for orders: the terms become fixed"), permissions=["change"])
    def open_for_orders(self, request: HttpRequest, campaigns: QuerySet[Campaign]) -> None:
        """Open the chosen drafts."""
        now = timezone.now()
        for campaign in campaigns:
            try:
                campaign_open(campaign_id=campaign.pk, now=now)
            except DomainError as error:
                named = [str(campaign), str(error.details.get("offer", "")), gettext(error.message)]
                text = ": ".join(part for part in named if part)
                self.message_user(request, text, messages.ERROR)
                continue
            text = gettext("{campaign} is open for orders.").format(campaign=campaign)
            self.message_user(request, text, messages.SUCCESS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        """Sum the paid orders in the same query."""
        paid = Order.objects.filter(campaign=OuterRef("pk"), state__in=SOLD)
        offers = Offer.objects.filter(campaign=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                offer_count=_total(offers, "campaign", Count("pk")),
                order_count=_total(paid, "campaign", Count("pk")),
                paid_fen=_total(paid, "campaign", Sum("total_fen")),
            )
        )

    def get_readonly_fields(
        self, request: HttpRequest, obj: Campaign | None = None
    ) -> tuple[str, ...]:
        """The clocks of a campaign residents can see are fixed; so is a frozen one's rule."""
        if _is_draft(obj):
            return ("state", "frozen_at")
        fixed = ("code", "city", "state", "frozen_at", "delivery_date", *CLOCKS)
        return fixed if obj and obj.state == CampaignState.OPEN else (*fixed, "shortage_rule")
