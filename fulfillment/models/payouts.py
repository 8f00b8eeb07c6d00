"""Paying leaders: batches two people stand for, transfers, and the tax withheld."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fulfillment.models.settlement import SettlementStatement
from leaders.models.leaders import Leader


class PayoutChannel(models.TextChoices):
    """How leaders are paid."""

    WECHAT = "wechat", _("WeChat transfer")
    BANK_FILE = "bank_file", _("Bank file")


class PayoutBatchState(models.TextChoices):
    """Where a batch of payouts stands."""

    PREPARED = "prepared", _("Prepared")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class PayoutBatch(models.Model):
    """Payouts that one person prepared and another approves."""

    batch_no = models.CharField(_("batch no."), max_length=40, unique=True)
    channel = models.CharField(_("channel"), max_length=16, choices=PayoutChannel)
    state = models.CharField(
        _("state"), max_length=16, choices=PayoutBatchState, default=PayoutBatchState.PREPARED
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("prepared by"),
    )
    prepared_at = models.DateTimeField(_("prepared at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("payout batch")
        verbose_name_plural = _("payout batches")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by=F("prepared_by")),
                name="payout_batch_of_two_people",
                violation_error_message=_("Who prepared a batch does not approve it."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state=PayoutBatchState.PREPARED,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | (
                    ~Q(state=PayoutBatchState.PREPARED)
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="payout_batch_decided_by_somebody",
                violation_error_message=_("A decided batch carries who decided it and when."),
            ),
        ]

    def __str__(self) -> str:
        return self.batch_no


class PayoutState(models.TextChoices):
    """Where a payout stands; the moves are in `fulfillment.domain.lifecycle`."""

    PREPARED = "prepared", _("Prepared")
    REFUSED = "refused", _("Refused")
    APPROVED = "approved", _("Approved")
    SUBMITTED = "submitted", _("Sent")
    WAIT_CONFIRM = "wait_confirm", _("Waiting for the leader to confirm")
    PAID = "paid", _("Paid out")
    EXPIRED = "expired", _("Not confirmed in time")
    FAILED = "failed", _("Failed")


# A payout that may still pay; a statement has at most one.
LIVE_PAYOUT_STATES = (
    PayoutState.PREPARED,
    PayoutState.APPROVED,
    PayoutState.SUBMITTED,
    PayoutState.WAIT_CONFIRM,
    PayoutState.PAID,
)


class Payout(models.Model):
    """One transfer of one statement's net to its leader, under one number until heard."""

    payout_no = models.CharField(_("payout no."), max_length=40, unique=True)
    batch = models.ForeignKey(
        PayoutBatch, on_delete=models.PROTECT, related_name="payouts", verbose_name=_("batch")
    )
    statement = models.ForeignKey(
        SettlementStatement,
        on_delete=models.PROTECT,
        related_name="payouts",
        verbose_name=_("settlement statement"),
    )
    amount_fen = models.PositiveBigIntegerField(_("amount (fen)"))
    state = models.CharField(
        _("state"), max_length=16, choices=PayoutState, default=PayoutState.PREPARED
    )
    provider_no = models.CharField(_("number at the provider"), max_length=80, blank=True)
    confirm_with = models.TextField(
        _("opens the confirmation"),
        blank=True,
        help_text=_("What the provider's app needs to ask the leader; empty when nothing waits."),
    )
    confirm_by = models.DateTimeField(_("to be confirmed by"), null=True, blank=True)
    next_query_at = models.DateTimeField(_("ask again at"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement"],
                condition=Q(state__in=LIVE_PAYOUT_STATES),
                name="payout_one_live_per_statement",
                violation_error_message=_("This statement is being paid already."),
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0),
                name="payout_amount_positive",
                violation_error_message=_("A payout is a positive amount."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_query_at"],
                condition=Q(next_query_at__isnull=False),
                name="payout_by_next_query",
            ),
        ]

    def __str__(self) -> str:
        return self.payout_no


class TaxMethod(models.TextChoices):
    """How tax on an individual's commission is withheld."""

    NONE = "none", _("Not withheld")
    CUMULATIVE = "cumulative", _("Cumulative withholding")


class TaxWithholding(models.Model):
    """The tax of one statement with the cumulative figures it was computed from."""

    statement = models.OneToOneField(
        SettlementStatement,
        on_delete=models.PROTECT,
        related_name="tax_withholding",
        verbose_name=_("settlement statement"),
    )
    leader = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="tax_withholdings", verbose_name=_("leader")
    )
    method = models.CharField(_("method"), max_length=16, choices=TaxMethod)
    month = models.DateField(_("month"), help_text=_("The first day of the tax month."))
    income_fen = models.PositiveBigIntegerField(_("income (fen)"))
    year_income_fen = models.PositiveBigIntegerField(_("income of the year so far (fen)"))
    months = models.PositiveSmallIntegerField(_("consecutive months"))
    year_taxable_fen = models.PositiveBigIntegerField(_("taxable of the year so far (fen)"))
    rate_bp = models.PositiveIntegerField(_("rate (basis points)"))
    quick_deduction_fen = models.PositiveBigIntegerField(_("quick deduction (fen)"))
    year_tax_fen = models.PositiveBigIntegerField(_("tax of the year so far (fen)"))
    tax_fen = models.PositiveBigIntegerField(_("tax withheld (fen)"))

    class Meta:
        verbose_name = _("tax withholding")
        verbose_name_plural = _("tax withholdings")
        ordering = ["-month", "leader", "-pk"]
        indexes = [models.Index(fields=["leader", "month"], name="tax_withholding_by_leader")]
        constraints = [
            models.CheckConstraint(
                condition=Q(tax_fen__lte=F("income_fen")),
                name="tax_withholding_within_income",
                violation_error_message=_("No more tax is withheld than is earned."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.tax_fen}"
