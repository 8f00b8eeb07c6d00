"""Handover to the leader (交接签收) and pickup by the resident (自提核销)."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fulfillment.models.delivery import Stop
from fulfillment.models.exceptions import Cause
from orders.models.catalogue import Sku


class HandoverState(models.TextChoices):
    """What driver and leader agree on; the moves are in `fulfillment.domain.lifecycle`."""

    PENDING = "pending", _("Pending")
    COUNTED = "counted", _("Counted")
    SIGNED = "signed", _("Signed")
    UNSIGNED = "unsigned", _("Left unsigned")
    ACCEPTED = "accepted", pgettext_lazy("handover", "Accepted")
    DISPUTED = "disputed", _("Disputed")


class HandoverMethod(models.TextChoices):
    """How a handover was proved, the strongest first."""

    CODE = "code", _("Code from the leader's page")
    TAP = "tap", _("Leader tapped received")
    SIGNATURE = "signature", _("Signature on the phone")
    LEFT = "left", _("Left at the agreed place")
    PAPER = "paper", _("Signed paper")


class Handover(models.Model):
    """What the leader took from the driver at the door."""

    stop = models.OneToOneField(
        Stop, on_delete=models.PROTECT, related_name="handover", verbose_name=_("stop")
    )
    state = models.CharField(
        _("state"), max_length=16, choices=HandoverState, default=HandoverState.PENDING
    )
    method = models.CharField(
        _("proved by"), max_length=16, choices=HandoverMethod, default=HandoverMethod.PAPER
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
    claim_until = models.DateTimeField(
        _("differences until"),
        null=True,
        blank=True,
        help_text=_("Without a word until then the goods count as accepted."),
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
        help_text=_("Who let the driver leave the goods without the leader."),
    )

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


class HandoverCount(models.Model):
    """What the leader counted of one SKU; rows are only added, the last one counts."""

    event_id = models.UUIDField(_("event"), unique=True, default=uuid.uuid4)
    handover = models.ForeignKey(
        Handover, on_delete=models.PROTECT, related_name="counts", verbose_name=_("handover")
    )
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", verbose_name=_("SKU"))
    expected_qty = models.PositiveIntegerField(_("expected"))
    counted_qty = models.PositiveIntegerField(_("counted"))
    cause = models.CharField(_("cause"), max_length=16, choices=Cause, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    photo = models.ImageField(_("photo"), upload_to="handovers/%Y/%m/", blank=True)
    counted_at = models.DateTimeField(_("counted at"))
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("counted by"),
    )

    class Meta:
        verbose_name = _("handover count")
        verbose_name_plural = _("handover counts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(counted_qty=models.F("expected_qty")) | ~models.Q(cause=""),
                name="handover_count_difference_has_cause",
                violation_error_message=_("Say what is wrong with the goods."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handover_id} {self.sku_id}: {self.counted_qty}"
