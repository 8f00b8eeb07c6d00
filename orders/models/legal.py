"""What e-commerce law wants shown: the operator's licences, and rules with versions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RuleKind(models.TextChoices):
    """The pages of rules every resident can read."""

    TERMS = "terms", _("Terms of service")
    PRIVACY = "privacy", _("Privacy notice")
    AFTER_SALES = "after_sales", _("After-sales rules")


class RulePage(models.Model):
    """One version of a page of rules; a published version is never changed."""

    kind = models.CharField(_("kind"), max_length=16, choices=RuleKind)
    version = models.CharField(_("version"), max_length=20)
    body = models.TextField(_("text"), help_text=_("Paragraphs, with an empty line between."))
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("page of rules")
        verbose_name_plural = _("pages of rules")
        ordering = ["kind", "-published_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "version"],
                name="rule_page_unique_version",
                violation_error_message=_("This version exists already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class Licence(models.Model):
    """A licence of the operator (亮照亮证), shown until it expires."""

    name = models.CharField(_("name"), max_length=60)
    holder = models.CharField(_("holder"), max_length=120)
    number = models.CharField(_("number"), max_length=60, unique=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    photo = models.ImageField(_("photo"), upload_to="licences/", blank=True)

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        ordering = ["name", "number"]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
