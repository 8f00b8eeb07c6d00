"""Scales with their verification, and every portion that was weighed."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fulfillment.models.weighing import Scale, WeighedPortion
from leaders.admin.columns import figure, moment
from leaders.admin.records import KeptAdmin, ShownAdmin


@admin.register(Scale)
class ScaleAdmin(KeptAdmin[Scale]):
    """Trade scales; one whose verification has run out weighs nothing."""

    list_display = ("code", "warehouse", "certificate_no", "verified_until", "may_weigh")
    list_filter = ("is_active", "warehouse")
    list_select_related = ("warehouse",)
    search_fields = ("code", "certificate_no")
    fieldsets = (
        (None, {"fields": ("code", "warehouse", "is_active")}),
        (_("Verification"), {"fields": ("certificate_no", "verified_until")}),
    )

    @admin.display(description=_("may weigh today"), boolean=True)
    def may_weigh(self, scale: Scale) -> bool:
        """Whether the weigh station offers it."""
        return scale.is_active and scale.verified_until >= timezone.localdate()


@admin.register(WeighedPortion)
class WeighedPortionAdmin(ShownAdmin[WeighedPortion]):
    """Portions and the rows that undo them, the newest first."""

    shown_weighed_at = moment("weighed_at", _("weighed at"))
    num_net_g = figure("net_g", _("net (g)"))
    num_nominal_g = figure("nominal_g", _("sold as (g)"))
    list_display = (
        "shown_weighed_at",
        "goods",
        "order_no",
        "portion_no",
        "num_net_g",
        "num_nominal_g",
        "is_standing",
        "scale",
        "weighed_by",
    )
    list_filter = ("scale",)
    list_select_related = (
        "allocation__order_line__order",
        "scale",
        "weighed_by",
        "undone_by",
    )
    search_fields = (
        "allocation__order_line__order__order_no",
        "allocation__order_line__sku_name",
    )
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[WeighedPortion]:
        """Fetch goods, people and what undid a portion in the same query."""
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(description=_("goods"))
    def goods(self, portion: WeighedPortion) -> str:
        """What was weighed."""
        return portion.allocation.order_line.sku_name

    @admin.display(description=_("order no."))
    def order_no(self, portion: WeighedPortion) -> str:
        """For whom."""
        return portion.allocation.order_line.order.order_no

    @admin.display(description=_("counts"), boolean=True)
    def is_standing(self, portion: WeighedPortion) -> bool:
        """Whether it is in the sums: not undone, and no row that undoes another."""
        return portion.undoes_id is None and not hasattr(portion, "undone_by")
