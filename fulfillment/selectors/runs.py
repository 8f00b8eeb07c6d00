"""Runs as the people in the warehouse find them."""

from django.db.models import QuerySet

from fulfillment.models.cutoff_run import CutoffRun


def runs_newest_first() -> QuerySet[CutoffRun]:
    """All runs with campaign and warehouse, the latest delivery first."""
    return CutoffRun.objects.select_related("campaign", "warehouse").order_by(
        "-campaign__delivery_date", "-pk"
    )
