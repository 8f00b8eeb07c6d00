"""How the platform itself is doing: what waits, how long, and what has failed.

A fixed number of queries, each on a small table, a partial index or the newest
rows of a large one: a scrape every few seconds must not be felt.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django_celery_beat.models import PeriodicTask

from fulfillment.domain.cutoff_run import POISON_LIMIT, Step
from fulfillment.models.cutoff_run import CutoffRun, StepRecord, StepState
from orders.models.campaigns import Campaign, CampaignState
from orders.models.gateway_faults import GatewayFault
from orders.models.outbox import OutboxMessage
from orders.models.payments import Payment, Refund
from orders.models.reconciliation import BillDifference, BooksCheck
from orders.selectors.ledger import payments_booked_since

# The newest transfers that are looked at; more than this in a minute reads as this.
NEWEST = 20_000
# A live payment that nobody has asked about for so long is forgotten.
OVERDUE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Things that wait: how many, and how long the oldest has been due, in seconds."""

    depth: int
    age_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationFigures:
    """What the metrics page tells; a moment of the past is told as seconds ago."""

    paid_last_minute: int
    freeze_lag_s: float
    tick_age_s: float | None
    messages: Backlog
    payments_overdue: Backlog
    refunds: Backlog
    runs_open: int
    steps_failed: int
    steps_given_up: int
    solver_s: float
    differences: int
    books_broken: int
    gateway_faults: dict[tuple[str, str], int]


def operation_figures(*, now: datetime) -> OperationFigures:
    """Read every figure; 11 queries."""
    steps = StepRecord.objects.filter(state=StepState.FAILED).aggregate(
        failed=Count("pk"), given_up=Count("pk", filter=Q(attempts__gte=POISON_LIMIT))
    )
    books = BooksCheck.objects.order_by("-pk").values_list("violations", flat=True).first()
    routed = StepRecord.objects.filter(name=Step.ROUTE, state=StepState.DONE).order_by("-pk")
    faults = GatewayFault.objects.order_by("pk").values_list("provider", "kind", "faults")
    return OperationFigures(
        paid_last_minute=payments_booked_since(now - timedelta(minutes=1), newest=NEWEST),
        freeze_lag_s=_freeze_lag_s(now),
        tick_age_s=tick_age_s(now=now),
        messages=message_backlog(now=now),
        payments_overdue=_payments_overdue(now),
        refunds=_refunds_due(now),
        runs_open=_runs_open(),
        steps_failed=steps["failed"],
        steps_given_up=steps["given_up"],
        solver_s=routed.values_list("seconds", flat=True).first() or 0.0,
        differences=BillDifference.objects.filter(resolved_at__isnull=True).count(),
        books_broken=books or 0,
        gateway_faults={(provider, kind): count for provider, kind, count in faults},
    )


def tick_age_s(*, now: datetime) -> float | None:
    """Seconds since beat last called `advance`; None if it never has."""
    ticked = PeriodicTask.objects.filter(name="advance").aggregate(at=Max("last_run_at"))["at"]
    return None if ticked is None else _seconds(now, ticked)


def message_backlog(*, now: datetime) -> Backlog:
    """Messages that could have been sent by now."""
    waiting = OutboxMessage.objects.filter(done_at__isnull=True, available_at__lte=now)
    return _backlog(now, waiting.aggregate(depth=Count("pk"), since=Min("available_at")))


def _freeze_lag_s(now: datetime) -> float:
    """How long the most belated campaign should have been frozen."""
    late = Campaign.objects.filter(
        state__in=(CampaignState.OPEN, CampaignState.CLOSING), freeze_at__lt=now
    ).aggregate(since=Min("freeze_at"))["since"]
    return 0.0 if late is None else _seconds(now, late)


def _payments_overdue(now: datetime) -> Backlog:
    overdue = Payment.objects.filter(next_query_at__isnull=False, next_query_at__lt=now - OVERDUE)
    return _backlog(now, overdue.aggregate(depth=Count("pk"), since=Min("next_query_at")))


def _refunds_due(now: datetime) -> Backlog:
    due = Refund.objects.filter(next_attempt_at__isnull=False)
    return _backlog(now, due.aggregate(depth=Count("pk"), since=Min("next_attempt_at")))


def _runs_open() -> int:
    return CutoffRun.objects.exclude(steps__name=Step.CHECK, steps__state=StepState.DONE).count()


def _backlog(now: datetime, row: dict[str, object]) -> Backlog:
    since, depth = row["since"], row["depth"]
    age_s = _seconds(now, since) if isinstance(since, datetime) else 0.0
    return Backlog(depth=depth if isinstance(depth, int) else 0, age_s=age_s)


def _seconds(now: datetime, moment: datetime) -> float:
    return max(0.0, (now - moment).total_seconds())
