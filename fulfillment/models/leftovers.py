"""Leftovers (余货): accepted pieces nobody got, with the day they are from.

A balance is the sum of its movements; what is left goes into the need of the
next campaign before anything is bought.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.cutoff_run import CutoffRun
from orders.models.catalogue import Sku


class LeftoverKind(models.TextChoices):
    """What happened to leftover pieces."""

    KEPT = "kept", _("Kept on the shelf")
    USED = "used", _("Used for a campaign")
    RETURNED = "returned", _("Returned to the supplier")
    GIVEN = "given", _("Given as a sample")
    DISPOSED = "disposed", _("Disposed of")


class LeftoverMovement(models.Model):
    """Pieces put on the shelf (above 0) or taken from it (below); rows are only added."""

    origin_run = models.ForeignKey(
        CutoffRun,
        on_delete=models.PROTECT,
        related_name="leftovers",
        verbose_name=_("left over from"),
    )
    used_run = models.ForeignKey(
        CutoffRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leftovers_used",
        verbose_name=_("used for"),
    )
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="leftovers", verbose_name=_("SKU")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=LeftoverKind)
    qty = models.IntegerField(_("pieces"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("noted by"),
    )

    class Meta:
        verbose_name = _("leftover movement")
        verbose_name_plural = _("leftover movements")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=LeftoverKind.KEPT, qty__gt=0)
                | (~models.Q(kind=LeftoverKind.KEPT) & models.Q(qty__lt=0)),
                name="leftover_kept_comes_else_goes",
                violation_error_message=_("What is kept comes in, everything else goes out."),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=LeftoverKind.USED) | models.Q(used_run__isnull=False),
                name="leftover_used_names_run",
                violation_error_message=_("Say which campaign the pieces were used for."),
            ),
            models.UniqueConstraint(
                fields=["origin_run", "sku"],
                condition=models.Q(kind=LeftoverKind.KEPT),
                name="leftover_kept_once_per_day",
                violation_error_message=_("The leftovers of this day are on the shelf already."),
            ),
        ]
        indexes = [models.Index(fields=["sku", "origin_run"], name="leftover_by_sku_and_day")]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.qty:+d}"
