"""What residents ask about their data, what law makes us keep, and what was cleared away."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.models.residents import Resident


class PersonRequestKind(models.TextChoices):
    """The rights of Personal Information Protection Law, articles 44 to 47."""

    EXPORT = "export", _("A copy of the data")
    CORRECT = "correct", _("Correction")
    RESTRICT = "restrict", _("Restriction")
    ERASE = "erase", _("Erasure")


class PersonRequestState(models.TextChoices):
    """Where a request stands; the moves are in `orders.domain.lifecycle`."""

    OPEN = "open", pgettext_lazy("person request", "Open")
    DONE = "done", pgettext_lazy("person request", "Done")
    REFUSED = "refused", pgettext_lazy("person request", "Refused")


class PersonRequest(models.Model):
    """One thing a resident asks about their own data."""

    resident = models.ForeignKey(
        Resident,
        on_delete=models.PROTECT,
        related_name="person_requests",
        verbose_name=_("resident"),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=PersonRequestKind)
    state = models.CharField(
        _("state"), max_length=16, choices=PersonRequestState, default=PersonRequestState.OPEN
    )
    asked_at = models.DateTimeField(_("asked at"))
    due_at = models.DateTimeField(_("due at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken down by"),
        help_text=_("Empty: the resident, on their own page."),
    )
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handled by"),
    )
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("person request")
        verbose_name_plural = _("person requests")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=PersonRequestKind.values, state__in=PersonRequestState.values
                ),
                name="person_request_kind_and_state_known",
                violation_error_message=_("Unknown kind or state."),
            ),
            models.UniqueConstraint(
                fields=["resident", "kind"],
                condition=models.Q(state="open"),
                name="person_request_one_open_per_kind",
                violation_error_message=_("This is asked for already."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", handled_at__isnull=True)
                | (~models.Q(state="open") & models.Q(handled_at__isnull=False)),
                name="person_request_handled_at_a_moment",
                violation_error_message=_("What is handled says when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.resident_id}"


class LegalHold(models.Model):
    """Who a trade was with, sealed until the law lets go (E-Commerce Law, article 31).

    The only place that still knows an erased person; nothing reads it but an
    authority's question.
    """

    resident = models.OneToOneField(
        Resident, on_delete=models.PROTECT, related_name="legal_hold", verbose_name=_("resident")
    )
    sealed = models.TextField(_("sealed data"))
    kept_until = models.DateField(_("kept until"))
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["kept_until", "pk"]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.kept_until}"


class RetentionRecord(models.Model):
    """What one clearing-away did to one class of records."""

    record_class = models.CharField(_("class of records"), max_length=40)
    cleared_at = models.DateTimeField(_("cleared at"))
    older_than = models.DateTimeField(_("older than"))
    rows = models.PositiveIntegerField(_("rows"))

    class Meta:
        verbose_name = _("retention record")
        verbose_name_plural = _("retention records")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.record_class} {self.rows}"
