"""What people call SKUs; leaders' own words come from the chain desk."""

from django.contrib import admin

from leaders.admin.records import KeptAdmin
from orders.admin.catalogue_sheets import SkuAliasSheet
from orders.admin.sheet_pages import SheetPages
from orders.models.jielong import SkuAlias


@admin.register(SkuAlias)
class SkuAliasAdmin(SheetPages, KeptAdmin[SkuAlias]):
    """Words for SKUs, everybody's and single leaders'."""

    sheet_resource = SkuAliasSheet
    list_display = ("alias", "sku", "leader")
    list_select_related = ("sku", "leader")
    search_fields = ("alias", "sku__name", "sku__code", "leader__code")
    autocomplete_fields = ("sku", "leader")
    list_filter = (("leader", admin.EmptyFieldListFilter),)
