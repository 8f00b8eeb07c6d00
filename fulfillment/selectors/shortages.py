"""What is short in a run, and until when that may change."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from fulfillment.domain.cutoff_run import Step
from fulfillment.domain.day_clock import shortages_final_moment
from fulfillment.models.allocation import AllocationRun
from fulfillment.models.cutoff_run import CutoffRun, StepState
from fulfillment.models.delivery import Trip
from fulfillment.models.weighing import WeighedPortion


def shortages_final_due_at(run: CutoffRun) -> datetime:
    """When the run's shortages become final by themselves."""
    trips = Trip.objects.filter(delivery_run__cutoff_run=run)
    return shortages_final_moment(
        first_departure=trips.aggregate(first=Min("departs_at"))["first"],
        delivery_date=run.campaign.delivery_date,
        zone=timezone.get_default_timezone(),
        lead=timedelta(minutes=settings.SHORTAGES_FINAL_LEAD_MINUTES),
    )


def runs_with_later_losses() -> list[CutoffRun]:
    """Open days whose refunds are made, where something was lost or weighed since."""
    lost = AllocationRun.objects.filter(
        run=OuterRef("pk"), lost_qty__gt=0, made_at__gte=OuterRef("shortages_final_at")
    )
    weighed = WeighedPortion.objects.filter(
        allocation__run=OuterRef("pk"), weighed_at__gte=OuterRef("shortages_final_at")
    )
    return list(
        CutoffRun.objects.filter(
            Exists(lost) | Exists(weighed),
            shortages_final_at__isnull=False,
            day_closed_at__isnull=True,
            steps__name=Step.REFUND,
            steps__state=StepState.DONE,
        )
        .select_related("campaign")
        .order_by("pk")
    )
