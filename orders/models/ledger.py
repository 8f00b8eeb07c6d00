"""The ledger: accounts and transfers. Append-only; only its service writes it.

A transfer has one debit, one credit and one positive amount of fen, so the
books balance by construction. A correction is a new transfer that names the
one it reverses. The trigger of migration `ledger_append_only` refuses any
UPDATE, DELETE or TRUNCATE.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.orders import Order


class Account(models.Model):
    """A place value can be in; its balance is the sum of its transfers."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=30)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Transfer(models.Model):
    """One movement of fen from the credit account to the debit account."""

    debit = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="debits", verbose_name=_("debit")
    )
    credit = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="credits", verbose_name=_("credit")
    )
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    event = models.CharField(_("business event"), max_length=40)
    idem_key = models.CharField(_("idempotency key"), max_length=120, unique=True)
    ref_type = models.CharField(_("business document"), max_length=30)
    ref_id = models.CharField(_("document no."), max_length=80)
    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="transfers",
        verbose_name=_("order"),
    )
    reverses = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        verbose_name=_("reverses"),
    )
    business_date = models.DateField(_("business date"))
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0),
                name="transfer_amount_positive",
                violation_error_message=_("A transfer is a positive amount."),
            ),
            models.CheckConstraint(
                condition=~models.Q(debit=models.F("credit")),
                name="transfer_between_two_accounts",
                violation_error_message=_("Debit and credit must differ."),
            ),
            models.CheckConstraint(
                condition=~models.Q(ref_type="") & ~models.Q(ref_id=""),
                name="transfer_has_business_reference",
                violation_error_message=_("A transfer names its business document."),
            ),
        ]
        indexes = [
            models.Index(fields=["business_date", "event"], name="transfer_by_date_event"),
        ]

    def __str__(self) -> str:
        return self.idem_key


class DailyBalance(models.Model):
    """The closed sums of one account on one day; later days start from here."""

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="daily_balances", verbose_name=_("account")
    )
    business_date = models.DateField(_("business date"))
    debit_fen = models.PositiveBigIntegerField(_("debits (fen)"))
    credit_fen = models.PositiveBigIntegerField(_("credits (fen)"))
    closed_at = models.DateTimeField(_("closed at"))

    class Meta:
        verbose_name = _("daily balance")
        verbose_name_plural = _("daily balances")
        ordering = ["-business_date", "account"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "business_date"],
                name="daily_balance_unique",
                violation_error_message=_("This day is closed already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.business_date}"
