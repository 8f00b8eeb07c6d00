"""SKUs with every price they had and the suppliers that offer them."""

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fulfillment.admin.suppliers import COST_LABEL
from fulfillment.models.purchasing import SupplierOffer
from leaders.admin.columns import figure, moment
from leaders.admin.records import KeptAdmin, KeptInline, ShownInline
from orders.admin.catalogue_sheets import SkuSheet
from orders.admin.money import YuanForms, yuan
from orders.admin.sheet_pages import SheetPages
from orders.models.catalogue import PriceLog, Sku


class PriceLogInline(ShownInline[PriceLog, Sku]):
    """Every price and cost, the newest first; rows are never changed."""

    model = PriceLog
    shown_valid_from = moment("valid_from", _("valid from"))
    num_price = yuan("price_fen", _("price"))
    num_cost = yuan("cost_fen", _("cost"))
    fields = ("shown_valid_from", "num_price", "num_cost", "reason", "actor")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceLog]:
        """Fetch the people in the same query."""
        return super().get_queryset(request).select_related("actor")


class SkuSupplierInline(YuanForms, KeptInline[SupplierOffer, Sku]):
    """Who offers the SKU; the lowest rank is asked first."""

    model = SupplierOffer
    fields = ("supplier", "pack_factor", "cost_fen", "rank", "is_active")
    autocomplete_fields = ("supplier",)
    yuan_labels = {"cost_fen": COST_LABEL}

    def get_queryset(self, request: HttpRequest) -> QuerySet[SupplierOffer]:
        """Fetch the suppliers in the same query."""
        return super().get_queryset(request).select_related("supplier")


@admin.register(Sku)
class SkuAdmin(SheetPages, KeptAdmin[Sku]):
    """Sales units with their size and their price of today."""

    sheet_resource = SkuSheet

    num_weight_g = figure("weight_g", _("weight (g)"))
    num_volume_ml = figure("volume_ml", _("volume (ml)"))
    num_price = yuan("price_fen", _("price"))
    num_cost = yuan("cost_fen", _("cost"))
    list_display = (
        "code",
        "name",
        "product",
        "unit",
        "storage",
        "num_weight_g",
        "num_volume_ml",
        "num_price",
        "num_cost",
        "is_active",
    )
    list_filter = ("is_active", "storage", "kind", "product__category")
    list_select_related = ("product",)
    search_fields = ("code", "name", "product__name")
    autocomplete_fields = ("product",)
    fieldsets = (
        (None, {"fields": ("code", "product", "name", "unit", "is_active")}),
        (
            _("Goods"),
            {"fields": ("kind", "tolerance_bp", "storage", "weight_g", "volume_ml", "bin_code")},
        ),
    )
    inlines = (SkuSupplierInline, PriceLogInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sku]:
        """Look the newest price up in the same query."""
        newest = PriceLog.objects.filter(sku=OuterRef("pk")).order_by("-valid_from", "-pk")
        skus: QuerySet[Sku] = super().get_queryset(request)
        return skus.annotate(
            price_fen=Subquery(newest.values("price_fen")[:1]),
            cost_fen=Subquery(newest.values("cost_fen")[:1]),
        )
