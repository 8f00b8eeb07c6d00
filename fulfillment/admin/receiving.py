"""Goods receipts: what the dock counted, with its batches."""

from django.contrib import admin
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fulfillment.models.receiving import GoodsReceipt, GoodsReceiptLine
from leaders.admin.columns import Column, figure, moment
from leaders.admin.records import ShownAdmin, ShownInline

# Counts that were taken back are shown and not summed.
STANDING = Q(lines__isnull=False, lines__void__isnull=True)


class GoodsReceiptLineInline(ShownInline[GoodsReceiptLine, GoodsReceipt]):
    """The counts of each purchase line; zero is a count, one taken back says why."""

    model = GoodsReceiptLine
    num_need_qty = figure("purchase_line__need_qty", _("needed"))
    num_ordered_qty = figure("purchase_line__ordered_qty", _("ordered"))
    num_arrived_qty = figure("arrived_qty", _("arrived"))
    num_rejected_qty = figure("rejected_qty", _("rejected"))
    num_damaged_qty = figure("damaged_qty", _("damaged"))
    num_excess_qty = figure("excess_qty", _("too many"))
    num_accepted_qty = figure("accepted_qty", _("accepted"))
    taken_back = Column("void__reason", _("taken back"), str)
    batch_no = Column("batch__batch_no", _("batch no."), str)
    origin = Column("batch__origin", _("origin"), str)
    certificate_no = Column("batch__certificate_no", _("certificate no."), str)
    expires_on = Column("batch__expires_on", _("best before"), str)
    fields = (
        "sku",
        "num_need_qty",
        "num_ordered_qty",
        "num_arrived_qty",
        "num_rejected_qty",
        "num_damaged_qty",
        "num_excess_qty",
        "num_accepted_qty",
        "taken_back",
        "batch_no",
        "origin",
        "certificate_no",
        "expires_on",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[GoodsReceiptLine]:
        """Fetch purchase lines, SKUs, batches and voids in the same query."""
        return super().get_queryset(request).select_related("purchase_line__sku", "batch", "void")

    @admin.display(description=_("SKU"))
    def sku(self, line: GoodsReceiptLine) -> str:
        """What was counted."""
        return str(line.purchase_line.sku)


@admin.register(GoodsReceipt)
class GoodsReceiptAdmin(ShownAdmin[GoodsReceipt]):
    """One arrival on one purchase order."""

    num_lines = figure("line_count", _("lines"))
    num_arrived_qty = figure("arrived_qty", _("arrived"))
    num_rejected_qty = figure("rejected_qty", _("rejected"))
    num_accepted_qty = figure("accepted_qty", _("accepted"))
    shown_received_at = moment("received_at", _("received at"))
    supplier = Column("purchase_order__supplier", _("supplier"), str)
    list_display = (
        "receipt_no",
        "purchase_order",
        "supplier",
        "num_lines",
        "num_arrived_qty",
        "num_rejected_qty",
        "num_accepted_qty",
        "received_by",
        "shown_received_at",
    )
    list_filter = ("purchase_order__run__campaign", "purchase_order__supplier")
    list_select_related = ("purchase_order__supplier", "received_by")
    search_fields = ("receipt_no", "purchase_order__po_no", "lines__batch__batch_no")
    fields = (
        "receipt_no",
        "purchase_order",
        "supplier",
        "num_arrived_qty",
        "num_rejected_qty",
        "num_accepted_qty",
        "received_by",
        "shown_received_at",
    )
    readonly_fields = fields
    inlines = (GoodsReceiptLineInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[GoodsReceipt]:
        """Sum the counts that stand in the same query."""
        return (
            super()
            .get_queryset(request)
            .annotate(
                line_count=Count("lines", filter=STANDING),
                arrived_qty=Sum("lines__arrived_qty", filter=STANDING),
                rejected_qty=Sum("lines__rejected_qty", filter=STANDING),
                accepted_qty=Sum("lines__accepted_qty", filter=STANDING),
            )
        )
