"""The plans of a warehouse's day on one page: the accepted one, the drafts, what can be asked."""

from dataclasses import dataclass

from django.db.models import QuerySet

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Linehaul, Vehicle
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState, PlanOrigin
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.plan_problem import drops_served

DRAFTS_SHOWN = 30
_SEARCHED = (PlanDraftState.QUEUED, PlanDraftState.SOLVING)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """One draft as a list shows it, with its cost above the accepted plan's."""

    draft: PlanDraft
    delta_fen: int | None
    is_outdated: bool

    @property
    def is_searched(self) -> bool:
        """Whether a search for it waits or runs."""
        return self.draft.state in _SEARCHED

    @property
    def is_ready(self) -> bool:
        """Whether it waits for a decision."""
        return self.draft.state == PlanDraftState.READY


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDesk:
    """The day of one warehouse.

    `late` are the drops that came after the plan and are on no trip.
    """

    delivery_run: DeliveryRun
    rows: tuple[DraftRow, ...]
    vehicles: tuple[Vehicle, ...]
    drops: tuple[Drop, ...]
    late: tuple[Drop, ...]

    @property
    def is_searching(self) -> bool:
        """Whether the page has to look again."""
        return any(row.is_searched for row in self.rows)


def plan_desk(delivery_run: DeliveryRun) -> PlanDesk:
    """The plans of a delivery run's day, the newest drafts first."""
    drafts = PlanDraft.objects.filter(
        cutoff_run=delivery_run.cutoff_run_id, warehouse=delivery_run.warehouse_id
    ).select_related("created_by")
    drops = list(
        drops_served(delivery_run.cutoff_run, delivery_run.warehouse)
        .select_related("pickup_point__leader")
        .prefetch_related("stops")
    )
    vehicles = Vehicle.objects.filter(trips__delivery_run=delivery_run).distinct()
    return PlanDesk(
        delivery_run=delivery_run,
        rows=tuple(_row(draft, delivery_run) for draft in drafts[:DRAFTS_SHOWN]),
        vehicles=tuple(vehicles.order_by("code")),
        drops=tuple(drop for drop in drops if drop.stops.all()),
        late=tuple(drop for drop in drops if not drop.stops.all()),
    )


def delivery_runs_beside(delivery_run: DeliveryRun) -> QuerySet[DeliveryRun]:
    """The plans of all warehouses of the same run, this one's too, by warehouse."""
    return (
        DeliveryRun.objects.filter(cutoff_run=delivery_run.cutoff_run_id)
        .select_related("warehouse")
        .order_by("warehouse__code")
    )


def linehauls_listed(cutoff_run: CutoffRun) -> QuerySet[Linehaul]:
    """The calls of the hub's vehicles at grid warehouses, in driving order."""
    return (
        Linehaul.objects.filter(cutoff_run=cutoff_run)
        .select_related("warehouse", "vehicle")
        .order_by("leaves_at", "vehicle__code", "trip_no", "stop_seq")
    )


def first_drafts_listed() -> QuerySet[PlanDraft]:
    """First plans on their way, which no page of a plan can show yet; the failed ones too."""
    return (
        PlanDraft.objects.filter(
            origin=PlanOrigin.FIRST, state__in=(*_SEARCHED, PlanDraftState.FAILED)
        )
        .exclude(cutoff_run__delivery_runs__isnull=False)
        .select_related("cutoff_run__campaign", "warehouse")
    )


def _row(draft: PlanDraft, delivery_run: DeliveryRun) -> DraftRow:
    cost_fen = draft.figures.get("cost_fen")
    return DraftRow(
        draft=draft,
        delta_fen=None if cost_fen is None else cost_fen - delivery_run.cost_fen,
        is_outdated=draft.based_on_revision != delivery_run.revision,
    )
