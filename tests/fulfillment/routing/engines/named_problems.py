"""Small problems that engines must solve to the last fen."""

from fulfillment.routing.problem import RoutingProblem
from tests.fulfillment.routing.builders import HOUR_S, drop, micro_van, on_a_map, van

EAST, WEST, NORTH = (10, 0), (-10, 1), (0, 12)


def one_van_two_sides() -> RoutingProblem:
    """Two pairs of stops on opposite sides of the depot, one van that could take all."""
    points = [EAST, (11, 1), WEST, (-11, 0)]
    stops = [drop(key) for key in "ABCD"]
    return on_a_map(points, stops, [van("V1"), van("V2")])


def second_trip() -> RoutingProblem:
    """Too much for one load and one van only, so it reloads after the early stops."""
    points = [EAST, (12, 0), WEST, (-12, 0)]
    stops = [
        drop("A", weight_g=500_000, closes_s=8 * HOUR_S),
        drop("B", weight_g=400_000, closes_s=8 * HOUR_S),
        drop("C", weight_g=600_000),
        drop("D", weight_g=300_000),
    ]
    return on_a_map(points, stops, [van("V1", max_trips=2)])


def second_trip_beats_second_van() -> RoutingProblem:
    """Two loads near the depot: reloading one van is cheaper than starting another."""
    points = [(2, 0), (-2, 0), (0, 2)]
    stops = [drop(key, weight_g=600_000) for key in "ABC"]
    return on_a_map(points, stops, [van("V1", max_trips=2), van("V2", max_trips=2)])


def small_load_small_van() -> RoutingProblem:
    """One heavy and one light side: the light one goes by micro van."""
    points = [EAST, (11, 0), WEST]
    stops = [
        drop("A", weight_g=500_000),
        drop("B", weight_g=500_000),
        drop("C", weight_g=300_000, closes_s=7 * HOUR_S),
    ]
    fleet = [van("V1"), van("V2"), micro_van("M1"), micro_van("M2")]
    return on_a_map(points, stops, fleet)


def tight_windows() -> RoutingProblem:
    """Three stops whose windows force an order that is not the shortest."""
    points = [EAST, NORTH, (10, 10)]
    stops = [
        drop("A", opens_s=9 * HOUR_S, closes_s=9 * HOUR_S + 600),
        drop("B", opens_s=6 * HOUR_S, closes_s=7 * HOUR_S),
        drop("C", opens_s=7 * HOUR_S + 1800, closes_s=8 * HOUR_S + 1800),
    ]
    return on_a_map(points, stops, [van("V1")])


NAMED = {
    problem.__name__: problem
    for problem in (
        one_van_two_sides,
        second_trip,
        second_trip_beats_second_van,
        small_load_small_van,
        tight_windows,
    )
}
