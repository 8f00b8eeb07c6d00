"""Who is paid for a leader's service; identity and bank data are sealed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leaders.models.leaders import Leader


class PayeeKind(models.TextChoices):
    """In which form a leader earns; it decides who withholds tax."""

    INDIVIDUAL = "individual", _("Individual")
    SOLE_TRADER = "sole_trader", _("Sole trader")
    COMPANY = "company", _("Company")


class Payee(models.Model):
    """The person or firm a leader's commission is paid to.

    The sealed fields hold ciphertext of `leaders.integrations.sealing`; pages
    show the last four digits only.
    """

    leader = models.OneToOneField(
        Leader, on_delete=models.PROTECT, related_name="payee", verbose_name=_("leader")
    )
    kind = models.CharField(
        _("kind"), max_length=16, choices=PayeeKind, default=PayeeKind.INDIVIDUAL
    )
    legal_name = models.CharField(_("legal name"), max_length=60)
    id_no_sealed = models.TextField(_("identity or licence number (sealed)"))
    id_no_last4 = models.CharField(_("identity number, last four"), max_length=4)
    bank_name = models.CharField(_("bank"), max_length=60, blank=True)
    bank_account_sealed = models.TextField(_("bank account (sealed)"), blank=True)
    bank_account_last4 = models.CharField(_("bank account, last four"), max_length=4, blank=True)
    wechat_openid = models.CharField(_("WeChat openid"), max_length=64, blank=True)
    consented_at = models.DateTimeField(
        _("consented at"), help_text=_("To keeping identity and bank data for payment and tax.")
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verified by"),
    )

    class Meta:
        verbose_name = _("payee")
        verbose_name_plural = _("payees")
        ordering = ["leader"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verified_at__isnull=True, verified_by__isnull=True)
                | models.Q(verified_at__isnull=False, verified_by__isnull=False),
                name="payee_verified_by_somebody",
                violation_error_message=_("A verified payee carries who verified it and when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leader_id} {self.kind}"
