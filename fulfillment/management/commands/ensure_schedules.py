"""Write the schedule that beat ticks by."""

from django.conf import settings
from django.core.management.base import BaseCommand

from fulfillment.services.schedules import schedules_ensure


class Command(BaseCommand):
    """`ensure_schedules`: run it after `migrate`; safe to repeat."""

    help = "Upsert the schedule of the worker by name."

    def handle(self, *args: object, **options: object) -> None:
        """Upsert the schedule."""
        schedules_ensure(every_seconds=settings.ADVANCE_EVERY_SECONDS)
