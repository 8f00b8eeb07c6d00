"""Rates as whole numbers, for engines that count in integers."""

from collections.abc import Iterable
from fractions import Fraction
from math import lcm

from fulfillment.routing.problem import Vehicle

# Costs become whole numbers per metre and second through a factor of at most
# this much: larger numbers drive PyVRP's penalties against their upper bound,
# where it struggles to find anything feasible. Beyond it rates are rounded, in
# the search only, by less than half a fen per kilometre.
_MAX_SCALE = 1_000


def cost_scale(vehicles: Iterable[Vehicle]) -> int:
    """Return the smallest factor, up to a bound, that turns all rates into whole numbers."""
    rates = [rate for v in vehicles for rate in (_per_metre(v), _per_second(v))]
    return min(lcm(*(rate.denominator for rate in rates)), _MAX_SCALE)


def metre_cost(vehicle: Vehicle, scale: int) -> int:
    """Return the scaled cost of a metre."""
    return round(_per_metre(vehicle) * scale)


def second_cost(vehicle: Vehicle, scale: int) -> int:
    """Return the scaled cost of a second."""
    return round(_per_second(vehicle) * scale)


def _per_metre(vehicle: Vehicle) -> Fraction:
    return Fraction(vehicle.cost_per_km_fen, 1000)


def _per_second(vehicle: Vehicle) -> Fraction:
    return Fraction(vehicle.cost_per_hour_fen, 3600)
