"""What suppliers ask, as a spreadsheet."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fulfillment.models.purchasing import Supplier, SupplierOffer
from fulfillment.services.supplier_costs import supplier_cost_note
from orders.admin.catalogue_sheets import sku_cells
from orders.admin.sheets import Column, RowCells, SheetResource, day, truth, whole, yuan_amount


class SupplierOfferSheet(SheetResource):
    """Terms by supplier and SKU; a cost that changes leaves its trace."""

    supplier = Column(
        "supplier",
        _("supplier"),
        RowCells(lambda: Supplier.objects.all(), lambda supplier: supplier.code),
    )
    sku = Column("sku", _("SKU"), sku_cells())
    pack_factor = Column("pack_factor", _("pieces per pack"), whole())
    cost_fen = Column("cost_fen", _("cost per piece (¥)"), yuan_amount())
    min_order_qty = Column("min_order_qty", _("minimum order (pieces)"), whole(empty=0))
    valid_from = Column("valid_from", _("valid from"), day())
    valid_until = Column("valid_until", _("valid until"), day())
    rank = Column("rank", _("rank"), whole(empty=1))
    is_active = Column("is_active", _("active"), truth())

    class Meta:
        model = SupplierOffer
        fields = (
            "supplier",
            "sku",
            "pack_factor",
            "cost_fen",
            "min_order_qty",
            "valid_from",
            "valid_until",
            "rank",
            "is_active",
        )
        import_id_fields = ("supplier", "sku")

    def get_queryset(self) -> QuerySet[SupplierOffer]:
        """Fetch supplier, SKU and the dearest tier in the same query."""
        return (
            SupplierOffer.objects.select_related("supplier", "sku")
            .annotate(dearest_tier_fen=Max("tiers__cost_fen"))
            .order_by("supplier__code", "sku__code")
        )

    def write(self, instance: Any, *, is_create: bool) -> None:
        """Save the terms, and note a cost that is new."""
        dearest_fen = getattr(instance, "dearest_tier_fen", None)
        if dearest_fen is not None and dearest_fen > instance.cost_fen:
            words = gettext("From more pieces on, a piece costs less and not more.")
            raise ValidationError({"cost_fen": words})
        stored = SupplierOffer.objects.filter(pk=instance.pk)
        before_fen = None if is_create else stored.values_list("cost_fen", flat=True).get()
        instance.save()
        supplier_cost_note(
            offer=instance,
            before_fen=before_fen,
            reason=gettext("By spreadsheet: {file}").format(file=self.file_name),
            actor=self.user,
            now=timezone.now(),
        )
