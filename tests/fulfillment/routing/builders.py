"""Small named routing problems, each told in a sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations, product
from typing import Any

import numpy as np

from fulfillment.routing.checker import check_plan
from fulfillment.routing.problem import Depot, RoutingProblem, Stop, Vehicle
from fulfillment.routing.schedule import Duty, build_plan

HOUR_S = 3600
MINUTE_S = 60
OPENS_S = 6 * HOUR_S


def van(key: str = "V1", **changes: Any) -> Vehicle:
    """A van of 1,000 kg and 90 totes on duty from 05:30 to 12:30, one trip."""
    base = Vehicle(
        key=key,
        capacity_g=1_000_000,
        capacity_totes=90,
        fixed_cost_fen=14_000,
        cost_per_km_fen=130,
        cost_per_hour_fen=3_000,
        shift_start_s=5 * HOUR_S + 30 * MINUTE_S,
        shift_end_s=12 * HOUR_S + 30 * MINUTE_S,
        max_trips=1,
        reload_s=20 * MINUTE_S,
    )
    return replace(base, **changes)


def micro_van(key: str = "M1", **changes: Any) -> Vehicle:
    """A micro van of 600 kg and 40 totes, cheaper in every respect."""
    small = van(key, capacity_g=600_000, capacity_totes=40)
    cheap = replace(small, fixed_cost_fen=9_000, cost_per_km_fen=90)
    return replace(cheap, **changes)


def drop(key: str, **changes: Any) -> Stop:
    """A drop of 200 kg in 10 totes, open from 06:00 to 12:00, 12 minutes of work."""
    base = Stop(
        key=key,
        weight_g=200_000,
        totes=10,
        volume_ml=400_000,
        opens_s=OPENS_S,
        closes_s=12 * HOUR_S,
        service_s=12 * MINUTE_S,
    )
    return replace(base, **changes)


def on_a_line(
    kilometres: Sequence[int], stops: Sequence[Stop], vehicles: Sequence[Vehicle]
) -> RoutingProblem:
    """Stops along one road from the depot at kilometre 0; a kilometre takes two minutes."""
    at = np.array([0, *kilometres], dtype=np.int64)
    apart = np.abs(at[:, None] - at[None, :])
    return RoutingProblem(
        depot=Depot(key="W1"),
        stops=tuple(stops),
        vehicles=tuple(vehicles),
        distance_m=apart * 1_000,
        duration_s=apart * 2 * MINUTE_S,
    )


def on_a_map(
    points: Sequence[tuple[int, int]], stops: Sequence[Stop], vehicles: Sequence[Vehicle]
) -> RoutingProblem:
    """Stops on a street grid (kilometres from the depot), two minutes a kilometre."""
    at = np.array([(0, 0), *points], dtype=np.int64)
    apart = np.abs(at[:, None, :] - at[None, :, :]).sum(axis=2)
    return RoutingProblem(
        depot=Depot(key="W1"),
        stops=tuple(stops),
        vehicles=tuple(vehicles),
        distance_m=apart * 1_000,
        duration_s=apart * 2 * MINUTE_S,
    )


def brute_force_fen(problem: RoutingProblem) -> int | None:
    """Return the cost of the cheapest sound plan that serves every stop, or None.

    Tries every stop in every trip of every vehicle and every order within the
    trips: for a handful of stops only.
    """
    slots = [
        (position, trip)
        for position, vehicle in enumerate(problem.vehicles)
        for trip in range(vehicle.max_trips)
    ]
    best: int | None = None
    for choice in product(range(len(slots)), repeat=len(problem.stops)):
        filled = [
            [node for node in problem.nodes if choice[node - 1] == slot]
            for slot in range(len(slots))
        ]
        for orders in product(*(permutations(nodes) for nodes in filled)):
            plan = build_plan(problem, _duties(slots, orders))
            if (best is None or plan.cost_fen < best) and not check_plan(problem, plan):
                best = plan.cost_fen
    return best


def _duties(slots: Sequence[tuple[int, int]], orders: Sequence[tuple[int, ...]]) -> Iterator[Duty]:
    for position in {position for position, _ in slots}:
        trips = tuple(
            order
            for (owner, _), order in zip(slots, orders, strict=True)
            if owner == position and order
        )
        yield Duty(position, trips)
