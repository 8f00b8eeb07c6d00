"""Warehouses (仓库), waves (波次), sort tasks, drops and totes (周转筐)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leaders.models.pickup_points import PickupPoint
from orders.models.catalogue import Sku, Storage


class SortMethod(models.TextChoices):
    """How a SKU is spread over the slots."""

    PUT_TO_LEADER = "put_to_leader", _("Put to leader")
    PICK_BY_LEADER = "pick_by_leader", _("Pick by leader")


class SortTaskState(models.TextChoices):
    """Where a sort task stands."""

    PENDING = "pending", _("Pending")
    SORTING = "sorting", _("Sorting")
    DONE = "done", _("Done")
    SHORT = "short", _("Short")


class ToteState(models.TextChoices):
    """Where a tote stands; the legal moves are in `fulfillment.domain.lifecycle`."""

    FREE = "free", _("Free")
    ASSIGNED = "assigned", _("Assigned")
    SEALED = "sealed", _("Sealed")
    LOADED = "loaded", _("Loaded")
    DELIVERED = "delivered", _("Delivered")
    EMPTY = "empty", _("Empty")
    LOST = "lost", _("Lost")


class DropLock(models.TextChoices):
    """What a dispatcher has fixed about a drop."""

    VEHICLE = "vehicle", _("Stays with its vehicle")
    PLACE = "place", _("Keeps its place on the trip")


class Warehouse(models.Model):
    """Where goods arrive, are sorted and leave; coordinates are WGS-84 degrees."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=200)
    lng = models.FloatField(_("longitude (WGS-84)"))
    lat = models.FloatField(_("latitude (WGS-84)"))
    city = models.CharField(
        _("city"),
        max_length=60,
        blank=True,
        db_default="",
        help_text=_("It serves the campaigns of this city. Empty: of every city without its own."),
    )
    hub = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="grids",
        verbose_name=_("goods come from"),
        help_text=_("The warehouse that sorts for this one. Empty where goods arrive."),
    )
    is_blind_count = models.BooleanField(
        _("blind count"),
        default=False,
        help_text=_("Whoever counts arrivals does not see what was ordered."),
    )

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lng__range=(73, 136), lat__range=(3, 54)),
                name="warehouse_in_china",
                violation_error_message=_("The place lies outside China."),
            ),
            models.CheckConstraint(
                condition=models.Q(hub__isnull=True) | ~models.Q(hub=models.F("pk")),
                name="warehouse_not_its_own_hub",
                violation_error_message=_("A warehouse does not supply itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ServedPoint(models.Model):
    """Which warehouse delivers to a pickup point; without a row it is the run's own."""

    pickup_point = models.OneToOneField(
        PickupPoint,
        on_delete=models.CASCADE,
        related_name="served_from",
        verbose_name=_("pickup point"),
    )
    warehouse = models.ForeignKey(
        Warehouse,
        on_delete=models.PROTECT,
        related_name="served_points",
        verbose_name=_("warehouse"),
    )

    class Meta:
        verbose_name = _("served point")
        verbose_name_plural = _("served points")
        ordering = ["pickup_point"]

    def __str__(self) -> str:
        return f"{self.pickup_point_id} ← {self.warehouse_id}"


class Wave(models.Model):
    """A batch that is sorted together; a run has one wave until it grows too large."""

    run = models.ForeignKey(
        "fulfillment.CutoffRun",
        on_delete=models.PROTECT,
        related_name="waves",
        verbose_name=_("cut-off run"),
    )
    code = models.CharField(_("code"), max_length=20, unique=True)
    is_two_stage = models.BooleanField(
        _("sorted in two stages"),
        default=False,
        help_text=_("First to the routes, then by each route's team to its slots."),
    )

    class Meta:
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class SortTask(models.Model):
    """One SKU to be spread over the slots of a wave."""

    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, related_name="sort_tasks", verbose_name=_("wave")
    )
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="sort_tasks", verbose_name=_("SKU")
    )
    method = models.CharField(_("method"), max_length=16, choices=SortMethod)
    state = models.CharField(
        _("state"), max_length=16, choices=SortTaskState, default=SortTaskState.PENDING
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    drops = models.PositiveIntegerField(_("drops"))
    left_over_qty = models.PositiveIntegerField(_("left over"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("finished by"),
    )
    sorter_name = models.CharField(_("sorter"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("sort task")
        verbose_name_plural = _("sort tasks")
        ordering = ["wave", "sku"]
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "sku"],
                name="sort_task_unique",
                violation_error_message=_("This wave already sorts this SKU."),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[SortTaskState.PENDING, SortTaskState.SORTING])
                | models.Q(finished_at__isnull=False, left_over_qty__isnull=False),
                name="sort_task_finished_has_moment",
                violation_error_message=_("A finished card says when, and what was left over."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id} {self.sku_id}"


class Drop(models.Model):
    """All goods of one pickup point in a wave: one slot on the floor, one stop."""

    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, related_name="drops", verbose_name=_("wave")
    )
    pickup_point = models.ForeignKey(
        PickupPoint,
        on_delete=models.PROTECT,
        related_name="drops",
        verbose_name=_("pickup point"),
    )
    slot_code = models.CharField(
        _("slot"),
        max_length=10,
        blank=True,
        help_text=_("Route and stop of the first plan; it stays when the plan changes."),
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    weight_g = models.PositiveIntegerField(_("weight (g)"))
    volume_ml = models.PositiveIntegerField(_("volume (ml)"))
    unserved_reason = models.CharField(_("why unserved"), max_length=60, blank=True)
    lock = models.CharField(
        _("lock"),
        max_length=16,
        choices=DropLock,
        blank=True,
        help_text=_("What a new plan must leave as it is."),
    )

    class Meta:
        verbose_name = _("drop")
        verbose_name_plural = _("drops")
        ordering = ["wave", "slot_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "pickup_point"],
                name="drop_unique_in_wave",
                violation_error_message=_("This wave already has a drop at this point."),
            ),
            models.UniqueConstraint(
                fields=["wave", "slot_code"],
                condition=~models.Q(slot_code=""),
                name="drop_slot_unique_in_wave",
                violation_error_message=_("This slot is taken."),
            ),
        ]

    def __str__(self) -> str:
        return self.slot_code or f"{self.pickup_point_id}"


class Tote(models.Model):
    """A box of one drop and one storage class; k of n is known from the rows."""

    drop = models.ForeignKey(
        Drop, on_delete=models.PROTECT, related_name="totes", verbose_name=_("drop")
    )
    storage = models.CharField(_("storage"), max_length=16, choices=Storage)
    seq = models.PositiveSmallIntegerField(_("number in its class"))
    plate_no = models.CharField(
        _("plate"), max_length=20, blank=True, help_text=_("Of a tote that comes back.")
    )
    state = models.CharField(
        _("state"), max_length=16, choices=ToteState, default=ToteState.ASSIGNED
    )

    class Meta:
        verbose_name = _("tote")
        verbose_name_plural = _("totes")
        ordering = ["drop", "storage", "seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["drop", "storage", "seq"],
                name="tote_unique_in_drop",
                violation_error_message=_("This tote already exists."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.drop_id} {self.storage} {self.seq}"
