"""Reports that were asked for, and schedules with what became of their last report."""

from django.db.models import OuterRef, QuerySet, Subquery

from fulfillment.models.reports import ReportRun, ReportSchedule


def report_runs() -> QuerySet[ReportRun]:
    """Every report with who asked for it, the newest first."""
    return ReportRun.objects.select_related("schedule", "asked_by").order_by("-pk")


def report_schedules() -> QuerySet[ReportSchedule]:
    """Schedules by name, each with the state of its last report."""
    newest = ReportRun.objects.filter(schedule=OuterRef("pk")).order_by("-pk")
    return ReportSchedule.objects.select_related("made_by").annotate(
        last_until_on=Subquery(newest.values("until_on")[:1]),
        last_mailed_at=Subquery(newest.values("mailed_at")[:1]),
        last_error=Subquery(newest.values("error")[:1]),
    )
