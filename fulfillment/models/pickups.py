"""Residents fetch their goods (核销), and what becomes of goods nobody fetches."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leaders.models.pickup_points import PickupPoint
from orders.models.orders import Order


class PickupMethod(models.TextChoices):
    """How the leader knew whose goods they are."""

    CODE = "code", _("Pickup code")
    SCAN = "scan", _("Scanned")
    NAME = "name", _("By name")


class Pickup(models.Model):
    """An order was fetched; phones report it, perhaps long after and more than once.

    The event id is made by the page, so a report counts once. A mistake is
    undone on its row, and the order can be fetched again.
    """

    event_id = models.UUIDField(_("event id"), unique=True)
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="pickups", verbose_name=_("order")
    )
    pickup_point = models.ForeignKey(
        PickupPoint,
        on_delete=models.PROTECT,
        related_name="pickups",
        verbose_name=_("pickup point"),
    )
    method = models.CharField(
        pgettext_lazy("pickup", "method"), max_length=16, choices=PickupMethod
    )
    picked_up_at = models.DateTimeField(_("picked up at"), help_text=_("By the phone's clock."))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )

    class Meta:
        verbose_name = _("pickup")
        verbose_name_plural = _("pickups")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(undone_at__isnull=True),
                name="pickup_once_per_order",
                violation_error_message=_("This order has been fetched already."),
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="pickup_undone_by_somebody",
                violation_error_message=_("An undone pickup carries who undid it and when."),
            ),
        ]
        indexes = [
            models.Index(fields=["pickup_point", "recorded_at"], name="pickup_by_point"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}"


class DisposalKind(models.TextChoices):
    """What became of goods nobody fetched."""

    SPOILED = "spoiled", _("Spoiled and thrown away")
    GIVEN_AWAY = "given_away", _("Given away with the resident's word")
    STORED = "stored", _("Kept for the resident")


class Disposal(models.Model):
    """What a leader did with the goods of an order nobody fetched; rows are only ever added."""

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="disposal", verbose_name=_("order")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=DisposalKind)
    photo = models.ImageField(_("photo"), upload_to="disposals/", blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        verbose_name = _("disposal")
        verbose_name_plural = _("disposals")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"
