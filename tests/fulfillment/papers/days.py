"""A played day whose routes are given instead of solved: one trip, stops by point code."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from unittest.mock import patch

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Stop, Trip, Vehicle
from fulfillment.models.warehouse import Drop
from fulfillment.services.delivery import PlanBudget
from tests.builders import SHANGHAI
from tests.fulfillment.services.days import played

DEPARTS_AT = datetime(2026, 3, 11, 5, 30, tzinfo=SHANGHAI)
LEG = timedelta(minutes=30)


def routed_day() -> CutoffRun:
    """The run of the tiny day, ready to be printed."""
    with patch("fulfillment.services.cutoff_run.run_plan", _plan_given):
        return played()


def _plan_given(
    *, run: CutoffRun, budget: PlanBudget, now: datetime
) -> Callable[[], Mapping[str, int | str]]:
    def store() -> Mapping[str, int | str]:
        drops = list(
            Drop.objects.filter(wave__run=run)
            .order_by("pickup_point__code")
            .prefetch_related("totes")
        )
        delivery_run = DeliveryRun.objects.create(
            run_no="D1",
            cutoff_run=run,
            warehouse=run.warehouse,
            engine="given",
            seed=budget.seed,
            solver_seconds=0,
            cost_fen=1,
            distance_m=4000 * (len(drops) + 1),
            planned_at=now,
        )
        trip = Trip.objects.create(
            delivery_run=delivery_run,
            vehicle=Vehicle.objects.get(),
            route_no=1,
            trip_no=1,
            departs_at=DEPARTS_AT,
            returns_at=DEPARTS_AT + LEG * (len(drops) + 1),
            return_distance_m=4000,
        )
        for seq, drop in enumerate(drops, start=1):
            drop.slot_code = f"1-{seq:02d}"
            drop.save()
            arrive_at = DEPARTS_AT + LEG * seq
            Stop.objects.create(
                trip=trip,
                stop_seq=seq,
                drop=drop,
                totes=drop.totes.count(),
                weight_g=drop.weight_g,
                volume_ml=drop.volume_ml,
                distance_m=4000,
                arrive_at=arrive_at,
                start_at=arrive_at,
                depart_at=arrive_at + timedelta(minutes=5),
            )
        return {"routes": 1, "stops": len(drops), "unserved": 0}

    return store
