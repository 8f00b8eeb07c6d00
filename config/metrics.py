"""`/metrics` for Prometheus: the state of the platform, and the requests of this host.

What the platform does is read from the database at every scrape, so it is true
however many processes and machines there are. Requests are counted by
django-prometheus in each process; `PROMETHEUS_MULTIPROC_DIR` adds up those of
one host.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.health import has_token
from fulfillment.selectors.operations import OperationFigures, operation_figures


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponseBase:
    """Answer with every figure, to whoever brings the token; to others there is nothing here."""
    if not has_token(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(PlatformCollector())
    return HttpResponse(
        generate_latest(registry) + _requests(), headers={"Content-Type": CONTENT_TYPE_LATEST}
    )


class PlatformCollector(Collector):
    """Reads the figures when it is asked for them."""

    def collect(self) -> Iterator[Metric]:
        """Yield the families, in the order of the docs."""
        now = timezone.now()
        figures = operation_figures(now=now)
        for name, (text, value) in gauges(figures).items():
            yield GaugeMetricFamily(name, text, value=value)
        faults = CounterMetricFamily(
            "tuanpei_gateway_faults",
            "Answers a payment provider did not give.",
            labels=["provider", "kind"],
        )
        for labels, count in figures.gateway_faults.items():
            faults.add_metric(labels, count)
        yield faults
        backup_age_s = _backup_age_s(now)
        if backup_age_s is not None:
            yield GaugeMetricFamily(
                "tuanpei_backup_age_seconds", "Since the last backup.", value=backup_age_s
            )
        if figures.tick_age_s is not None:
            yield GaugeMetricFamily(
                "tuanpei_tick_age_seconds", "Since beat last ticked.", value=figures.tick_age_s
            )


def gauges(figures: OperationFigures) -> dict[str, tuple[str, float]]:
    """Every gauge that is always there: name, (what it says, value)."""
    return {
        "tuanpei_orders_paid_last_minute": (
            "Payments booked in the last minute.",
            figures.paid_last_minute,
        ),
        "tuanpei_freeze_lag_seconds": (
            "How long a campaign should have been frozen.",
            figures.freeze_lag_s,
        ),
        "tuanpei_outbox_depth": ("Messages that wait.", figures.messages.depth),
        "tuanpei_outbox_age_seconds": ("The oldest of them.", figures.messages.age_s),
        "tuanpei_payments_overdue": (
            "Live payments nobody asked about in time.",
            figures.payments_overdue.depth,
        ),
        "tuanpei_payments_overdue_age_seconds": (
            "The oldest of them.",
            figures.payments_overdue.age_s,
        ),
        "tuanpei_refunds_waiting": ("Refunds still to be sent.", figures.refunds.depth),
        "tuanpei_refunds_waiting_age_seconds": ("The oldest of them.", figures.refunds.age_s),
        "tuanpei_runs_open": ("Cut-off runs that are not complete.", figures.runs_open),
        "tuanpei_steps_failed": ("Steps that failed and will be tried.", figures.steps_failed),
        "tuanpei_steps_given_up": ("Steps that wait for a person.", figures.steps_given_up),
        "tuanpei_solver_seconds": ("Work on the last route plan.", figures.solver_s),
        "tuanpei_bill_differences_open": (
            "Differences with a provider's bill.",
            figures.differences,
        ),
        "tuanpei_books_broken": ("Laws the last check found broken.", figures.books_broken),
    }


def _requests() -> bytes:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)


def _backup_age_s(now: datetime) -> float | None:
    stamp = settings.BACKUP_STAMP
    try:
        touched = datetime.fromtimestamp(Path(stamp).stat().st_mtime, UTC) if stamp else None
    except OSError:
        return None
    return None if touched is None else max(0.0, (now - touched).total_seconds())
