"""What lies on the shelf, and what a run took from it."""

from datetime import date

from django.conf import settings
from django.db.models import Min, Sum

from fulfillment.domain.leftovers import LeftoverBalance, Shelved, may_be_sold_again
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.leftovers import LeftoverKind, LeftoverMovement
from fulfillment.models.receiving import Batch
from orders.domain.storage import StorageClass
from orders.models.catalogue import SkuKind


def leftovers_used_by_sku(run: CutoffRun) -> dict[int, int]:
    """Pieces by SKU id that the run took from the shelf instead of buying them."""
    return {
        sku_id: -qty
        for sku_id, qty in LeftoverMovement.objects.filter(used_run=run, kind=LeftoverKind.USED)
        .order_by()
        .values("sku_id")
        .annotate(total=Sum("qty"))
        .values_list("sku_id", "total")
    }


def leftover_balances(*, on: date) -> list[LeftoverBalance]:
    """What lies on the shelf by SKU and day, and whether it may be sold again on a day.

    Oldest first, then by SKU; what is used up is left out.
    """
    rows = list(
        LeftoverMovement.objects.order_by()
        .values(
            "sku_id",
            "sku__kind",
            "sku__storage",
            "origin_run_id",
            "origin_run__campaign__delivery_date",
        )
        .annotate(left=Sum("qty"))
        .filter(left__gt=0)
        .order_by("origin_run__campaign__delivery_date", "sku__code", "origin_run_id")
    )
    best_before = _best_before({row["origin_run_id"] for row in rows})
    return [
        LeftoverBalance(
            sku_id=row["sku_id"],
            origin_run_id=row["origin_run_id"],
            qty=row["left"],
            age_days=(age := (on - row["origin_run__campaign__delivery_date"]).days),
            is_usable=may_be_sold_again(
                Shelved(
                    age_days=age,
                    storage=StorageClass(row["sku__storage"]),
                    is_catch_weight=row["sku__kind"] == SkuKind.CATCH_WEIGHT,
                    best_before=best_before.get((row["origin_run_id"], row["sku_id"])),
                ),
                on=on,
                max_age_days=settings.LEFTOVER_MAX_AGE_DAYS,
            ),
        )
        for row in rows
    ]


def _best_before(run_ids: set[int]) -> dict[tuple[int, int], date]:
    """The earliest date on the batches of a run's goods, by run and SKU."""
    batches = Batch.objects.filter(
        receipt_line__purchase_line__purchase_order__run_id__in=run_ids, expires_on__isnull=False
    )
    return {
        (run_id, sku_id): earliest
        for run_id, sku_id, earliest in batches.order_by()
        .values(
            "receipt_line__purchase_line__purchase_order__run_id",
            "receipt_line__purchase_line__sku_id",
        )
        .annotate(earliest=Min("expires_on"))
        .values_list(
            "receipt_line__purchase_line__purchase_order__run_id",
            "receipt_line__purchase_line__sku_id",
            "earliest",
        )
    }
