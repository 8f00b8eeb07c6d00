"""Handover to the leader (交接签收) and pickup by the resident (自提核销)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.delivery import Stop
from orders.models.orders import Order


class HandoverState(models.TextChoices):
    """What driver and leader agree on; the moves are in `fulfillment.domain.lifecycle`."""

    PENDING = "pending", _("Pending")
    COUNTED = "counted", _("Counted")
    SIGNED = "signed", _("Signed")
    UNSIGNED = "unsigned", _("Left unsigned")
    ACCEPTED = "accepted", _("Accepted")
    DISPUTED = "disputed", _("Disputed")


class Handover(models.Model):
    """What the leader took from the driver at the door."""

    stop = models.OneToOneField(
        Stop, on_delete=models.PROTECT, related_name="handover", verbose_name=_("stop")
    )
    state = models.CharField(
        _("state"), max_length=16, choices=HandoverState, default=HandoverState.PENDING
    )
    totes_delivered = models.PositiveIntegerField(_("totes delivered"))
    empties_returned = models.PositiveIntegerField(_("empty totes returned"), default=0)
    confirmed_at = models.DateTimeField(_("confirmed at"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-confirmed_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=[HandoverState.UNSIGNED, HandoverState.DISPUTED])
                | ~models.Q(note=""),
                name="handover_difference_has_note",
                violation_error_message=_("Say in a note what was different."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stop_id}"


class Pickup(models.Model):
    """A resident took the goods of an order."""

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="pickup", verbose_name=_("order")
    )
    picked_up_at = models.DateTimeField(_("picked up at"))
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("verified by"),
    )

    class Meta:
        verbose_name = _("pickup")
        verbose_name_plural = _("pickups")
        ordering = ["-picked_up_at"]

    def __str__(self) -> str:
        return f"{self.order_id}"
