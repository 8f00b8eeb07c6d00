"""Everything that is due now, found in the rows and done in order.

Schedules call this every few seconds; so may a person, two schedules at once,
or nobody for an hour. It looks at what is due, never at what it did before.

What talks to the servers of others, or takes long, stands apart
(`due_work_outward`): a provider that does not answer must not keep a cut-off
waiting.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from fulfillment.domain.cutoff_run import POISON_LIMIT, Step
from fulfillment.errors import RunBusy, StepGivenUp, WarehouseUnclear
from fulfillment.models.cutoff_run import CutoffRun, StepRecord, StepState
from fulfillment.selectors.hubs import hub_of
from fulfillment.services.books import books_check_nightly
from fulfillment.services.claim_decisions import claims_decide_due
from fulfillment.services.completion import orders_complete_due
from fulfillment.services.cutoff_run import RunOptions, run_advance, run_ensure
from fulfillment.services.delivery import PlanBudget
from fulfillment.services.driving import endings_apply
from fulfillment.services.expected_times import trips_follow
from fulfillment.services.figures import figures_add_up_due
from fulfillment.services.handover import handovers_accept_silent
from fulfillment.services.levels import levels_review
from fulfillment.services.licence_alerts import licences_alert_due
from fulfillment.services.papers import papers_keep_up
from fulfillment.services.payouts import payouts_submit_due, payouts_sweep
from fulfillment.services.pickup_reminders import pickup_reminders_due
from fulfillment.services.purchase_reminders import purchase_reminders_queue
from fulfillment.services.referral_bonuses import referral_bonuses_due
from fulfillment.services.refunds import shortages_refund_later
from fulfillment.services.reports import reports_wake_due
from fulfillment.services.retention import retention_due
from fulfillment.services.settlement import commission_release, commissions_take_back
from fulfillment.services.statements import statements_issue_due
from fulfillment.services.supplier_claims import supplier_claims_accept_silent
from fulfillment.services.supplier_statements import statements_make_weekly
from fulfillment.services.trial_leaders import trial_leaders_suspend_due
from leaders.services.audit_seals import audit_seal_due
from leaders.services.countersignatures import countersignatures_lapse_due
from orders.models.campaigns import Campaign, CampaignState
from orders.selectors.clock import Clock, database_now
from orders.services.campaigns import campaign_close
from orders.services.forecasts import demand_curves_learn
from orders.services.ledger_close import days_close
from orders.services.login_codes import login_codes_forget
from orders.services.outbox_relay import outbox_relay
from orders.services.payment_sweep import payments_resolve, payments_sweep, unpaid_orders_drop
from orders.services.reconciliation import bills_reconcile_due
from orders.services.refund_submission import refunds_submit

logger = logging.getLogger(__name__)

# The first number of the pair names what is locked, the second which part.
PART_LOCK = 13
RESOLVING, OUTWARD = 1, 2
# How long parts are left alone after a look; a late bill is asked for again after this.
BILLS_PAUSE = timedelta(minutes=10)
SUPPLIERS_PAUSE = timedelta(minutes=10)
PICKUPS_PAUSE = timedelta(minutes=10)
CARE_PAUSE = timedelta(minutes=10)
LEVELS_PAUSE = timedelta(hours=1)
STATEMENTS_PAUSE = timedelta(minutes=5)
COMPLIANCE_PAUSE = timedelta(minutes=30)
FIGURES_PAUSE = timedelta(minutes=10)
REPORTS_PAUSE = timedelta(minutes=1)
LEARNING_PAUSE = timedelta(minutes=10)
COUNTERSIGNATURES_PAUSE = timedelta(minutes=1)
AUDIT_PAUSE = timedelta(minutes=1)

Figures = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DueWork:
    """What the parts did, by name, and which of them stopped with an error."""

    figures: Figures
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing that may be due; its figures are named after it or name themselves.

    With a pause it is looked at now and then only: it reads much, asks others,
    or nobody waits for it.
    """

    name: str
    do: Callable[[datetime], int | Figures]
    pause: timedelta | None = None

    @property
    def is_paused(self) -> bool:
        """Whether it was looked at a moment ago; it counts as looked at now."""
        if self.pause is None:
            return False
        return not cache.add(f"advance:{self.name}", 1, self.pause.total_seconds())


