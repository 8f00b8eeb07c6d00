"""Daily reconciliation (对账) of our books with a provider's bill, and nightly checks."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class BillCheck(models.Model):
    """One day of one provider compared with its bill."""

    provider = models.CharField(_("provider"), max_length=20)
    bill_date = models.DateField(_("bill date"))
    checked_at = models.DateTimeField(_("checked at"))
    payments = models.PositiveIntegerField(_("payments in the bill"))
    payments_fen = models.PositiveBigIntegerField(_("paid in the bill (fen)"))
    refunds = models.PositiveIntegerField(_("refunds in the bill"))
    refunds_fen = models.PositiveBigIntegerField(_("refunded in the bill (fen)"))
    fee_fen = models.BigIntegerField(_("fees in the bill (fen)"))

    class Meta:
        verbose_name = _("bill check")
        verbose_name_plural = _("bill checks")
        ordering = ["-bill_date", "provider"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "bill_date"],
                name="bill_check_unique",
                violation_error_message=_("This bill has been checked already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.bill_date}"


class DifferenceKind(models.TextChoices):
    """How our books and the bill can disagree."""

    PAYMENT_MISSING_IN_BILL = "payment_missing_in_bill", _("Payment missing in the bill")
    PAYMENT_UNKNOWN_TO_US = "payment_unknown_to_us", _("Payment unknown to us")
    PAYMENT_AMOUNT = "payment_amount", _("Payment of another amount")
    PAYMENT_STATE = "payment_state", _("Payment in another state")
    REFUND_MISSING_IN_BILL = "refund_missing_in_bill", _("Refund missing in the bill")
    REFUND_UNKNOWN_TO_US = "refund_unknown_to_us", _("Refund unknown to us")
    REFUND_AMOUNT = "refund_amount", _("Refund of another amount")
    REFUND_STATE = "refund_state", _("Refund in another state")
    DUPLICATE_ROW = "duplicate_row", _("Row twice in the bill")
    TOTALS = "totals", _("The bill's own totals are wrong")


class BillDifference(models.Model):
    """One disagreement, until a person has cleared it up."""

    check_of = models.ForeignKey(
        BillCheck,
        on_delete=models.PROTECT,
        related_name="differences",
        verbose_name=_("bill check"),
    )
    kind = models.CharField(_("kind"), max_length=32, choices=DifferenceKind)
    number = models.CharField(
        _("number"), max_length=64, help_text=_("Merchant order or refund number.")
    )
    ours_fen = models.BigIntegerField(_("ours (fen)"), null=True, blank=True)
    theirs_fen = models.BigIntegerField(_("theirs (fen)"), null=True, blank=True)
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )
    resolution = models.CharField(_("resolution"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("bill difference")
        verbose_name_plural = _("bill differences")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_of", "kind", "number"],
                name="bill_difference_unique",
                violation_error_message=_("This difference is listed already."),
            ),
            models.CheckConstraint(
                condition=models.Q(resolved_at__isnull=True)
                | (models.Q(resolved_by__isnull=False) & ~models.Q(resolution="")),
                name="bill_difference_resolved_has_reason",
                violation_error_message=_("Say how the difference was cleared up."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class BooksCheck(models.Model):
    """What one check of the books found; payouts wait while the last one found anything."""

    checked_at = models.DateTimeField(_("checked at"))
    violations = models.PositiveIntegerField(_("violations"))
    findings = models.JSONField(_("findings"), default=list, blank=True)

    class Meta:
        verbose_name = _("books check")
        verbose_name_plural = _("books checks")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.checked_at:%Y-%m-%d %H:%M} {self.violations}"
