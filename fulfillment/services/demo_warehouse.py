"""What a demo's warehouse needs and no day bundle brings: a scale, licences, drivers."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from fulfillment.models.delivery import Driver, Trip, Vehicle
from fulfillment.models.purchasing import Supplier
from fulfillment.models.supplier_papers import SupplierPaper, SupplierPaperKind
from fulfillment.models.warehouse import Warehouse
from fulfillment.models.weighing import Scale

VALID = timedelta(days=365)
# One licence runs out soon, so that the warning before it can be seen.
RUNS_OUT = timedelta(days=6)
NUMBER = "DEMO-{code}"
DRIVERS = ("李建国", "王志强", "张海涛", "赵卫东", "刘新民", "陈永福", "杨春生", "周国庆")
# A block of numbers that no operator gives out.
PHONE = "1990001{number:04d}"
CODE_LENGTH = 20


@transaction.atomic
def demo_warehouse_equip(*, now: datetime) -> None:
    """Give warehouses a verified scale, suppliers a licence, vehicles a driver.

    Safe to call again.
    """
    demo_drivers_hire()
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


@transaction.atomic
def demo_drivers_hire() -> None:
    """Give every vehicle without a driver one of its own, on its trips, too; safe to call again."""
    driverless = Vehicle.objects.filter(driver__isnull=True).order_by("code")
    for number, vehicle in enumerate(driverless, start=Driver.objects.count()):
        driver, _is_new = Driver.objects.get_or_create(
            code=f"D-{vehicle.code}"[:CODE_LENGTH],
            defaults={
                "name": DRIVERS[number % len(DRIVERS)],
                "phone": PHONE.format(number=number % 10_000),
            },
        )
        Vehicle.objects.filter(pk=vehicle.pk).update(driver=driver)
    for vehicle in Vehicle.objects.filter(trips__driver__isnull=True).distinct():
        Trip.objects.filter(vehicle=vehicle, driver__isnull=True).update(driver=vehicle.driver)
