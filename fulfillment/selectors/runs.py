"""Runs as the people in the warehouse find them."""

from django.db.models import QuerySet

from fulfillment.models.cutoff_run import CutoffRun

# No list to choose from is longer, however many cities a day has.
RUNS_MAX = 200


def runs_newest_first() -> QuerySet[CutoffRun]:
    """All runs with campaign and warehouse, the latest delivery first."""
    return CutoffRun.objects.select_related("campaign", "warehouse").order_by(
        "-campaign__delivery_date", "-pk"
    )


def runs_of_newest_days(days: int) -> QuerySet[CutoffRun]:
    """The runs of every city on the latest days of delivery, the latest first."""
    latest = CutoffRun.objects.order_by("-campaign__delivery_date").values(
        "campaign__delivery_date"
    )
    return runs_newest_first().filter(campaign__delivery_date__in=latest.distinct()[:days])[
        :RUNS_MAX
    ]
