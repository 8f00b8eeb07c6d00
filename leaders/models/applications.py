"""Applications of people who want to become leaders."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leaders.models.leaders import Leader


class ApplicationState(models.TextChoices):
    """Where an application stands."""

    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class PointKind(models.TextChoices):
    """What kind of place the goods would land at."""

    SHOP = "shop", _("Shop")
    HOME = "home", _("Private home")
    PROPERTY = "property", _("Property office")


class LeaderApplication(models.Model):
    """One request to become a leader, kept with its review."""

    applicant_name = models.CharField(_("applicant"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20)
    community_name = models.CharField(_("community"), max_length=120)
    district = models.CharField(_("district"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=200)
    point_kind = models.CharField(_("kind of place"), max_length=16, choices=PointKind)
    lng = models.FloatField(_("longitude (WGS-84)"))
    lat = models.FloatField(_("latitude (WGS-84)"))
    state = models.CharField(
        _("state"), max_length=16, choices=ApplicationState, default=ApplicationState.SUBMITTED
    )
    submitted_at = models.DateTimeField(_("submitted at"))
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviewed_applications",
        verbose_name=_("reviewed by"),
    )
    review_note = models.CharField(_("review note"), max_length=200, blank=True)
    leader = models.OneToOneField(
        Leader,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="application",
        verbose_name=_("leader"),
    )

    class Meta:
        verbose_name = _("leader application")
        verbose_name_plural = _("leader applications")
        ordering = ["-submitted_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lng__range=(73, 136), lat__range=(3, 54)),
                name="leader_application_in_china",
                violation_error_message=_("The place lies outside China."),
            ),
            models.CheckConstraint(
                condition=models.Q(state=ApplicationState.SUBMITTED, reviewed_at__isnull=True)
                | models.Q(
                    state__in=[ApplicationState.APPROVED, ApplicationState.REJECTED],
                    reviewed_at__isnull=False,
                ),
                name="leader_application_reviewed_once_decided",
                violation_error_message=_("A decided application carries its review."),
            ),
            models.CheckConstraint(
                condition=models.Q(leader__isnull=True) | models.Q(state=ApplicationState.APPROVED),
                name="leader_application_leader_only_when_approved",
                violation_error_message=_("Only an approved application has a leader."),
            ),
            models.UniqueConstraint(
                fields=["phone"],
                condition=models.Q(state=ApplicationState.SUBMITTED),
                name="leader_application_one_open_per_phone",
                violation_error_message=_("This phone already has an open application."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.applicant_name} {self.community_name}"
