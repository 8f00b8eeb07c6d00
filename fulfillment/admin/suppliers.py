"""Suppliers and what each offers at which terms."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fulfillment.models.purchasing import Supplier, SupplierOffer
from leaders.admin.columns import figure
from leaders.admin.records import KeptAdmin, KeptInline
from orders.admin.money import YuanForms, yuan

COST_LABEL = _("cost per piece (¥)")


class SupplierOfferInline(YuanForms, KeptInline[SupplierOffer, Supplier]):
    """The supplier's terms by SKU."""

    model = SupplierOffer
    fields = ("sku", "pack_factor", "cost_fen", "rank", "is_active")
    autocomplete_fields = ("sku",)
    yuan_labels = {"cost_fen": COST_LABEL}

    def get_queryset(self, request: HttpRequest) -> QuerySet[SupplierOffer]:
        """Fetch the SKUs in the same query."""
        return super().get_queryset(request).select_related("sku").order_by("sku__code")


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
        "is_active",
    )
    list_filter = ("is_active",)
    search_fields = ("code", "name", "contact")
    fieldsets = (
        (None, {"fields": ("code", "name", "is_active")}),
        (_("Contact"), {"fields": ("contact", "phone")}),
        (_("Terms"), {"fields": ("min_order_fen", "slot_start")}),
    )
    yuan_labels = {"min_order_fen": _("minimum order (¥)")}
    inlines = (SupplierOfferInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Supplier]:
        """Count the offers in the same query."""
        suppliers: QuerySet[Supplier] = super().get_queryset(request)
        return suppliers.annotate(offer_count=Count("offers"))


@admin.register(SupplierOffer)
class SupplierOfferAdmin(YuanForms, KeptAdmin[SupplierOffer]):
    """All terms in one list, to compare suppliers of a SKU."""

    num_cost = yuan("cost_fen", _("cost per piece"))
    num_pack_factor = figure("pack_factor", _("pieces per pack"))
    list_display = ("sku", "supplier", "num_pack_factor", "num_cost", "rank", "is_active")
    list_filter = ("is_active", "rank", "supplier")
    list_select_related = ("sku", "supplier")
    search_fields = ("sku__code", "sku__name", "supplier__code", "supplier__name")
    autocomplete_fields = ("sku", "supplier")
    yuan_labels = {"cost_fen": COST_LABEL}

    def page_title(self, row: SupplierOffer) -> str:
        """Who offers what."""
        return f"{row.supplier} · {row.sku}"
