"""How far a run has come, in the words of the people who wait for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.domain.cutoff_run import Step
from fulfillment.models.cutoff_run import CutoffRun, StepRecord, StepState
from fulfillment.selectors.receiving import purchase_lines_uncounted
from fulfillment.selectors.shortages import shortages_final_due_at
from orders.domain.money import format_qty, yuan_text

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

STEP_LABELS: Mapping[str, "_StrOrPromise"] = {
    Step.FREEZE: gettext_lazy("Cut-off: freeze the demand"),
    Step.PURCHASE: gettext_lazy("Purchase orders"),
    Step.RECEIVE: gettext_lazy("Receive the goods"),
    Step.ALLOCATE: gettext_lazy("Share out what arrived"),
    Step.SORT: gettext_lazy("Sort lists and totes"),
    Step.ROUTE: gettext_lazy("Plan the routes"),
    Step.PRINT: gettext_lazy("Print the papers"),
    Step.REFUND: gettext_lazy("Refund shortages"),
    Step.COMMISSION: gettext_lazy("Hold commission"),
    Step.CHECK: gettext_lazy("Check the books"),
}
# The figures worth a line on a screen; a step may record more.
FIGURE_LABELS: Mapping[str, "_StrOrPromise"] = {
    "orders": gettext_lazy("orders"),
    "lines": gettext_lazy("lines"),
    "pieces": gettext_lazy("pieces"),
    "paid_fen": gettext_lazy("paid"),
    "purchase_orders": gettext_lazy("purchase orders"),
    "pieces_purchased": gettext_lazy("pieces bought"),
    "pieces_surplus": gettext_lazy("surplus"),
    "amount_fen": gettext_lazy("amount"),
    "below_minimum": gettext_lazy("below the minimum"),
    "pieces_arrived": gettext_lazy("arrived"),
    "pieces_rejected": gettext_lazy("rejected"),
    "pieces_accepted": gettext_lazy("accepted"),
    "lines_uncounted": gettext_lazy("not counted"),
    "pieces_allocated": gettext_lazy("allocated"),
    "pieces_short": gettext_lazy("short"),
    "pieces_spare": gettext_lazy("spare"),
    "control_code": gettext_lazy("control code"),
    "refunds": gettext_lazy("refunds"),
    "refund_fen": gettext_lazy("refunded"),
    "commission_held_fen": gettext_lazy("held"),
    "sort_tasks": gettext_lazy("SKUs to sort"),
    "drops": gettext_lazy("drops"),
    "totes": gettext_lazy("totes"),
    "routes": gettext_lazy("routes"),
    "vehicles": gettext_lazy("vehicles"),
    "stops": gettext_lazy("stops"),
    "unserved": gettext_lazy("unserved"),
    "distance_m": gettext_lazy("distance"),
    "route_cost_fen": gettext_lazy("cost"),
    "papers": gettext_lazy("papers"),
    "pages": gettext_lazy("pages"),
    "checks": gettext_lazy("checks"),
    "violations": gettext_lazy("violations"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step as a screen shows it; `waits_for` and `error` are sentences or empty."""

    name: str
    label: str
    state: StepState
    figures: tuple[tuple[str, str], ...]
    started_at: datetime | None
    finished_at: datetime | None
    duration_s: int | None
    attempts: int
    waits_for: str
    error: str

    @property
    def is_done(self) -> bool:
        """Whether the step is behind us."""
        return self.state is StepState.DONE


def run_progress(run: CutoffRun) -> tuple[StepView, ...]:
    """The run's steps in order; the first that is not done says what it waits for."""
    records = list(run.steps.order_by("position"))
    # A run begun under an earlier order of steps shows that order, and goes on in today's.
    left = {record.name: record for record in records if record.state != StepState.DONE}
    current = next((left[step] for step in Step if step in left), None)
    return tuple(
        StepView(
            name=record.name,
            label=str(STEP_LABELS.get(record.name, record.name)),
            state=StepState(record.state),
            figures=figures_worded(record.figures),
            started_at=record.started_at,
            finished_at=record.finished_at,
            duration_s=_duration_s(record),
            attempts=record.attempts,
            waits_for=_waits_for(run, record) if record is current else "",
            error=record.error,
        )
        for record in records
    )


def figures_worded(figures: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Figures of a step as (label, text) pairs, in the order of the labels."""
    return tuple(
        (str(label), _worded(key, figures[key]))
        for key, label in FIGURE_LABELS.items()
        if key in figures
    )


def _worded(key: str, value: object) -> str:
    if not isinstance(value, int):
        return str(value)
    if key.endswith("_fen"):
        return yuan_text(value)
    if key.endswith("_m"):
        return f"{value / 1000:,.1f} km"
    return format_qty(value)


def _duration_s(record: StepRecord) -> int | None:
    if record.started_at is None or record.finished_at is None:
        return None
    return round((record.finished_at - record.started_at).total_seconds())


def _waits_for(run: CutoffRun, record: StepRecord) -> str:
    """What has to happen before the step can be taken, or nothing."""
    if record.state in (StepState.RUNNING, StepState.FAILED):
        return ""
    if record.name == Step.FREEZE:
        freeze_at = timezone.localtime(run.campaign.freeze_at)
        return _("Waits for the cut-off at {moment}.").format(moment=f"{freeze_at:%m-%d %H:%M}")
    if record.name == Step.REFUND and run.shortages_final_at is None:
        due_at = timezone.localtime(shortages_final_due_at(run))
        return _("Shortages may still change; they are final at {moment}.").format(
            moment=f"{due_at:%m-%d %H:%M}"
        )
    if record.name == Step.RECEIVE and run.receiving_closed_at is None:
        uncounted = purchase_lines_uncounted(run)
        if not uncounted:
            return _("Everything is counted; receiving has to be closed.")
        return _("Purchase lines not counted yet: {count}.").format(count=uncounted)
    return ""
