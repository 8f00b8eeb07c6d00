"""What a driver's phone reports, and the proofs it sends; rows are only added."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.delivery import Driver, Stop, Trip


class DriverEventKind(models.TextChoices):
    """What a driver did."""

    DEPART = "depart", _("Left the warehouse")
    ARRIVE = "arrive", _("Arrived")
    COUNT = "count", _("Counted totes")
    HAND_OVER = "hand_over", _("Handed over")
    FAIL = "fail", _("Could not deliver")
    UNDO = "undo", _("Took it back")
    NOTE = "note", _("Note")
    POSITION = "position", _("Position")
    RETURN = "return", _("Back at the warehouse")


class DriverEventOutcome(models.TextChoices):
    """What became of an event on the server."""

    APPLIED = "applied", _("Applied")
    WAITING = "waiting", _("Waiting for the time to undo")
    UNDONE = "undone", _("Undone")
    REFUSED = "refused", _("Refused")


class DriverEvent(models.Model):
    """One action on a driver's phone; the phone makes its id, so it counts once.

    `device_at` is the phone's clock and proves nothing; `received_at` is ours.
    The row never changes; what became of it is in its `DriverEventResult`.
    """

    event_id = models.UUIDField(_("event"), unique=True, default=uuid.uuid4)
    trip = models.ForeignKey(
        Trip, on_delete=models.PROTECT, related_name="driver_events", verbose_name=_("trip")
    )
    stop = models.ForeignKey(
        Stop,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="driver_events",
        verbose_name=_("stop"),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=DriverEventKind)
    body = models.JSONField(_("what was entered"), default=dict)
    lng = models.FloatField(_("longitude (WGS-84)"), null=True, blank=True)
    lat = models.FloatField(_("latitude (WGS-84)"), null=True, blank=True)
    accuracy_m = models.PositiveIntegerField(_("accuracy (m)"), null=True, blank=True)
    device = models.CharField(_("device"), max_length=60, blank=True)
    device_at = models.DateTimeField(_("at, by the phone"))
    received_at = models.DateTimeField(_("received at"))
    driver = models.ForeignKey(
        Driver,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("driver"),
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("entered by"),
    )

    class Meta:
        verbose_name = _("driver event")
        verbose_name_plural = _("driver events")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lng__isnull=True, lat__isnull=True)
                | models.Q(lng__isnull=False, lat__isnull=False),
                name="driver_event_place_whole",
                violation_error_message=_("A place has a longitude and a latitude."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trip_id} {self.kind}"


class DriverEventResult(models.Model):
    """What the server made of a driver's event."""

    event = models.OneToOneField(
        DriverEvent,
        on_delete=models.PROTECT,
        related_name="result",
        verbose_name=_("driver event"),
    )
    outcome = models.CharField(_("outcome"), max_length=16, choices=DriverEventOutcome)
    applies_at = models.DateTimeField(
        _("applies at"), null=True, blank=True, help_text=_("Until then it can be undone.")
    )
    said = models.CharField(_("what was said"), max_length=300, blank=True)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("driver event result")
        verbose_name_plural = _("driver event results")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.event_id} {self.outcome}"


class ProofKind(models.TextChoices):
    """What a proof shows."""

    PHOTO = "photo", _("Photo")
    SIGNATURE = "signature", _("Signature")


class DeliveryProof(models.Model):
    """A picture that belongs to one stop, however late it arrives."""

    proof_id = models.UUIDField(_("proof"), unique=True, default=uuid.uuid4)
    stop = models.ForeignKey(
        Stop, on_delete=models.PROTECT, related_name="proofs", verbose_name=_("stop")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=ProofKind)
    picture = models.ImageField(_("picture"), upload_to="proofs/%Y/%m/")
    device_at = models.DateTimeField(_("at, by the phone"))
    received_at = models.DateTimeField(_("received at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("entered by"),
    )

    class Meta:
        verbose_name = _("delivery proof")
        verbose_name_plural = _("delivery proofs")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.stop_id} {self.kind}"
