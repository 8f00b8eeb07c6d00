"""Accepted route plans with their trips and stops."""

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from fulfillment.admin.measures import kg_text, km_text
from fulfillment.models.delivery import DeliveryRun, Stop, Trip
from leaders.admin.columns import Column, figure, moment
from leaders.admin.records import ShownAdmin, ShownInline
from orders.admin.money import yuan


class TripInline(ShownInline[Trip, DeliveryRun]):
    """The trips in route order; each opens with its stops."""

    model = Trip
    shown_departs_at = moment("departs_at", _("departs at"))
    shown_returns_at = moment("returns_at", _("returns at"))
    num_stops = figure("stop_count", _("stops"))
    num_totes = figure("totes", _("totes"))
    num_weight = Column("weight_g", _("weight"), kg_text)
    fields = (
        "route",
        "vehicle",
        "driver",
        "trip_no",
        "shown_departs_at",
        "shown_returns_at",
        "num_stops",
        "num_totes",
        "num_weight",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trip]:
        """Sum the stops in the same query."""
        return (
            super()
            .get_queryset(request)
            .select_related("vehicle", "driver")
            .annotate(
                stop_count=Count("stops"),
                totes=Sum("stops__totes"),
                weight_g=Sum("stops__weight_g"),
            )
        )

    @admin.display(description=_("route"))
    def route(self, trip: Trip) -> str:
        """The route number as a link to its stops."""
        address = reverse("admin:fulfillment_trip_change", args=[trip.pk])
        return format_html('<a href="{}">{}</a>', address, trip)


@admin.register(DeliveryRun)
class DeliveryRunAdmin(ShownAdmin[DeliveryRun]):
    """Accepted route plans with how each was found."""

    num_cost = yuan("cost_fen", _("cost"))
    num_distance = Column("distance_m", _("distance"), km_text, "distance_m")
    num_trips = figure("trip_count", _("trips"))
    num_vehicles = figure("vehicle_count", _("vehicles"))
    num_solver_seconds = figure("solver_seconds", _("solver seconds"))
    shown_planned_at = moment("planned_at", _("planned at"))
    shown_published_at = moment("published_at", _("published at"))
    list_display = (
        "run_no",
        "warehouse",
        "state",
        "revision",
        "num_vehicles",
        "num_trips",
        "num_distance",
        "num_cost",
        "engine",
        "seed",
        "num_solver_seconds",
        "shown_planned_at",
        "shown_published_at",
    )
    list_filter = ("state", "engine", "warehouse")
    list_select_related = ("warehouse",)
    search_fields = ("run_no", "cutoff_run__campaign__code")
    fields = (
        ("run_no", "warehouse", "state", "revision"),
        ("num_vehicles", "num_trips", "num_distance", "num_cost"),
        ("engine", "seed", "num_solver_seconds", "shown_planned_at"),
        ("shown_published_at", "published_by"),
    )
    inlines = (TripInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeliveryRun]:
        """Count trips and vehicles in the same query."""
        return (
            super()
            .get_queryset(request)
            .annotate(
                trip_count=Count("trips"), vehicle_count=Count("trips__vehicle", distinct=True)
            )
        )


class StopInline(ShownInline[Stop, Trip]):
    """The drops in the order they are driven to."""

    model = Stop
    slot = Column("drop__slot_code", _("slot"), str)
    point = Column("drop__pickup_point__name", _("pickup point"), str)
    leader = Column("drop__pickup_point__leader", _("leader"), str)
    shown_arrive_at = moment("arrive_at", _("arrives at"))
    shown_depart_at = moment("depart_at", _("departs at"))
    num_totes = figure("totes", _("totes"))
    num_weight = Column("weight_g", _("weight"), kg_text)
    num_distance = Column("distance_m", _("distance"), km_text)
    fields = (
        "stop_seq",
        "slot",
        "point",
        "leader",
        "shown_arrive_at",
        "shown_depart_at",
        "num_totes",
        "num_weight",
        "num_distance",
        "state",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stop]:
        """Fetch drops, points and leaders in the same query."""
        return super().get_queryset(request).select_related("drop__pickup_point__leader")


@admin.register(Trip)
class TripAdmin(ShownAdmin[Trip]):
    """One tour of one vehicle with its stops."""

    shown_departs_at = moment("departs_at", _("departs at"))
    shown_returns_at = moment("returns_at", _("returns at"))
    num_return_distance = Column("return_distance_m", _("way back"), km_text)
    list_display = (
        "__str__",
        "delivery_run",
        "vehicle",
        "driver",
        "trip_no",
        "shown_departs_at",
        "shown_returns_at",
    )
    list_filter = ("delivery_run", "vehicle")
    list_select_related = ("delivery_run", "vehicle", "driver")
    search_fields = ("vehicle__code", "vehicle__plate", "delivery_run__run_no")
    fields = (
        ("route_no", "trip_no"),
        ("delivery_run", "vehicle", "driver"),
        ("shown_departs_at", "shown_returns_at", "num_return_distance"),
    )
    inlines = (StopInline,)
