"""Warehouses and whom they serve, drivers and their vehicles."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fulfillment.admin.measures import kg_text
from fulfillment.models.delivery import Driver, Vehicle
from fulfillment.models.warehouse import ServedPoint, Warehouse
from leaders.admin.columns import Column, figure
from leaders.admin.records import KeptAdmin
from orders.admin.money import YuanForms, yuan


@admin.register(Warehouse)
class WarehouseAdmin(KeptAdmin[Warehouse]):
    """Where goods arrive and leave; a grid names the hub that sorts for it."""

    num_points = figure("points", _("points given to it"))
    list_display = ("code", "name", "address", "hub", "num_points")
    list_filter = ("hub",)
    list_select_related = ("hub",)
    search_fields = ("code", "name")
    fieldsets = (
        (None, {"fields": ("code", "name", "hub", "is_blind_count")}),
        (_("Place"), {"fields": ("address", ("lng", "lat"))}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Warehouse]:
        """Count the points in the same query."""
        return super().get_queryset(request).annotate(points=Count("served_points"))


@admin.register(ServedPoint)
class ServedPointAdmin(KeptAdmin[ServedPoint]):
    """Which warehouse delivers to a pickup point; any other is served by the run's own."""

    point = Column("pickup_point__name", _("pickup point"), str, "pickup_point__code")
    district = Column("pickup_point__community__district", _("district"), str)
    list_display = ("point", "district", "warehouse")
    list_filter = ("warehouse", "pickup_point__community__district")
    list_select_related = ("pickup_point__community", "warehouse")
    search_fields = ("pickup_point__code", "pickup_point__name")
    autocomplete_fields = ("pickup_point",)

    def page_title(self, row: ServedPoint) -> str:
        """The point and its warehouse by name."""
        return f"{row.pickup_point} ← {row.warehouse}"


@admin.register(Driver)
class DriverAdmin(KeptAdmin[Driver]):
    """Who drives; with a log-in the driver's phone shows today's trips."""

    num_vehicles = figure("vehicle_count", _("vehicles"))
    list_display = ("code", "name", "phone", "user", "num_vehicles", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("user",)
    search_fields = ("code", "name", "phone")
    raw_id_fields = ("user",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Driver]:
        """Count the vehicles in the same query."""
        return super().get_queryset(request).annotate(vehicle_count=Count("vehicles"))


@admin.register(Vehicle)
class VehicleAdmin(YuanForms, KeptAdmin[Vehicle]):
    """The fleet with its limits, its shifts and what it costs."""

    num_capacity_g = Column("capacity_g", _("capacity"), kg_text, "capacity_g")
    num_capacity_totes = figure("capacity_totes", _("capacity (totes)"))
    num_fixed_cost = yuan("fixed_cost_fen", _("fixed cost"))
    num_cost_per_km = yuan("cost_per_km_fen", _("cost per km"))
    num_cost_per_hour = yuan("cost_per_hour_fen", _("cost per hour"))
    list_display = (
        "code",
        "plate",
        "kind",
        "driver",
        "num_capacity_g",
        "num_capacity_totes",
        "num_fixed_cost",
        "num_cost_per_km",
        "num_cost_per_hour",
        "shift_start",
        "shift_end",
        "is_chilled",
        "is_active",
    )
    list_filter = ("is_active", "is_chilled", "kind", "size", "warehouse")
    list_select_related = ("driver",)
    search_fields = ("code", "plate", "driver__name")
    autocomplete_fields = ("driver",)
    fieldsets = (
        (None, {"fields": ("code", "plate", "kind", "warehouse", "driver", "is_active")}),
        (
            _("Limits"),
            {
                "fields": (
                    "size",
                    ("capacity_g", "capacity_totes", "capacity_ml"),
                    ("is_chilled", "insulated_totes"),
                )
            },
        ),
        (
            _("Shift"),
            {
                "fields": (
                    ("shift_start", "shift_end"),
                    "overtime_minutes",
                    ("break_minutes", "break_from", "break_until"),
                )
            },
        ),
        (
            _("Costs"),
            {
                "fields": (
                    "fixed_cost_fen",
                    "cost_per_km_fen",
                    "cost_per_hour_fen",
                    "overtime_per_hour_fen",
                )
            },
        ),
    )
    yuan_labels = {
        "fixed_cost_fen": _("fixed cost per day used (¥)"),
        "cost_per_km_fen": _("cost per km (¥)"),
        "cost_per_hour_fen": _("cost per hour (¥)"),
        "overtime_per_hour_fen": _("overtime per hour, on top (¥)"),
    }
