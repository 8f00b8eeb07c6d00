"""Applications of people who want to become leaders, from the first word to the log-in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leaders.models.invites import InviteCode
from leaders.models.leaders import Leader


class ApplicationState(models.TextChoices):
    """Where an application stands; the legal moves are in `leaders.domain.lifecycle`."""

    LEAD = "lead", _("Lead")
    CONTACTED = "contacted", _("Contacted")
    APPLIED = "applied", pgettext_lazy("application", "Applied")
    DOCUMENTS = "documents", _("Documents in order")
    SITE = "site", _("Place in order")
    TRAINED = "trained", _("Signed and trained")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


DECIDED_STATES = (ApplicationState.APPROVED, ApplicationState.REJECTED)


class PointKind(models.TextChoices):
    """What kind of place the goods would land at."""

    SHOP = "shop", _("Shop")
    HOME = "home", _("Private home")
    PROPERTY = "property", _("Property office")
    LOCKER = "locker", _("Locker")


class ApplicationSource(models.TextChoices):
    """How an application came in."""

    WEB = "web", _("Public page")
    STAFF = "staff", _("Entered by a recruiter")


class LeaderApplication(models.Model):
    """One request to become a leader, kept with its review.

    A lead may know no place yet; from `APPLIED` on there is one.
    """

    applicant_name = models.CharField(_("applicant"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20)
    source = models.CharField(
        _("source"), max_length=16, choices=ApplicationSource, default=ApplicationSource.WEB
    )
    invite = models.OneToOneField(
        InviteCode,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="application",
        verbose_name=_("invite code"),
    )
    community_name = models.CharField(_("community"), max_length=120, blank=True)
    district = models.CharField(_("district"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    point_kind = models.CharField(_("kind of place"), max_length=16, choices=PointKind, blank=True)
    lng = models.FloatField(_("longitude (WGS-84)"), null=True, blank=True)
    lat = models.FloatField(_("latitude (WGS-84)"), null=True, blank=True)
    opens_at = models.TimeField(_("opens at"), null=True, blank=True)
    closes_at = models.TimeField(_("closes at"), null=True, blank=True)
    has_fridge = models.BooleanField(_("has a fridge"), default=False)
    is_ground_floor = models.BooleanField(_("on the ground floor"), default=False)
    is_experienced = models.BooleanField(_("has led a group before"), default=False)
    group_size = models.PositiveIntegerField(_("people in the group"), default=0)
    introduction = models.CharField(_("about the applicant"), max_length=500, blank=True)
    state = models.CharField(
        _("state"), max_length=16, choices=ApplicationState, default=ApplicationState.APPLIED
    )
    submitted_at = models.DateTimeField(_("submitted at"))
    privacy_agreed_at = models.DateTimeField(_("privacy notice agreed at"), null=True, blank=True)
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
                condition=Q(state__in=ApplicationState.values),
                name="leader_application_state_known",
                violation_error_message=_("Unknown state of an application."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        ApplicationState.LEAD,
                        ApplicationState.CONTACTED,
                        ApplicationState.REJECTED,
                    ]
                )
                | (
                    Q(lng__isnull=False, lat__isnull=False)
                    & ~Q(community_name="")
                    & ~Q(address="")
                    & ~Q(point_kind="")
                ),
                name="leader_application_knows_its_place",
                violation_error_message=_("An application names its place."),
            ),
            models.CheckConstraint(
                condition=Q(lng__isnull=True, lat__isnull=True)
                | Q(lng__range=(73, 136), lat__range=(3, 54)),
                name="leader_application_in_china",
                violation_error_message=_("The place lies outside China."),
            ),
            models.CheckConstraint(
                condition=(~Q(state__in=DECIDED_STATES) & Q(reviewed_at__isnull=True))
                | Q(state__in=DECIDED_STATES, reviewed_at__isnull=False),
                name="leader_application_reviewed_once_decided",
                violation_error_message=_("A decided application carries its review."),
            ),
            models.CheckConstraint(
                condition=Q(leader__isnull=True) | Q(state=ApplicationState.APPROVED),
                name="leader_application_leader_only_when_approved",
                violation_error_message=_("Only an approved application has a leader."),
            ),
            models.UniqueConstraint(
                fields=["phone"],
                condition=~Q(state__in=DECIDED_STATES),
                name="leader_application_one_open_per_phone",
                violation_error_message=_("This phone already has an open application."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.applicant_name} {self.community_name}".strip()


class DocumentKind(models.TextChoices):
    """What a document of an application shows."""

    PLACE = "place", _("Photo of the place")
    IDENTITY = "identity", _("Identity card")
    BUSINESS_LICENCE = "business_licence", _("Business licence")
    FOOD_LICENCE = "food_licence", _("Food licence or filing")
    EXEMPTION = "exemption", _("Statement of small trade")
    SITE_VISIT = "site_visit", _("Photo of the visit")


class ApplicationDocument(models.Model):
    """One photo of an application, re-encoded and without what the camera wrote into it."""

    application = models.ForeignKey(
        LeaderApplication,
        on_delete=models.PROTECT,
        related_name="documents",
        verbose_name=_("leader application"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind)
    photo = models.ImageField(_("photo"), upload_to="applications/")
    digest = models.CharField(_("digest"), max_length=64)
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("application document")
        verbose_name_plural = _("application documents")
        ordering = ["application", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind", "digest"],
                name="application_document_once",
                violation_error_message=_("This photo is in the application already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.kind}"


class ChecklistItem(models.TextChoices):
    """What a new leader has done before the first campaign."""

    GROUP = "group", _("Group made and announced")
    PLACE = "place", _("Shelf, fridge and sign ready")
    GUIDE = "guide", _("Guide read")
    PRACTICE = "practice", _("Practice order placed and picked up")


class ChecklistTick(models.Model):
    """One thing on the checklist is done."""

    application = models.ForeignKey(
        LeaderApplication,
        on_delete=models.PROTECT,
        related_name="checklist_ticks",
        verbose_name=_("leader application"),
    )
    item = models.CharField(_("item"), max_length=20, choices=ChecklistItem)
    ticked_at = models.DateTimeField(_("ticked at"))

    class Meta:
        verbose_name = _("checklist tick")
        verbose_name_plural = _("checklist ticks")
        ordering = ["application", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "item"],
                name="checklist_tick_once",
                violation_error_message=_("This is ticked already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.item}"


class QuizAttempt(models.Model):
    """One go at the quiz; rows are only ever added."""

    application = models.ForeignKey(
        LeaderApplication,
        on_delete=models.PROTECT,
        related_name="quiz_attempts",
        verbose_name=_("leader application"),
    )
    answers = models.JSONField(_("answers"))
    right_count = models.PositiveSmallIntegerField(_("right answers"))
    is_passed = models.BooleanField(_("passed"))
    taken_at = models.DateTimeField(_("taken at"))

    class Meta:
        verbose_name = _("quiz attempt")
        verbose_name_plural = _("quiz attempts")
        ordering = ["application", "pk"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.right_count}"
