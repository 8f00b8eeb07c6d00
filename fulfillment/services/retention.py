"""Clearing away once a night: the classes of orders, and the files of this app."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from fulfillment.integrations.picture_files import KEPT_DAYS, pictures_forget
from fulfillment.models.papers import Paper
from fulfillment.selectors.persons import NAMING
from fulfillment.services.persons import papers_forget
from orders.domain.personal_data import Kept
from orders.models.personal_data import RetentionRecord
from orders.services.retention import CLEARINGS, Clearing, retention_clear

# After the night's papers and before the morning's trips.
CLEARED_AT = time(3, 30)


def retention_due(*, now: datetime) -> int:
    """Clear every class if it was not done tonight; return how many rows and files went."""
    local = timezone.localtime(now)
    tonight = local.replace(hour=CLEARED_AT.hour, minute=CLEARED_AT.minute, second=0, microsecond=0)
    if local < tonight or RetentionRecord.objects.filter(cleared_at__gte=tonight).exists():
        return 0
    return sum(everything_clear(now=now).values())


def everything_clear(*, now: datetime, is_dry_run: bool = False) -> Mapping[str, int]:
    """Clear every class of every app, or count what would go; by class."""
    return retention_clear(now=now, clearings=ALL_CLEARINGS, is_dry_run=is_dry_run)


def _papers(before: datetime, is_real: bool) -> int:
    """Delete the lists that name residents; papers without names stay as evidence of the day.

    What an earlier night has cleared is not looked for again.
    """
    done = RetentionRecord.objects.filter(record_class=Kept.PAPERS).first()
    papers = Paper.objects.filter(
        document__in=NAMING, run__campaign__delivery_date__lt=timezone.localdate(before)
    )
    if done is not None:
        papers = papers.filter(
            run__campaign__delivery_date__gte=timezone.localdate(done.older_than)
        )
    found = list(papers.select_related("run__campaign").order_by("pk"))
    return papers_forget(found) if is_real else len(found)


def _pictures(before: datetime, is_real: bool) -> int:
    day = timezone.localdate(before)
    return pictures_forget(Path(settings.PICTURES_ROOT), day, is_real=is_real)


ALL_CLEARINGS = (
    *CLEARINGS,
    Clearing(Kept.PAPERS, lambda: timedelta(days=settings.RETAIN_PAPERS_DAYS), _papers),
    Clearing("pictures", lambda: timedelta(days=KEPT_DAYS), _pictures),
)
