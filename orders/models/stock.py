"""Stock of capped offers, and how much of a limit a resident has used.

An offer without a cap has no row here: it is bought to order, and placing an
order for it touches no row that others touch. A counter holds what is sold or
held for a payment; it never drifts from the lines (`check_books`).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.campaigns import Offer
from orders.models.residents import Resident


class OfferStock(models.Model):
    """One bucket of a capped offer; a hot offer is spread over several."""

    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, related_name="stocks", verbose_name=_("offer")
    )
    bucket = models.PositiveSmallIntegerField(_("bucket"), default=0)
    cap_qty = models.PositiveIntegerField(_("stock cap"))
    reserved_qty = models.PositiveIntegerField(_("reserved"), default=0)

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        ordering = ["offer", "bucket"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "bucket"],
                name="offer_stock_unique_bucket",
                violation_error_message=_("This offer already has this bucket."),
            ),
            models.CheckConstraint(
                condition=models.Q(reserved_qty__lte=models.F("cap_qty")),
                name="offer_stock_reserved_within_cap",
                violation_error_message=_("Never sell more than there is."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id}/{self.bucket}: {self.reserved_qty}/{self.cap_qty}"


class ResidentQuota(models.Model):
    """How many pieces of a limited offer a resident has ordered."""

    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, related_name="quotas", verbose_name=_("offer")
    )
    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, related_name="quotas", verbose_name=_("resident")
    )
    qty = models.PositiveIntegerField(_("quantity"))
    limit_qty = models.PositiveIntegerField(_("limit per resident"))

    class Meta:
        verbose_name = _("resident quota")
        verbose_name_plural = _("resident quotas")
        ordering = ["offer", "resident"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "resident"],
                name="resident_quota_unique",
                violation_error_message=_("This resident already has this quota."),
            ),
            models.CheckConstraint(
                condition=models.Q(qty__lte=models.F("limit_qty")),
                name="resident_quota_within_limit",
                violation_error_message=_("The limit per resident is reached."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id}/{self.resident_id}: {self.qty}/{self.limit_qty}"
