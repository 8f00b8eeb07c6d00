"""Reports (报表) that are built by a worker and sent by mail."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportKind(models.TextChoices):
    """What a report shows."""

    KPIS = "kpis", _("Key figures")
    SKUS = "skus", _("SKU league table")
    LEADERS = "leaders", _("Leader league table")
    REFUNDS = "refunds", _("Refunds by reason")
    DELIVERY = "delivery", _("Delivery cost")
    COHORTS = "cohorts", _("Cohorts of residents")


class ReportState(models.TextChoices):
    """Where a report stands; the moves are in `fulfillment.domain.reports`."""

    WAITING = "waiting", pgettext_lazy("report", "Waiting")
    BUILDING = "building", pgettext_lazy("report", "Being built")
    READY = "ready", pgettext_lazy("report", "Ready")
    FAILED = "failed", pgettext_lazy("report", "Failed")


class ReportSchedule(models.Model):
    """A report that is built again and again, and mailed."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=ReportKind)
    city = models.CharField(_("city"), max_length=60, blank=True, help_text=_("Empty: all."))
    days = models.PositiveSmallIntegerField(
        _("days shown"), default=7, help_text=_("Up to and including yesterday.")
    )
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), null=True, blank=True, help_text=_("0 is Monday. Empty: every day.")
    )
    at_time = models.TimeField(_("built at"))
    recipients = models.TextField(_("recipients"), help_text=_("One mail address per line."))
    is_active = models.BooleanField(_("active"), default=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        verbose_name = _("report schedule")
        verbose_name_plural = _("report schedules")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ReportKind.values),
                name="report_schedule_kind_known",
                violation_error_message=_("Unknown report."),
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__isnull=True) | models.Q(weekday__lte=6),
                name="report_schedule_weekday_known",
                violation_error_message=_("Unknown weekday."),
            ),
            models.CheckConstraint(
                condition=models.Q(days__range=(1, 366)),
                name="report_schedule_days_1_to_366",
                violation_error_message=_("A report shows 1 to 366 days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReportRun(models.Model):
    """One report, asked for by a person or by its schedule, and its file."""

    kind = models.CharField(_("kind"), max_length=16, choices=ReportKind)
    city = models.CharField(_("city"), max_length=60, blank=True)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    schedule = models.ForeignKey(
        ReportSchedule,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="runs",
        verbose_name=_("report schedule"),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked at"))
    state = models.CharField(
        _("state"), max_length=16, choices=ReportState, default=ReportState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    file_name = models.CharField(_("file"), max_length=120, blank=True)
    rows = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    built_at = models.DateTimeField(_("built at"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(_("attempts to mail"), default=0, db_default=0)
    mail_after = models.DateTimeField(
        _("mailed again from"),
        null=True,
        blank=True,
        help_text=_("Empty: nobody is to get it, or nobody can be reached."),
    )
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ReportKind.values, state__in=ReportState.values),
                name="report_run_kind_and_state_known",
                violation_error_message=_("Unknown report or state."),
            ),
            models.CheckConstraint(
                condition=models.Q(from_on__lte=models.F("until_on")),
                name="report_run_days_in_order",
                violation_error_message=_("A report starts before it ends."),
            ),
            models.UniqueConstraint(
                fields=["schedule", "until_on"],
                condition=models.Q(schedule__isnull=False),
                name="report_run_once_per_schedule_and_day",
                violation_error_message=_("This report is built already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.until_on}"
