"""What is short in a run, and until when that may change."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from fulfillment.domain.day_clock import shortages_final_moment
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Trip


def shortages_final_due_at(run: CutoffRun) -> datetime:
    """When the run's shortages become final by themselves."""
    trips = Trip.objects.filter(delivery_run__cutoff_run=run)
    return shortages_final_moment(
        first_departure=trips.aggregate(first=Min("departs_at"))["first"],
        delivery_date=run.campaign.delivery_date,
        zone=timezone.get_default_timezone(),
        lead=timedelta(minutes=settings.SHORTAGES_FINAL_LEAD_MINUTES),
    )
