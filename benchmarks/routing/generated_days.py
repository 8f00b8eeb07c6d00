"""Generated days of one town: the same doors every day, each about as large as the day before."""

import math
import random
from dataclasses import replace
from datetime import timedelta

from fulfillment.routing.day_model import DayEstimates, DayVehicle, Drop, build_day_problem
from fulfillment.routing.problem import Depot, RoutingProblem
from leaders.domain.coordinates import Place

WAREHOUSE = Place(113.774, 34.721)
HOUR_S = int(timedelta(hours=1).total_seconds())
# Of the doors, who orders nothing on a day, and who is new on the second.
QUIET, NEW = 0.08, 0.03
# Large leaders are large every day: doors differ by more than days do.
MEAN_TOTES, DOORS_DIFFER, DAYS_DIFFER = 8, 0.45, 0.2
KG_OF_A_TOTE, L_OF_A_TOTE = 12, 40


def generated_day(stops: int, seed: int, *, day: int, estimates: DayEstimates) -> RoutingProblem:
    """Return day 1 or 2 of a town of `stops` doors, with more vans than it needs."""
    doors = [_door(number, seed) for number in range(round(stops * (1 + NEW)))]
    known = doors[:stops] if day == 1 else doors
    dice = random.Random(f"{seed} day {day}")
    drops = [_loaded(door, dice, seed) for door in known if dice.random() >= QUIET]
    fleet = [_van(number) for number in range(round(stops / 4))]
    return build_day_problem(Depot(key="W1", place=WAREHOUSE), drops, fleet, estimates)


def with_usual_vehicles(
    problem: RoutingProblem, usual: dict[str, str], penalty_fen: int
) -> RoutingProblem:
    """The same day, with the vehicle each door knows."""
    return replace(
        problem,
        stops=tuple(
            replace(stop, usual_vehicle_key=usual[stop.key], change_penalty_fen=penalty_fen)
            if stop.key in usual
            else stop
            for stop in problem.stops
        ),
    )


def _door(number: int, seed: int) -> Drop:
    dice = random.Random(f"{seed} door {number}")
    away, angle = 14 * math.sqrt(dice.random()), dice.uniform(0, 2 * math.pi)
    opens_s = dice.choice((6, 6, 6, 7, 7, 8)) * HOUR_S
    return Drop(
        key=f"L{number + 1:04d}",
        place=Place(
            WAREHOUSE.lng + away * math.cos(angle) / 91.4,
            WAREHOUSE.lat + away * math.sin(angle) / 110.9,
        ),
        weight_g=0,
        volume_ml=0,
        totes=0,
        opens_s=opens_s,
        closes_s=opens_s + dice.choice((2, 3, 4)) * HOUR_S,
        unload_s=dice.choice((3, 4, 5, 6)) * 60,
    )


def _loaded(door: Drop, dice: random.Random, seed: int) -> Drop:
    usual = random.Random(f"{seed} size {door.key}").lognormvariate(
        math.log(MEAN_TOTES), DOORS_DIFFER
    )
    totes = max(1, min(30, round(usual * dice.lognormvariate(0, DAYS_DIFFER))))
    return replace(
        door,
        totes=totes,
        weight_g=totes * KG_OF_A_TOTE * 1000,
        volume_ml=totes * L_OF_A_TOTE * 1000,
    )


def _van(number: int) -> DayVehicle:
    is_small = number % 4 != 3
    return DayVehicle(
        key=f"V{number + 1:02d}",
        capacity_g=600_000 if is_small else 1_000_000,
        capacity_totes=40 if is_small else 90,
        fixed_cost_fen=9_000 if is_small else 14_000,
        cost_per_km_fen=90 if is_small else 130,
        cost_per_hour_fen=3_000,
        shift_start_s=5 * HOUR_S + HOUR_S // 2,
        shift_end_s=12 * HOUR_S + HOUR_S // 2,
    )
