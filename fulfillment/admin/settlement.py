"""Commission, only shown: services hold, release and pay it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from fulfillment.models.settlement import CommissionEntry
from leaders.admin.columns import Column, percent
from leaders.admin.records import ShownAdmin
from orders.admin.money import yuan


@admin.register(CommissionEntry)
class CommissionEntryAdmin(ShownAdmin[CommissionEntry]):
    """What leaders earned and lost on each order line, and by which rule."""

    num_base = yuan("base_fen", _("base"))
    num_rate = percent("rate_bp", _("rate"))
    num_amount = yuan("amount_fen", _("amount"))
    order_no = Column("order_line__order__order_no", _("order no."), str)
    sku_name = Column("order_line__sku_name", _("name and spec"), str)
    list_display = (
        "leader",
        "order_no",
        "sku_name",
        "kind",
        "state",
        "num_base",
        "num_rate",
        "num_amount",
        "hold_until",
    )
    list_filter = ("state", "kind", "hold_until", "plan_code")
    list_select_related = ("leader", "order_line__order")
    search_fields = ("leader__code", "leader__name", "order_line__order__order_no")
    fields = (
        "leader",
        "order_no",
        "sku_name",
        "kind",
        "state",
        "cause",
        "statement",
        "plan_code",
        "num_base",
        "num_rate",
        "num_amount",
        "hold_until",
        "created_at",
    )
    readonly_fields = fields

    def page_title(self, row: CommissionEntry) -> str:
        """The order line it was earned on; a bonus has none."""
        if row.order_line is None:
            return row.get_kind_display()
        return f"{row.order_line.order.order_no} · {row.order_line.sku_name}"
