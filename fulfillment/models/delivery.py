"""Drivers, vehicles, delivery runs (配送批次), trips (趟次), stops (停靠点), line hauls (干线)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.warehouse import Drop, Warehouse
from leaders.models.pickup_points import VehicleSize


class DeliveryRunState(models.TextChoices):
    """Where a delivery run stands."""

    PLANNED = "planned", _("Planned")
    RELEASED = "released", _("Released")
    LOADING = "loading", _("Loading")
    DEPARTED = "departed", _("Departed")
    RETURNED = "returned", _("Returned")
    CANCELLED = "cancelled", _("Cancelled")


class StopState(models.TextChoices):
    """Where a stop stands."""

    PLANNED = "planned", _("Planned")
    ARRIVED = "arrived", _("Arrived")
    DELIVERED = "delivered", _("Delivered")
    PARTLY = "partly", _("Partly delivered")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")


class Driver(models.Model):
    """Who drives; `user` is the log-in of the driver's phone page."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="driver",
        verbose_name=_("log-in"),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("driver")
        verbose_name_plural = _("drivers")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Vehicle(models.Model):
    """A vehicle with its limits, its shift (local time) and what it costs.

    Its shift and break are those of its driver. A chilled vehicle keeps every
    tote cold, another one as many as it has insulated places.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    plate = models.CharField(_("plate"), max_length=20)
    kind = models.CharField(_("kind"), max_length=30)
    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, related_name="vehicles", verbose_name=_("warehouse")
    )
    capacity_g = models.PositiveIntegerField(_("capacity (g)"))
    capacity_totes = models.PositiveIntegerField(_("capacity (totes)"))
    capacity_ml = models.PositiveBigIntegerField(
        _("capacity (ml)"), null=True, blank=True, help_text=_("Empty where totes alone count.")
    )
    insulated_totes = models.PositiveIntegerField(_("insulated places (totes)"), default=0)
    size = models.PositiveSmallIntegerField(_("size"), choices=VehicleSize, default=VehicleSize.VAN)
    driver = models.ForeignKey(
        Driver,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="vehicles",
        verbose_name=_("driver"),
    )
    fixed_cost_fen = models.PositiveIntegerField(_("fixed cost (fen)"))
    cost_per_km_fen = models.PositiveIntegerField(_("cost per km (fen)"))
    cost_per_hour_fen = models.PositiveIntegerField(_("cost per hour (fen)"))
    shift_start = models.TimeField(_("shift starts"))
    shift_end = models.TimeField(_("shift ends"))
    overtime_minutes = models.PositiveSmallIntegerField(_("overtime at most (minutes)"), default=0)
    overtime_per_hour_fen = models.PositiveIntegerField(
        _("overtime per hour, on top (fen)"), default=0
    )
    break_minutes = models.PositiveSmallIntegerField(_("break (minutes)"), default=0)
    break_from = models.TimeField(_("break starts from"), null=True, blank=True)
    break_until = models.TimeField(_("break starts until"), null=True, blank=True)
    is_chilled = models.BooleanField(_("chilled"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(capacity_g__gt=0, capacity_totes__gt=0),
                name="vehicle_capacity_positive",
                violation_error_message=_("A vehicle carries something."),
            ),
            models.CheckConstraint(
                condition=models.Q(shift_start__lt=models.F("shift_end")),
                name="vehicle_shift_in_order",
                violation_error_message=_("The shift must start before it ends."),
            ),
            models.CheckConstraint(
                condition=models.Q(size__in=VehicleSize.values),
                name="vehicle_size_known",
                violation_error_message=_("Unknown vehicle size."),
            ),
            models.CheckConstraint(
                condition=models.Q(break_minutes=0)
                | models.Q(
                    break_from__isnull=False,
                    break_until__isnull=False,
                    break_from__lte=models.F("break_until"),
                ),
                name="vehicle_break_has_window",
                violation_error_message=_("Say from when until when the break may start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.plate}"


class DeliveryRun(models.Model):
    """The accepted route plan of a run from one warehouse, with how it was found."""

    run_no = models.CharField(_("delivery run no."), max_length=40, unique=True)
    cutoff_run = models.ForeignKey(
        CutoffRun,
        on_delete=models.PROTECT,
        related_name="delivery_runs",
        verbose_name=_("cut-off run"),
    )
    warehouse = models.ForeignKey(
        Warehouse,
        on_delete=models.PROTECT,
        related_name="delivery_runs",
        verbose_name=_("warehouse"),
    )
    state = models.CharField(
        _("state"), max_length=16, choices=DeliveryRunState, default=DeliveryRunState.PLANNED
    )
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    engine = models.CharField(_("engine"), max_length=60)
    seed = models.PositiveIntegerField(_("seed"))
    solver_seconds = models.PositiveIntegerField(_("solver seconds"))
    details = models.JSONField(_("versions, parameters and trajectory"), default=dict)
    cost_fen = models.PositiveBigIntegerField(_("cost (fen)"))
    distance_m = models.PositiveBigIntegerField(_("distance (m)"))
    planned_at = models.DateTimeField(_("planned at"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    class Meta:
        verbose_name = _("delivery run")
        verbose_name_plural = _("delivery runs")
        ordering = ["-planned_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["cutoff_run", "warehouse"],
                name="delivery_run_unique_of_warehouse",
                violation_error_message=_("This warehouse already has a plan for the run."),
            ),
        ]

    def __str__(self) -> str:
        return self.run_no


class Trip(models.Model):
    """One tour of one vehicle: out of the warehouse and back."""

    delivery_run = models.ForeignKey(
        DeliveryRun,
        on_delete=models.PROTECT,
        related_name="trips",
        verbose_name=_("delivery run"),
    )
    vehicle = models.ForeignKey(
        Vehicle, on_delete=models.PROTECT, related_name="trips", verbose_name=_("vehicle")
    )
    route_no = models.PositiveSmallIntegerField(
        _("route"), help_text=_("Unique in the cut-off run; the first half of the slot code.")
    )
    driver = models.ForeignKey(
        Driver,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="trips",
        verbose_name=_("driver"),
    )
    trip_no = models.PositiveSmallIntegerField(_("trip of the vehicle"))
    departs_at = models.DateTimeField(_("departs at"))
    returns_at = models.DateTimeField(_("returns at"))
    return_distance_m = models.PositiveIntegerField(_("way back (m)"))

    class Meta:
        verbose_name = _("trip")
        verbose_name_plural = _("trips")
        ordering = ["delivery_run", "route_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery_run", "route_no"],
                name="trip_route_no_unique",
                violation_error_message=_("This route number is taken."),
            ),
            models.UniqueConstraint(
                fields=["delivery_run", "vehicle", "trip_no"],
                name="trip_unique_of_vehicle",
                violation_error_message=_("This vehicle already has this trip."),
            ),
            models.CheckConstraint(
                condition=models.Q(departs_at__lt=models.F("returns_at")),
                name="trip_departs_before_it_returns",
                violation_error_message=_("A trip departs before it returns."),
            ),
        ]

    def __str__(self) -> str:
        return f"R{self.route_no:02d}"


class Stop(models.Model):
    """One drop on one trip, with its planned times and load.

    A drop that fits no vehicle is split by totes: its parts are stops of
    several trips, numbered from 1.
    """

    trip = models.ForeignKey(
        Trip, on_delete=models.PROTECT, related_name="stops", verbose_name=_("trip")
    )
    stop_seq = models.PositiveSmallIntegerField(_("stop"))
    drop = models.ForeignKey(
        Drop, on_delete=models.PROTECT, related_name="stops", verbose_name=_("drop")
    )
    part_no = models.PositiveSmallIntegerField(_("part"), default=1)
    state = models.CharField(
        _("state"), max_length=16, choices=StopState, default=StopState.PLANNED
    )
    totes = models.PositiveIntegerField(_("totes"))
    weight_g = models.PositiveIntegerField(_("weight (g)"))
    volume_ml = models.PositiveIntegerField(_("volume (ml)"))
    distance_m = models.PositiveIntegerField(_("from the stop before (m)"))
    arrive_at = models.DateTimeField(_("arrives at"))
    start_at = models.DateTimeField(_("unloading starts at"))
    depart_at = models.DateTimeField(_("departs at"))
    expected_at = models.DateTimeField(
        _("expected at"),
        null=True,
        blank=True,
        help_text=_("From where the driver is now; empty before the trip has started."),
    )
    late_told_at = models.DateTimeField(_("told to be late at"), null=True, blank=True)

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        ordering = ["trip", "stop_seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["drop", "part_no"],
                name="stop_part_unique_of_drop",
                violation_error_message=_("This part of the drop is on a trip already."),
            ),
            models.UniqueConstraint(
                fields=["trip", "stop_seq"],
                name="stop_unique_in_trip",
                violation_error_message=_("This trip already has this stop."),
            ),
            models.CheckConstraint(
                condition=models.Q(arrive_at__lte=models.F("start_at"))
                & models.Q(start_at__lte=models.F("depart_at")),
                name="stop_times_in_order",
                violation_error_message=_("A stop arrives, unloads and departs in this order."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trip_id}/{self.stop_seq}"


class Linehaul(models.Model):
    """One call of a hub's vehicle at a grid warehouse, with the totes of its drops."""

    cutoff_run = models.ForeignKey(
        CutoffRun,
        on_delete=models.PROTECT,
        related_name="linehauls",
        verbose_name=_("cut-off run"),
    )
    warehouse = models.ForeignKey(
        Warehouse,
        on_delete=models.PROTECT,
        related_name="linehauls",
        verbose_name=_("to warehouse"),
    )
    vehicle = models.ForeignKey(
        Vehicle, on_delete=models.PROTECT, related_name="linehauls", verbose_name=_("vehicle")
    )
    trip_no = models.PositiveSmallIntegerField(_("trip of the vehicle"))
    stop_seq = models.PositiveSmallIntegerField(_("stop"))
    totes = models.PositiveIntegerField(_("totes"))
    weight_g = models.PositiveIntegerField(_("weight (g)"))
    volume_ml = models.PositiveBigIntegerField(_("volume (ml)"))
    distance_m = models.PositiveIntegerField(_("from the stop before (m)"))
    leaves_at = models.DateTimeField(_("leaves the hub at"))
    arrive_at = models.DateTimeField(_("arrives at"))
    depart_at = models.DateTimeField(_("departs at"))

    class Meta:
        verbose_name = _("line haul")
        verbose_name_plural = _("line hauls")
        ordering = ["cutoff_run", "vehicle", "trip_no", "stop_seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["cutoff_run", "vehicle", "trip_no", "stop_seq"],
                name="linehaul_unique_in_trip",
                violation_error_message=_("This trip already has this stop."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} → {self.warehouse_id}"
