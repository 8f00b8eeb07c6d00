"""The way of a tote (周转筐) as events, and who has how many."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.delivery import Trip, Vehicle
from fulfillment.models.warehouse import Tote, ToteState
from leaders.models.leaders import Leader


class ToteEvent(models.Model):
    """One move of one tote; rows are only added."""

    event_id = models.UUIDField(_("event"), unique=True, default=uuid.uuid4)
    tote = models.ForeignKey(
        Tote, on_delete=models.PROTECT, related_name="events", verbose_name=_("tote")
    )
    from_state = models.CharField(_("from"), max_length=16, choices=ToteState)
    to_state = models.CharField(_("to"), max_length=16, choices=ToteState)
    trip = models.ForeignKey(
        Trip,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tote_events",
        verbose_name=_("trip"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    device = models.CharField(_("device"), max_length=60, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("tote event")
        verbose_name_plural = _("tote events")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.tote_id}: {self.to_state}"


class ToteCount(models.Model):
    """Totes that went to a holder or came back; rows are only added.

    A holder is a leader, or the vehicle of a driver. What a holder has is the
    sum of `out_qty` less the sum of `in_qty`.
    """

    event_id = models.UUIDField(_("event"), unique=True, default=uuid.uuid4)
    leader = models.ForeignKey(
        Leader,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tote_counts",
        verbose_name=_("leader"),
    )
    vehicle = models.ForeignKey(
        Vehicle,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tote_counts",
        verbose_name=_("vehicle"),
    )
    trip = models.ForeignKey(
        Trip,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tote_counts",
        verbose_name=_("trip"),
    )
    out_qty = models.PositiveIntegerField(_("out"), default=0)
    in_qty = models.PositiveIntegerField(_("back"), default=0)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("tote count")
        verbose_name_plural = _("tote counts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(leader__isnull=False, vehicle__isnull=True)
                | models.Q(leader__isnull=True, vehicle__isnull=False),
                name="tote_count_has_one_holder",
                violation_error_message=_("Totes are with a leader or with a vehicle."),
            ),
            models.CheckConstraint(
                condition=models.Q(out_qty__gt=0) | models.Q(in_qty__gt=0),
                name="tote_count_moves_something",
                violation_error_message=_("A count moves at least one tote."),
            ),
        ]

    def __str__(self) -> str:
        return f"+{self.out_qty} -{self.in_qty}"


class LoadCheck(models.Model):
    """A trip's load, checked against the sealed totes and signed for."""

    trip = models.OneToOneField(
        Trip, on_delete=models.PROTECT, related_name="load_check", verbose_name=_("trip")
    )
    loaded_totes = models.PositiveIntegerField(_("totes loaded"))
    missing_totes = models.PositiveIntegerField(_("totes missing"), default=0)
    missing_reason = models.CharField(_("why totes are missing"), max_length=200, blank=True)
    driver_name = models.CharField(_("driver"), max_length=60)
    signed_at = models.DateTimeField(_("signed at"))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("signed by"),
    )

    class Meta:
        verbose_name = _("load check")
        verbose_name_plural = _("load checks")
        ordering = ["-signed_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(missing_totes=0) | ~models.Q(missing_reason=""),
                name="load_check_missing_has_reason",
                violation_error_message=_("Say why totes are missing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trip_id}"
