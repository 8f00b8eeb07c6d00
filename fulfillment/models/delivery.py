"""Vehicles, delivery runs (配送批次), trips (趟次) and stops (停靠点)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.warehouse import Drop, Warehouse


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


class Vehicle(models.Model):
    """A vehicle with its limits, its shift (local time) and what it costs."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    plate = models.CharField(_("plate"), max_length=20)
    kind = models.CharField(_("kind"), max_length=30)
    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, related_name="vehicles", verbose_name=_("warehouse")
    )
    capacity_g = models.PositiveIntegerField(_("capacity (g)"))
    capacity_totes = models.PositiveIntegerField(_("capacity (totes)"))
    fixed_cost_fen = models.PositiveIntegerField(_("fixed cost (fen)"))
    cost_per_km_fen = models.PositiveIntegerField(_("cost per km (fen)"))
    cost_per_hour_fen = models.PositiveIntegerField(_("cost per hour (fen)"))
    shift_start = models.TimeField(_("shift starts"))
    shift_end = models.TimeField(_("shift ends"))
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
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.plate}"


class DeliveryRun(models.Model):
    """The accepted route plan of a run, with how it was found."""

    run_no = models.CharField(_("delivery run no."), max_length=40, unique=True)
    cutoff_run = models.OneToOneField(
        CutoffRun,
        on_delete=models.PROTECT,
        related_name="delivery_run",
        verbose_name=_("cut-off run"),
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

    class Meta:
        verbose_name = _("delivery run")
        verbose_name_plural = _("delivery runs")
        ordering = ["-planned_at"]

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
        _("route"), help_text=_("Unique in the delivery run; the first half of the slot code.")
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
    """One drop on one trip, with its planned times and load."""

    trip = models.ForeignKey(
        Trip, on_delete=models.PROTECT, related_name="stops", verbose_name=_("trip")
    )
    stop_seq = models.PositiveSmallIntegerField(_("stop"))
    drop = models.OneToOneField(
        Drop, on_delete=models.PROTECT, related_name="stop", verbose_name=_("drop")
    )
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

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        ordering = ["trip", "stop_seq"]
        constraints = [
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
