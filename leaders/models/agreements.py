"""The agreement leaders work under, version by version, and who agreed to which."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leaders.models.applications import LeaderApplication
from leaders.models.leaders import Leader


class Agreement(models.Model):
    """One version of the agreement; a published version is never changed."""

    version = models.CharField(_("version"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), help_text=_("Paragraphs, with an empty line between."))
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-published_at"]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"


class AgreementConsent(models.Model):
    """One person agreed to one version, by typing their name; rows are only ever added."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="consents", verbose_name=_("agreement")
    )
    application = models.ForeignKey(
        LeaderApplication,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name=_("leader application"),
    )
    leader = models.ForeignKey(
        Leader,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name=_("leader"),
        help_text=_("For a later version, agreed to by somebody who is a leader already."),
    )
    signed_name = models.CharField(_("signed as"), max_length=60)
    agreed_at = models.DateTimeField(_("agreed at"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(application__isnull=True, leader__isnull=False)
                | Q(application__isnull=False, leader__isnull=True),
                name="agreement_consent_of_one_party",
                violation_error_message=_("A consent belongs to an application or to a leader."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "application"],
                condition=Q(application__isnull=False),
                name="agreement_consent_once_per_application",
                violation_error_message=_("This version is agreed to already."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "leader"],
                condition=Q(leader__isnull=False),
                name="agreement_consent_once_per_leader",
                violation_error_message=_("This version is agreed to already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.pk}"
