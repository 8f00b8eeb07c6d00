"""Purchase orders: what was ordered, what arrived, what is short."""

from collections import defaultdict
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Q, QuerySet, Sum
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.admin.purchase_board import PurchaseBoard
from fulfillment.admin.workbooks import purchase_orders_workbook
from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderLine
from fulfillment.selectors.purchase_board import purchase_lines_counted, purchase_orders_counted
from fulfillment.services.purchase_papers import purchase_papers_print
from fulfillment.services.purchasing import purchase_order_approve
from fulfillment.services.receiving import receipts_record_as_ordered
from leaders.admin.columns import figure, moment, value_of
from leaders.admin.records import ShownAdmin, ShownInline
from leaders.errors import DomainError
from leaders.models.accounts import User
from orders.admin.money import yuan
from orders.domain.money import format_qty, yuan_text

TOTALS = {
    "line_count": gettext_lazy("lines"),
    "need_qty": gettext_lazy("needed"),
    "ordered_qty": gettext_lazy("ordered"),
    "surplus_qty": gettext_lazy("surplus"),
    "accepted_qty": gettext_lazy("accepted"),
    "missing_qty": gettext_lazy("short"),
}


class ShortageFilter(admin.SimpleListFilter):
    """Orders that were counted short, complete, or not counted yet."""

    title = gettext_lazy("received")
    parameter_name = "received"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The three answers."""
        return [
            ("short", gettext_lazy("Short")),
            ("complete", gettext_lazy("Complete")),
            ("open", gettext_lazy("Not fully counted")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[PurchaseOrder]
    ) -> QuerySet[PurchaseOrder]:
        """Filter by the counts."""
        conditions = {
            "short": Q(missing_qty__gt=0),
            "complete": Q(missing_qty=0, uncounted_lines=0),
            "open": Q(uncounted_lines__gt=0),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


class PurchaseOrderLineInline(ShownInline[PurchaseOrderLine, PurchaseOrder]):
    """Each SKU from need to count."""

    model = PurchaseOrderLine
    num_need_qty = figure("need_qty", gettext_lazy("needed"))
    num_packs = figure("packs", gettext_lazy("packs"))
    num_pack_factor = figure("pack_factor", gettext_lazy("pieces per pack"))
    num_ordered_qty = figure("ordered_qty", gettext_lazy("ordered"))
    num_surplus_qty = figure("surplus_qty", gettext_lazy("surplus"))
    num_arrived_qty = figure("arrived_qty", gettext_lazy("arrived"))
    num_rejected_qty = figure("rejected_qty", gettext_lazy("rejected"))
    num_confirmed_qty = figure("confirmed_qty", gettext_lazy("confirmed"))
    num_accepted_qty = figure("accepted_qty", gettext_lazy("accepted"))
    num_missing_qty = figure("missing_qty", gettext_lazy("short"))
    num_unit_cost = yuan("unit_cost_fen", gettext_lazy("cost per piece"))
    num_amount = yuan("amount_fen", gettext_lazy("amount"))
    fields = (
        "sku",
        "num_need_qty",
        "num_packs",
        "num_pack_factor",
        "num_ordered_qty",
        "num_surplus_qty",
        "num_confirmed_qty",
        "num_arrived_qty",
        "num_rejected_qty",
        "num_accepted_qty",
        "num_missing_qty",
        "num_unit_cost",
        "num_amount",
        "ended_as",
        "ended_reason",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[PurchaseOrderLine]:
        """Sum the counts in the same query."""
        return purchase_lines_counted().select_related("sku").order_by("sku__code")


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(PurchaseBoard, ShownAdmin[PurchaseOrder]):
    """Every order of every run; the foot of the list adds up what is filtered."""

    num_line_count = figure("line_count", gettext_lazy("lines"))
    num_need_qty = figure("need_qty", gettext_lazy("needed"))
    num_ordered_qty = figure("ordered_qty", gettext_lazy("ordered"))
    num_surplus_qty = figure("surplus_qty", gettext_lazy("surplus"))
    num_accepted_qty = figure("accepted_qty", gettext_lazy("accepted"))
    num_missing_qty = figure("missing_qty", gettext_lazy("short"))
    num_uncounted_lines = figure("uncounted_lines", gettext_lazy("lines not counted"))
    num_amount = yuan("amount_fen", gettext_lazy("amount"))
    num_min_order_gap = yuan("min_order_gap_fen", gettext_lazy("below minimum by"))
    shown_created_at = moment("created_at", gettext_lazy("created at"))
    shown_approved_at = moment("approved_at", gettext_lazy("approved at"))
    shown_confirm_by = moment("confirm_by", gettext_lazy("to be confirmed by"))
    shown_confirmed_at = moment("confirmed_at", gettext_lazy("confirmed at"))
    list_display = (
        "po_no",
        "supplier",
        "state",
        "num_line_count",
        "num_need_qty",
        "num_ordered_qty",
        "num_surplus_qty",
        "num_accepted_qty",
        "num_missing_qty",
        "num_uncounted_lines",
        "num_amount",
        "num_min_order_gap",
    )
    list_filter = ("state", ShortageFilter, "run__campaign")
    search_fields = ("po_no", "supplier__code", "supplier__name", "lines__sku__code")
    fieldsets = (
        (None, {"fields": (("po_no", "state"), ("supplier", "campaign"), "shown_created_at")}),
        (
            gettext_lazy("Approval and answer"),
            {
                "fields": (
                    ("shown_approved_at", "approved_by", "approval_note"),
                    ("shown_confirm_by", "shown_confirmed_at"),
                    ("slot_offered", "supplier_note"),
                )
            },
        ),
        (
            gettext_lazy("Totals"),
            {
                "fields": (
                    ("num_need_qty", "num_ordered_qty", "num_surplus_qty"),
                    ("num_accepted_qty", "num_missing_qty", "num_uncounted_lines"),
                    ("num_amount", "num_min_order_gap"),
                )
            },
        ),
    )
    inlines = (PurchaseOrderLineInline,)
    actions = ("approve", "count_as_ordered", "export_xlsx")
    change_list_template = "admin/fulfillment/purchaseorder/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[PurchaseOrder]:
        """Sum the lines in the same query."""
        return (
            purchase_orders_counted().select_related("supplier", "run__campaign").order_by("po_no")
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Add the totals of the filtered orders."""
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None)
        if context and "cl" in context:
            context["totals"] = _totals(context["cl"].queryset)
        return response

    @admin.display(description=gettext_lazy("campaign"))
    def campaign(self, purchase_order: PurchaseOrder) -> str:
        """The campaign the goods were sold in."""
        return purchase_order.run.campaign.code

    @admin.action(description=gettext_lazy("Approve and send to the supplier"), permissions=["run"])
    def approve(self, request: HttpRequest, orders: QuerySet[PurchaseOrder]) -> None:
        """Approve what no rule objects to; the rest needs a reason, which the board asks for."""
        actor, now = cast(User, request.user), timezone.now()
        approved = defaultdict(list)
        for order in orders:
            try:
                if purchase_order_approve(purchase_order=order, actor=actor, note="", now=now):
                    approved[order.run].append(order)
            except DomainError as error:
                self.message_user(request, f"{order}: {_(error.message)}", messages.ERROR)
        for run, sent in approved.items():
            purchase_papers_print(run=run, orders=sent, actor=actor, now=now)
        count = sum(len(sent) for sent in approved.values())
        self.message_user(request, _("{count} purchase orders approved.").format(count=count))

    @admin.action(
        description=gettext_lazy("Count everything as ordered (arrived complete and good)"),
        permissions=["run"],
    )
    def count_as_ordered(self, request: HttpRequest, orders: QuerySet[PurchaseOrder]) -> None:
        """Record a receipt for the lines nobody has counted."""
        now = timezone.now()
        for order in orders:
            if not value_of(order, "uncounted_lines"):
                text = _("{order}: nothing is left to count.").format(order=order)
                self.message_user(request, text, messages.WARNING)
                continue
            try:
                receipt = receipts_record_as_ordered(
                    purchase_order=order, actor=cast(User, request.user), now=now
                )
            except DomainError as error:
                self.message_user(request, f"{order}: {_(error.message)}", messages.ERROR)
                continue
            self.message_user(
                request, _("{receipt} recorded.").format(receipt=receipt), messages.SUCCESS
            )

    @admin.action(description=gettext_lazy("Export as a spreadsheet (xlsx)"), permissions=["view"])
    def export_xlsx(self, request: HttpRequest, orders: QuerySet[PurchaseOrder]) -> FileResponse:
        """All lines of the chosen orders with their counts."""
        return FileResponse(
            purchase_orders_workbook(orders),
            as_attachment=True,
            filename=f"purchase_orders_{timezone.localdate():%Y%m%d}.xlsx",
        )


def _totals(orders: QuerySet[PurchaseOrder]) -> list[tuple[str, str]]:
    """The sums over all filtered orders, as (label, text) pairs."""
    sums = orders.order_by().aggregate(
        **{f"total_{name}": Sum(name, default=0) for name in (*TOTALS, "amount_fen")}
    )
    pieces = [(str(label), format_qty(sums[f"total_{name}"])) for name, label in TOTALS.items()]
    return [*pieces, (_("amount"), yuan_text(sums["total_amount_fen"]))]