def due_work_begin(*, now: datetime) -> DueWork:
    """Do what clocks alone decide: close campaigns, open runs, release commission."""
    return _parts_do(_CLOCK_PARTS, lambda: now)


def due_work_outward(*, clock: Clock = database_now) -> DueWork:
    """Do what takes its time: talk to the servers of others, close days, check the books.

    One process at a time does it; another comes back with nothing done.
    """
    with _alone(OUTWARD) as is_alone:
        return _parts_do(_OUTWARD_PARTS, clock) if is_alone else DueWork({}, ())


def campaigns_close(*, now: datetime) -> int:
    """Close every open campaign whose orders close, each by itself; return how many."""
    due = Campaign.objects.filter(state=CampaignState.OPEN, orders_close_at__lte=now)
    return sum(
        campaign_close(campaign_id=campaign_id, now=now)
        for campaign_id in list(due.order_by("pk").values_list("pk", flat=True))
    )


def campaigns_resolve(*, now: datetime) -> Figures:
    """Clear up every live payment of the campaigns that will freeze next.

    The freeze comes after it and waits for none of it: while one process asks
    a provider that is slow, the next goes on without.
    """
    due = Campaign.objects.filter(state=CampaignState.CLOSING, payments_close_at__lt=now)
    campaign_ids = list(due.order_by("pk").values_list("pk", flat=True))
    if not campaign_ids:
        return {}
    with _alone(RESOLVING) as is_alone:
        rounds = [
            payments_resolve(campaign_id=campaign_id, now=now)
            for campaign_id in (campaign_ids if is_alone else [])
        ]
    return _summed(rounds)


def runs_open(*, now: datetime) -> int:
    """Open a run for every campaign that freezes and has none; return how many.

    Raises `WarehouseUnclear` for the first campaign that no one warehouse
    serves, after the runs of all others are open.
    """
    campaigns = Campaign.objects.filter(
        state__in=[CampaignState.OPEN, CampaignState.CLOSING],
        freeze_at__lte=now,
        run__isnull=True,
    )
    opened = 0
    unclear: WarehouseUnclear | None = None
    for campaign in campaigns.order_by("freeze_at", "pk"):
        try:
            warehouse = hub_of(campaign)
        except WarehouseUnclear as error:
            unclear = unclear or error
            continue
        run_ensure(campaign=campaign, warehouse=warehouse, now=now)
        opened += 1
    if unclear is not None:
        raise unclear
    return opened


def runs_unfinished() -> list[CutoffRun]:
    """Runs with a step to do, oldest first."""
    unfinished = StepRecord.objects.exclude(state=StepState.DONE).values("run_id")
    return list(
        CutoffRun.objects.filter(pk__in=unfinished)
        .exclude(campaign__state=CampaignState.CANCELLED)
        .select_related("campaign", "warehouse")
        .order_by("created_at", "pk")
    )


def run_advance_due(*, run: CutoffRun, now: datetime, plans_here: bool = True) -> Step | None:
    """Take a run as far as it can go now; return the step it waits at.

    A run that another process is working on, or that has failed too often, is
    left alone. Routes are searched here, or asked for and waited for.
    """
    options = RunOptions(
        clock=lambda _run, _step: now,
        plan=PlanBudget(seconds=settings.SOLVER_SECONDS, seed=settings.SOLVER_SEED),
        plans_here=plans_here,
        attempts_max=POISON_LIMIT,
    )
    try:
        return run_advance(run=run, options=options)
    except RunBusy:
        return None
    except StepGivenUp as given_up:
        return Step(str(given_up.details["step"]))


def _suppliers_settle(now: datetime) -> Figures:
    return {
        "supplier_claims": supplier_claims_accept_silent(now=now),
        "supplier_statements": statements_make_weekly(now=now),
    }


def _pickups_follow(now: datetime) -> Figures:
    return {
        "pickups_reminded": pickup_reminders_due(now=now),
        "orders_completed": orders_complete_due(now=now),
    }


def _leaders_care(now: datetime) -> Figures:
    return {
        "trials_suspended": trial_leaders_suspend_due(now=now),
        "referral_bonuses": referral_bonuses_due(now=now),
    }


