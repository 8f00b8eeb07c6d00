"""What goes from each SKU to each pickup point."""

from typing import NamedTuple

from django.db.models import Sum

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun


class PointSku(NamedTuple):
    """Pieces of one SKU for one pickup point, with the size of one piece."""

    point_id: int
    point_code: str
    sku_id: int
    storage: str
    unit_weight_g: int
    unit_volume_ml: int
    pieces: int


def allocated_by_point_and_sku(run: CutoffRun) -> list[PointSku]:
    """The allocation projected on pickup points; points and SKUs without pieces left out."""
    rows = (
        Allocation.objects.filter(run=run, allocated_qty__gt=0)
        .values_list(
            "order_line__order__pickup_point_id",
            "order_line__order__pickup_point__code",
            "order_line__sku_id",
            "order_line__sku__storage",
            "order_line__sku__weight_g",
            "order_line__sku__volume_ml",
        )
        .annotate(pieces=Sum("allocated_qty"))
        .order_by("order_line__order__pickup_point__code", "order_line__sku__code")
    )
    return [PointSku._make(row) for row in rows]
