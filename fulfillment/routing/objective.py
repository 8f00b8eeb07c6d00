"""What a search minimises: the cost, and what the operator would pay to avoid the rest."""

from fulfillment.routing.plan import RoutePlan
from fulfillment.routing.problem import RoutingProblem, Stop


def objective_fen(problem: RoutingProblem, plan: RoutePlan) -> int:
    """Return the plan's cost and its penalties for unserved stops and strange drivers."""
    return plan.cost_fen + unserved_penalty_fen(problem, plan) + change_penalty_fen(problem, plan)


def unserved_penalty_fen(problem: RoutingProblem, plan: RoutePlan) -> int:
    """Return what the stops left out would have been worth."""
    left_out = {unserved.stop_key for unserved in plan.unserved}
    return sum(stop.unserved_penalty_fen for stop in problem.stops if stop.key in left_out)


def change_penalty_fen(problem: RoutingProblem, plan: RoutePlan) -> int:
    """Return what it is worth not to send strange drivers to stops that know another."""
    vehicle_of = {stop.stop_key: trip.vehicle_key for trip in plan.trips for stop in trip.stops}
    return sum(
        change_fen(stop, vehicle_of[stop.key]) for stop in problem.stops if stop.key in vehicle_of
    )


def change_fen(stop: Stop, vehicle_key: str) -> int:
    """Return what one stop's share of that is if this vehicle serves it."""
    is_strange = stop.usual_vehicle_key not in (None, vehicle_key)
    return stop.change_penalty_fen if is_strange else 0
