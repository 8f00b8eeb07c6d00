"""VROOM: good single trips within a moment; the only module that imports it.

It knows loads, windows, shifts, doors and a mixed fleet, and no second trips:
vehicles that may drive several appear several times, and the trips are packed
into days afterwards (`fleet.Roster`), each where it costs least. Its hours are
those of driving alone. What a packed day breaks is mended.

References
----------
Coupey, J., J.-M. Nicod and C. Varnier. VROOM, Vehicle Routing Open-source
Optimization Machine. https://vroom-project.org, BSD-2-Clause.
"""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import vroom

from fulfillment.routing.engines.fleet import Roads, Roster
from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.engines.pace import VROOM_STOPS
from fulfillment.routing.engines.regions import rebuilt
from fulfillment.routing.engines.repair import mended
from fulfillment.routing.engines.views import views_of
from fulfillment.routing.engines.worker import serve
from fulfillment.routing.problem import RoutingProblem, Stop, Vehicle
from fulfillment.routing.schedule import Duty, Trip
from fulfillment.routing.search import SearchOutcome, SearchTask

NAME = "vroom"
_PRIORITIES = 100
_MOST_THOROUGH = 5


def search(task: SearchTask) -> SearchOutcome:
    """Search from nothing; the iterations are its level of exploration.

    A large day is searched in the regions of the task's start: VROOM's time
    grows faster than with the square of the size.
    """
    judge = Judge(task.problem)
    if len(task.problem.stops) > VROOM_STOPS and task.start:
        duties = rebuilt(task, search, VROOM_STOPS)
    else:
        duties = mended(judge, _days(task.problem, list(_routes(task))))
    fen = judge.objective_fen(duties, judge.left_out(duties))
    if fen is not None:
        task.journal.note(NAME, 1, fen)
    return SearchOutcome(duties=duties, trajectory=tuple(task.journal.points), by=NAME)


def _routes(task: SearchTask) -> Iterator[tuple[int, Trip]]:
    """Yield the vehicle and the stops of each route."""
    problem = task.problem
    model = vroom.Input()
    model.set_durations_matrix("car", problem.duration_s.astype(np.uint32))
    model.set_distances_matrix("car", problem.distance_m.astype(np.uint32))
    views = views_of(problem)
    guarded = frozenset[int]().union(*(view.barred for view in views))
    size = len(problem.vehicles)
    for position, vehicle in enumerate(problem.vehicles):
        # A door that is closed to some is a skill of the others.
        skills = set(guarded - views[position].barred)
        for copy in range(vehicle.max_trips):
            model.add_vehicle(_vehicle(position + copy * size, vehicle, skills))
    dearest_fen = max(stop.unserved_penalty_fen for stop in problem.stops)
    for node in problem.nodes:
        stop = problem.stop_at(node)
        skills = {node} & guarded
        priority = _PRIORITIES * stop.unserved_penalty_fen // max(1, dearest_fen)
        model.add_job(_job(node, stop, skills, priority))
    found = model.solve(
        exploration_level=min(_MOST_THOROUGH, (task.params.iterations or 1) - 1),
        nb_threads=1,
        timeout=timedelta(seconds=task.params.seconds),
    )
    for route in found.to_dict()["routes"]:
        nodes = tuple(step["id"] for step in route["steps"] if step["type"] == "job")
        yield route["vehicle"] % size, nodes


def _days(problem: RoutingProblem, routes: list[tuple[int, Trip]]) -> tuple[Duty, ...]:
    """Return the routes as days; with second trips, each where it costs least."""
    if all(vehicle.max_trips == 1 for vehicle in problem.vehicles):
        return tuple(Duty(position, (trip,)) for position, trip in routes)
    roster = Roster(Roads(problem))
    heaviest = sorted(
        (trip for _, trip in routes),
        key=lambda trip: (-sum(problem.stop_at(node).weight_g for node in trip), trip),
    )
    for trip in heaviest:
        roster.take_trip(trip)
    return roster.duties()


def _vehicle(number: int, vehicle: Vehicle, skills: set[int]) -> vroom.Vehicle:
    return vroom.Vehicle(
        number,
        start=0,
        end=0,
        capacity=[
            vehicle.capacity_g,
            vehicle.capacity_totes,
            vehicle.capacity_ml,
            vehicle.capacity_cold_totes,
        ],
        skills=skills,
        time_window=vroom.TimeWindow(vehicle.shift_start_s, vehicle.latest_return_s),
        costs=vroom.VehicleCosts(
            fixed=vehicle.fixed_cost_fen,
            per_hour=vehicle.cost_per_hour_fen,
            per_km=vehicle.cost_per_km_fen,
        ),
    )


def _job(node: int, stop: Stop, skills: set[int], priority: int) -> vroom.Job:
    return vroom.Job(
        node,
        location=node,
        default_service=stop.service_s,
        delivery=[stop.weight_g, stop.totes, stop.volume_ml, stop.cold_totes],
        skills=skills,
        priority=priority,
        time_windows=[vroom.TimeWindow(stop.opens_s, stop.closes_s)],
    )


if __name__ == "__main__":
    serve({NAME: search})
