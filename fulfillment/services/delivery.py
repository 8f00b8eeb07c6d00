"""The route plan of a run: rows to a problem, solved and checked, back to rows."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone

from fulfillment.domain.sorting import SlotCode
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Stop, Trip, Vehicle
from fulfillment.models.warehouse import Drop, Tote
from fulfillment.routing.day_model import DayEstimates, build_day_problem
from fulfillment.routing.plan import PlannedStop, PlannedTrip, RoutePlan, UnservedReason
from fulfillment.routing.search import SolveParams
from fulfillment.routing.solver import DEFAULT_ENGINE, SolveResult, solve
from fulfillment.routing.travel import TravelEstimate
from fulfillment.selectors.delivery import run_depot, run_drops, run_vehicles


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBudget:
    """How long which engine may search, and the seed of its choices."""

    seconds: int
    seed: int
    engine: str = DEFAULT_ENGINE


def run_plan(
    *, run: CutoffRun, budget: PlanBudget, now: datetime
) -> Callable[[], Mapping[str, int | str]]:
    """Solve the routes of a run; return what stores the plan.

    The solving happens here, outside any transaction, and takes the whole
    budget; storing takes a moment. Only a plan that the independent checker
    accepts comes out of the solver.
    """
    problem = build_day_problem(run_depot(run), run_drops(run), run_vehicles(run), _estimates())
    result = solve(
        problem, SolveParams(seconds=budget.seconds, seed=budget.seed), engine=budget.engine
    )
    return partial(_plan_store, run=run, result=result, budget=budget, now=now)


def _estimates() -> DayEstimates:
    return DayEstimates(
        travel=TravelEstimate(road_factor=settings.ROAD_FACTOR, speed_km_h=settings.ROAD_SPEED_KMH),
        service_per_tote_s=settings.SERVICE_S_PER_TOTE,
        reload_s=settings.RELOAD_MINUTES * 60,
    )


def _plan_store(
    *, run: CutoffRun, result: SolveResult, budget: PlanBudget, now: datetime
) -> Mapping[str, int | str]:
    plan = result.plan
    delivery_run = DeliveryRun.objects.create(
        run_no=f"D-{run.campaign.code}",
        cutoff_run=run,
        warehouse=run.warehouse,
        engine=result.engine,
        seed=budget.seed,
        solver_seconds=budget.seconds,
        details={
            "made_by": result.made_by,
            "versions": dict(result.versions),
            "trajectory": [asdict(point) for point in result.trajectory],
            "troubles": list(result.troubles),
        },
        cost_fen=plan.cost_fen,
        distance_m=plan.distance_m,
        planned_at=now,
    )
    midnight = timezone.make_aware(datetime.combine(run.campaign.delivery_date, time.min))
    drops = Drop.objects.filter(wave__run=run).select_related("pickup_point")
    drop_of = {drop.pickup_point.code: drop for drop in drops}
    trips = sorted(plan.trips, key=lambda trip: (trip.departs_s, trip.vehicle_key, trip.trip))
    rows = _trips_store(delivery_run, trips, midnight)
    totes = Counter(Tote.objects.filter(drop__in=drops).values_list("drop_id", flat=True))
    Stop.objects.bulk_create(
        _stop_row(row, seq, stop, drop_of[stop.stop_key], totes=totes, midnight=midnight)
        for row, trip in zip(rows, trips, strict=True)
        for seq, stop in enumerate(trip.stops, start=1)
    )
    _slots_give(plan, trips, drop_of)
    return {
        "routes": len(trips),
        "vehicles": len({trip.vehicle_key for trip in trips}),
        "stops": sum(len(trip.stops) for trip in trips),
        "unserved": len(plan.unserved),
        "distance_m": plan.distance_m,
        "route_cost_fen": plan.cost_fen,
    }


def _trips_store(
    delivery_run: DeliveryRun, trips: list[PlannedTrip], midnight: datetime
) -> list[Trip]:
    vehicles = Vehicle.objects.in_bulk([trip.vehicle_key for trip in trips], field_name="code")
    return Trip.objects.bulk_create(
        Trip(
            delivery_run=delivery_run,
            vehicle=vehicles[trip.vehicle_key],
            route_no=route_no,
            trip_no=trip.trip,
            departs_at=midnight + timedelta(seconds=trip.departs_s),
            returns_at=midnight + timedelta(seconds=trip.returns_s),
            return_distance_m=trip.return_distance_m,
        )
        for route_no, trip in enumerate(trips, start=1)
    )


def _stop_row(
    trip: Trip,
    seq: int,
    stop: PlannedStop,
    drop: Drop,
    *,
    totes: Counter[int],
    midnight: datetime,
) -> Stop:
    """A planned stop with the load its drop has now; it may have changed during the search."""
    return Stop(
        trip=trip,
        stop_seq=seq,
        drop=drop,
        totes=totes[drop.pk],
        weight_g=drop.weight_g,
        volume_ml=drop.volume_ml,
        distance_m=stop.distance_m,
        arrive_at=midnight + timedelta(seconds=stop.arrive_s),
        start_at=midnight + timedelta(seconds=stop.start_s),
        depart_at=midnight + timedelta(seconds=stop.depart_s),
    )


def _slots_give(plan: RoutePlan, trips: list[PlannedTrip], drop_of: Mapping[str, Drop]) -> None:
    """Give every drop its slot; unserved drops wait in a lane after the last route.

    So does a drop that was made while the routes were searched.
    """
    for route_no, trip in enumerate(trips, start=1):
        for seq, stop in enumerate(trip.stops, start=1):
            drop_of[stop.stop_key].slot_code = str(SlotCode(route_no, seq))
    for seq, unserved in enumerate(plan.unserved, start=1):
        drop = drop_of[unserved.stop_key]
        drop.slot_code = str(SlotCode(len(trips) + 1, seq))
        drop.unserved_reason = unserved.reason
    made_since = [drop_of[code] for code in sorted(drop_of) if not drop_of[code].slot_code]
    for seq, drop in enumerate(made_since, start=len(plan.unserved) + 1):
        drop.slot_code = str(SlotCode(len(trips) + 1, seq))
        drop.unserved_reason = UnservedReason.ADDED_LATER
    Drop.objects.bulk_update(drop_of.values(), ["slot_code", "unserved_reason"])