# Payments are cleared up before a run is opened that would freeze without them.
_CLOCK_PARTS = (
    _Part("campaigns_closed", lambda now: campaigns_close(now=now)),
    _Part("payments_resolved", lambda now: campaigns_resolve(now=now)),
    _Part("runs_opened", lambda now: runs_open(now=now)),
    _Part("shortages_refunded", lambda now: shortages_refund_later(now=now)),
    _Part("suppliers_reminded", lambda now: purchase_reminders_queue(now=now)),
    _Part("commission_taken_back", lambda now: commissions_take_back(now=now)),
    _Part("commission_released", lambda now: commission_release(now=now)),
    _Part("driver_endings", lambda now: endings_apply(now=now)),
    _Part("trips_followed", lambda now: trips_follow(now=now)),
    _Part("claims_approved", lambda now: claims_decide_due(now=now)),
    _Part("handovers_accepted", lambda now: handovers_accept_silent(now=now)),
    _Part("login_codes_forgotten", lambda now: login_codes_forget(now=now)),
)
# What residents wait for comes first. A day is closed when its bills are in;
# checking the books reads every row there is, so it stands where nothing waits for it.
_OUTWARD_PARTS = (
    _Part("payments", lambda now: payments_sweep(now=now)),
    _Part("orders_dropped", lambda now: unpaid_orders_drop(now=now)),
    _Part("messages", lambda now: outbox_relay(now=now)),
    _Part("refunds", lambda now: refunds_submit(now=now)),
    _Part("papers_replaced", lambda now: papers_keep_up(now=now)),
    _Part("bills", lambda now: bills_reconcile_due(now=now), BILLS_PAUSE),
    _Part("suppliers", _suppliers_settle, SUPPLIERS_PAUSE),
    _Part("pickups", _pickups_follow, PICKUPS_PAUSE),
    _Part("statements_issued", lambda now: statements_issue_due(now=now), STATEMENTS_PAUSE),
    _Part("payouts_sent", lambda now: payouts_submit_due(now=now)),
    _Part("payouts_asked", lambda now: payouts_sweep(now=now)),
    _Part("levels_reviewed", lambda now: levels_review(now=now), LEVELS_PAUSE),
    _Part("care", _leaders_care, CARE_PAUSE),
    _Part("campaigns_learnt", lambda now: demand_curves_learn(now=now), LEARNING_PAUSE),
    _Part(
        "countersignatures_lapsed",
        lambda now: countersignatures_lapse_due(now=now),
        COUNTERSIGNATURES_PAUSE,
    ),
    _Part("figures_added", lambda now: figures_add_up_due(now=now), FIGURES_PAUSE),
    _Part("reports", lambda now: reports_wake_due(now=now), REPORTS_PAUSE),
    _Part("audit_sealed", lambda now: audit_seal_due(now=now), AUDIT_PAUSE),
    _Part("licences_alerted", lambda now: licences_alert_due(now=now), COMPLIANCE_PAUSE),
    _Part("cleared_away", lambda now: retention_due(now=now), COMPLIANCE_PAUSE),
    _Part("days_closed", lambda now: days_close(now=now)),
    _Part("books_checked", lambda now: books_check_nightly(now=now)),
)


def _parts_do(parts: tuple[_Part, ...], clock: Clock) -> DueWork:
    """Do every part; one that fails is noted and does not stop the others."""
    figures: dict[str, int] = {}
    failed = []
    for part in parts:
        if part.is_paused:
            continue
        try:
            done = part.do(clock())
        except Exception:  # the boundary: the next part must still be done
            logger.exception("%s stopped", part.name)
            failed.append(part.name)
        else:
            figures |= {part.name: done} if isinstance(done, int) else done
    return DueWork(figures, tuple(failed))


@contextmanager
def _alone(part: int) -> Iterator[bool]:
    """Whether no other process is at a part; holds it until the block ends, or the process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [PART_LOCK, part])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [PART_LOCK, part])


def _summed(rounds: list[Figures]) -> Figures:
    names = dict.fromkeys(name for figures in rounds for name in figures)
    return {name: sum(figures.get(name, 0) for figures in rounds) for name in names}
