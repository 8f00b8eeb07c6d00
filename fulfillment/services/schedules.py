"""The one schedule: beat ticks, `advance` decides what is due."""

from django.db import transaction
from django_celery_beat.models import IntervalSchedule, PeriodicTask

ADVANCE_TASK = "fulfillment.tasks.advance"


@transaction.atomic
def schedules_ensure(*, every_seconds: int) -> None:
    """Upsert the schedule by its name; other schedules are left alone."""
    interval, _created = IntervalSchedule.objects.get_or_create(
        every=every_seconds, period=IntervalSchedule.SECONDS
    )
    PeriodicTask.objects.update_or_create(
        name="advance", defaults={"task": ADVANCE_TASK, "interval": interval, "enabled": True}
    )
