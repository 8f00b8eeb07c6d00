"""Report files: asked for by a person or a schedule, built by a worker, sent by mail.

A worker holds a lock of its database session while it builds. A report that
says it is being built while nobody holds its lock lost its worker, and is built
again. The file appears under its name only when it is whole.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.report_period import Days, last_days
from fulfillment.domain.reports import REPORT_LIFECYCLE
from fulfillment.integrations.report_files import report_forget, report_write
from fulfillment.integrations.workbooks import workbook
from fulfillment.integrations.workers import worker_wake
from fulfillment.models.reports import ReportKind, ReportRun, ReportSchedule, ReportState
from fulfillment.services.report_mail import MAIL_ATTEMPTS_MAX
from fulfillment.services.report_tables import report_tables
from leaders.models.accounts import User
from leaders.services.audit import audit
from orders.selectors.clock import Clock, database_now

logger = logging.getLogger(__name__)

# The first number of the pair names what is locked, the second which report.
REPORT_LOCK = 17
ATTEMPTS_MAX = 3
ERROR_LENGTH = 300
NAMED_AGAIN_AFTER_S = 120
BUILD_TASK = "fulfillment.tasks.report_build"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """What somebody wants to have in a file."""

    kind: ReportKind
    days: Days
    city: str = ""


@transaction.atomic
def report_request(*, request: ReportRequest, actor: User, now: datetime) -> ReportRun:
    """Ask for a report; a worker begins at once, or when the schedule finds it."""
    run = ReportRun.objects.create(
        kind=request.kind,
        city=request.city,
        from_on=request.days.from_on,
        until_on=request.days.until_on,
        asked_by=actor,
        asked_at=now,
    )
    audit(action="report.asked", about=run, actor=actor, now=now, facts={"kind": run.kind})
    transaction.on_commit(partial(worker_wake, BUILD_TASK, run.pk))
    return run


def reports_wake_due(*, now: datetime) -> dict[str, int]:
    """Take up schedules that are due, wake a worker for every report with work left, tidy up.

    One that was named lately is not named again: it stands in the workers' queue.
    """
    scheduled = sum(_schedule_take_up(schedule, now) for schedule in _schedules_due(now))
    named = [run_id for run_id in _unfinished(now) if _is_named_now(run_id)]
    for run_id in named:
        worker_wake(BUILD_TASK, run_id)
    return {
        "reports_scheduled": scheduled,
        "reports_woken": len(named),
        "reports_removed": reports_remove_old(now=now),
    }


def report_make(*, run_id: int, clock: Clock = database_now) -> bool:
    """Build the file of a report outside any transaction; return whether this call did.

    A report that another process builds, or that is ready, is left alone. After
    `ATTEMPTS_MAX` attempts nobody tries again. What went wrong stands in the row.
    """
    with _building_alone(run_id) as is_ours:
        if not is_ours or not _begin(run_id):
            return False
        run = ReportRun.objects.get(pk=run_id)
        name = f"{run.kind}-{run.until_on:%Y%m%d}-{run.pk}.xlsx"
        try:
            tables = report_tables(run)
            report_write(settings.REPORTS_ROOT, name, workbook(*tables).getvalue())
        except Exception as error:  # the boundary: whoever waits reads it from the row
            logger.exception("Report %s was not built", run_id)
            _move(run_id, ReportState.FAILED, error=_told(error))
            return False
        now = clock()
        return _move(
            run_id,
            ReportState.READY,
            file_name=name,
            rows=sum(len(table.rows) for table in tables),
            built_at=now,
            error="",
            mail_after=now if run.schedule_id else None,
        )


@transaction.atomic
def report_opened(*, run: ReportRun, actor: User, now: datetime) -> None:
    """Write down who took the file of a report."""
    audit(action="report.downloaded", about=run, actor=actor, now=now, facts={"kind": run.kind})


def reports_remove_old(*, now: datetime) -> int:
    """Remove the files of reports older than they are kept; return how many. The rows stay."""
    kept_since = now - timedelta(days=settings.REPORT_KEEP_DAYS)
    old = ReportRun.objects.filter(built_at__lt=kept_since).exclude(file_name="")
    removed = 0
    for run in old:
        report_forget(settings.REPORTS_ROOT, run.file_name)
        removed += ReportRun.objects.filter(pk=run.pk).update(file_name="", mail_after=None)
    return removed


def _schedules_due(now: datetime) -> list[ReportSchedule]:
    """Schedules whose time of day has come today."""
    local = timezone.localtime(now)
    schedules = ReportSchedule.objects.filter(is_active=True, at_time__lte=local.time())
    return [one for one in schedules if one.weekday in (None, local.weekday())]


def _schedule_take_up(schedule: ReportSchedule, now: datetime) -> bool:
    """Ask for the report of a schedule, once a day; whether this call did."""
    yesterday = timezone.localdate(now) - timedelta(days=1)
    days = last_days(yesterday, schedule.days)
    _run, is_new = ReportRun.objects.get_or_create(
        schedule=schedule,
        until_on=days.until_on,
        defaults={
            "kind": schedule.kind,
            "city": schedule.city,
            "from_on": days.from_on,
            "asked_at": now,
        },
    )
    return is_new


def _unfinished(now: datetime) -> list[int]:
    """Reports to build, again after a failure or a death, and reports to mail."""
    to_build = ReportRun.objects.filter(
        state__in=REPORT_LIFECYCLE.sources_of(ReportState.BUILDING), attempts__lt=ATTEMPTS_MAX
    )
    died_too_often = ReportRun.objects.filter(
        state=ReportState.BUILDING, attempts__gte=ATTEMPTS_MAX
    )
    for run_id in died_too_often.values_list("pk", flat=True):
        with _building_alone(run_id) as is_ours:
            if is_ours:
                _move(run_id, ReportState.FAILED, error=_("The worker died over it."))
    to_mail = ReportRun.objects.filter(
        state=ReportState.READY, mail_after__lte=now, mail_attempts__lt=MAIL_ATTEMPTS_MAX
    )
    found = (to_build | to_mail).order_by("pk")
    return list(found.values_list("pk", flat=True))


def _is_named_now(run_id: int) -> bool:
    return bool(cache.add(f"report:{run_id}:named", 1, NAMED_AGAIN_AFTER_S))


def _begin(run_id: int) -> bool:
    """Take a report that waits, failed, or lost its worker; False if nothing is left to do."""
    waiting = ReportRun.objects.filter(
        pk=run_id,
        state__in=REPORT_LIFECYCLE.sources_of(ReportState.BUILDING),
        attempts__lt=ATTEMPTS_MAX,
    )
    return bool(waiting.update(state=ReportState.BUILDING, attempts=F("attempts") + 1))


def _move(run_id: int, state: ReportState, **values: object) -> bool:
    """Move a report if the table has the move; whether it did."""
    runs = ReportRun.objects.filter(pk=run_id, state__in=REPORT_LIFECYCLE.sources_of(state))
    return bool(runs.update(state=state, **values))


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:ERROR_LENGTH]


@contextmanager
def _building_alone(run_id: int) -> Iterator[bool]:
    """Whether no other process is at this report; holds it until the block ends, or the process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [REPORT_LOCK, run_id])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [REPORT_LOCK, run_id])
