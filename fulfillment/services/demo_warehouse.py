"""What a demo's warehouse needs and no day bundle brings: a scale, and suppliers' licences."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from fulfillment.models.purchasing import Supplier
from fulfillment.models.supplier_papers import SupplierPaper, SupplierPaperKind
from fulfillment.models.warehouse import Warehouse
from fulfillment.models.weighing import Scale

VALID = timedelta(days=365)
# One licence runs out soon, so that the warning before it can be seen.
RUNS_OUT = timedelta(days=6)
NUMBER = "DEMO-{code}"


@transaction.atomic
def demo_warehouse_equip(*, now: datetime) -> None:
    """Give every warehouse a verified scale and every supplier a licence; safe to call again."""
    today = timezone.localdate(now)
    for warehouse in Warehouse.objects.all():
        Scale.objects.get_or_create(
            code=f"{warehouse.code}-1",
            defaults={
                "warehouse": warehouse,
                "certificate_no": NUMBER.format(code=warehouse.code),
                "verified_until": today + VALID,
            },
        )
    unlicensed = Supplier.objects.filter(papers__isnull=True).order_by("code")
    SupplierPaper.objects.bulk_create(
        SupplierPaper(
            supplier=supplier,
            kind=SupplierPaperKind.FOOD_LICENCE,
            number=NUMBER.format(code=supplier.code),
            expires_on=today + (VALID if index else RUNS_OUT),
            uploaded_at=now,
        )
        for index, supplier in enumerate(unlicensed)
    )
