"""Suppliers and what each offers at which terms."""

from itertools import pairwise
from typing import TYPE_CHECKING

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fulfillment.admin.supplier_sheets import SupplierOfferSheet
from fulfillment.models.purchasing import PriceTier, Supplier, SupplierOffer
from fulfillment.models.supplier_papers import SupplierPaper
from leaders.admin.columns import figure, moment
from leaders.admin.records import KeptAdmin, KeptInline, ShownInline
from orders.admin.money import YuanForms, yuan
from orders.admin.sheet_pages import SheetPages

if TYPE_CHECKING:
    from django import forms

    _TierFormSet = BaseInlineFormSet[PriceTier, SupplierOffer, forms.ModelForm[PriceTier]]
else:
    _TierFormSet = BaseInlineFormSet

COST_LABEL = _("cost per piece (¥)")


class SupplierOfferInline(YuanForms, KeptInline[SupplierOffer, Supplier]):
    """The supplier's terms by SKU."""

    model = SupplierOffer
    fields = (
        "sku",
        "pack_factor",
        "cost_fen",
        "min_order_qty",
        "valid_from",
        "valid_until",
        "rank",
        "is_active",
    )
    autocomplete_fields = ("sku",)
    yuan_labels = {"cost_fen": COST_LABEL}

    def get_queryset(self, request: HttpRequest) -> QuerySet[SupplierOffer]:
        """Fetch the SKUs in the same query."""
        return super().get_queryset(request).select_related("sku").order_by("sku__code")


class SupplierPaperInline(ShownInline[SupplierPaper, Supplier]):
    """The licences and certificates on file."""

    model = SupplierPaper
    shown_uploaded_at = moment("uploaded_at", _("uploaded at"))
    fields = ("kind", "number", "expires_on", "shown_uploaded_at")
    readonly_fields = fields
    show_change_link = True


@admin.register(Supplier)
class SupplierAdmin(YuanForms, KeptAdmin[Supplier]):
    """Who we buy from."""

    num_min_order = yuan("min_order_fen", _("minimum order"))
    num_offer_count = figure("offer_count", _("offers"))
    list_display = (
        "code",
        "name",
        "contact",
        "phone",
        "slot_start",
        "num_min_order",
        "num_offer_count",
        "is_market",
        "is_active",
    )
    list_filter = ("is_active", "is_market")
    search_fields = ("code", "name", "contact")
    fieldsets = (
        (None, {"fields": ("code", "name", "is_active")}),
        (_("Contact"), {"fields": ("contact", "phone")}),
        (
            _("Terms"),
            {
                "fields": (
                    "min_order_fen",
                    "slot_start",
                    "confirm_minutes",
                    "is_market",
                    "terms_days",
                )
            },
        ),
    )
    yuan_labels = {"min_order_fen": _("minimum order (¥)")}
    inlines = (SupplierOfferInline, SupplierPaperInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Supplier]:
        """Count the offers in the same query."""
        suppliers: QuerySet[Supplier] = super().get_queryset(request)
        return suppliers.annotate(offer_count=Count("offers"))


class PriceTierFormSet(_TierFormSet):
    """Tiers of one offer; a larger order is never dearer by the piece."""

    def clean(self) -> None:
        """Compare the tiers with one another and with the offer's own price."""
        super().clean()
        rows = [form.cleaned_data for form in self.forms if form.is_valid() and form.cleaned_data]
        tiers = sorted((row["from_qty"], row["cost_fen"]) for row in rows)
        costs = [self.instance.cost_fen or 0, *(cost for _from, cost in tiers)]
        if any(more > fewer for fewer, more in pairwise(costs)):
            raise ValidationError(_("From more pieces on, a piece costs less and not more."))


class PriceTierInline(YuanForms, KeptInline[PriceTier, SupplierOffer]):
    """The prices of larger orders."""

    model = PriceTier
    formset = PriceTierFormSet
    fields = ("from_qty", "cost_fen")
    yuan_labels = {"cost_fen": COST_LABEL}


@admin.register(SupplierOffer)
class SupplierOfferAdmin(SheetPages, YuanForms, KeptAdmin[SupplierOffer]):
    """All terms in one list, to compare suppliers of a SKU."""

    sheet_resource = SupplierOfferSheet

    num_cost = yuan("cost_fen", _("cost per piece"))
    num_pack_factor = figure("pack_factor", _("pieces per pack"))
    num_min_order_qty = figure("min_order_qty", _("minimum order (pieces)"))
    num_tiers = figure("tier_count", _("price tiers"))
    list_display = (
        "sku",
        "supplier",
        "num_pack_factor",
        "num_cost",
        "num_tiers",
        "num_min_order_qty",
        "valid_from",
        "valid_until",
        "rank",
        "is_active",
    )
    list_filter = ("is_active", "rank", "supplier")
    list_select_related = ("sku", "supplier")
    search_fields = ("sku__code", "sku__name", "supplier__code", "supplier__name")
    autocomplete_fields = ("sku", "supplier")
    fields = (
        ("supplier", "sku"),
        ("pack_factor", "cost_fen", "min_order_qty"),
        ("valid_from", "valid_until"),
        ("rank", "is_active"),
    )
    yuan_labels = {"cost_fen": COST_LABEL}
    inlines = (PriceTierInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SupplierOffer]:
        """Count the tiers in the same query."""
        offers: QuerySet[SupplierOffer] = super().get_queryset(request)
        return offers.annotate(tier_count=Count("tiers"))

    def page_title(self, row: SupplierOffer) -> str:
        """Who offers what."""
        return f"{row.supplier} · {row.sku}"
