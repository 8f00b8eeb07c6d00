"""Categories and products; the SKU's page lives with the suppliers that offer it."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import figure
from leaders.admin.records import KeptAdmin, ShownInline
from orders.admin.catalogue_sheets import ProductSheet
from orders.admin.photos import PhotoForms
from orders.admin.sheet_pages import SheetPages
from orders.models.catalogue import Category, Product, Sku


@admin.register(Category)
class CategoryAdmin(KeptAdmin[Category]):
    """The shelves of the catalogue with how many products stand on each."""

    num_product_count = figure("product_count", _("products"))
    list_display = ("name", "num_product_count")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        """Count the products in the same query."""
        return super().get_queryset(request).annotate(product_count=Count("products"))


class SkuInline(ShownInline[Sku, Product]):
    """The product's SKUs; each is changed on its own page."""

    model = Sku
    fields = ("code", "name", "unit", "storage", "weight_g", "volume_ml", "is_active")
    show_change_link = True


@admin.register(Product)
class ProductAdmin(SheetPages, PhotoForms, KeptAdmin[Product]):
    """Goods as residents know them."""

    sheet_resource = ProductSheet

    num_sku_count = figure("sku_count", _("SKUs"))
    list_display = (
        "name",
        "category",
        "origin",
        "num_sku_count",
    )
    list_filter = ("category",)
    list_select_related = ("category",)
    search_fields = ("name", "origin")
    inlines = (SkuInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        """Count the SKUs in the same query."""
        products: QuerySet[Product] = super().get_queryset(request)
        return products.annotate(sku_count=Count("skus"))
