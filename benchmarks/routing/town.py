"""A day of thousands of leaders: real places of Zhengzhou, drawn goods, seeded."""

import csv
import random
from math import ceil
from pathlib import Path

from fulfillment.routing.day_model import DayEstimates, DayVehicle, Drop, build_day_problem
from fulfillment.routing.problem import Depot, RoutingProblem
from leaders.domain.coordinates import Place

# The warehouse of day_zhengzhou, 30 km east of the centre.
_DEPOT = Place(lng=113.9740, lat=34.7210)
_FARTHEST_KM = 35.0
_HOUR_S = 3600
_SHIFT_S = (5 * _HOUR_S + 1800, 12 * _HOUR_S + 1800)
# A leader's goods: median 150 kg, rarely more than three times that.
_MEDIAN_LOG_KG, _SPREAD, _MOST_KG = 5.0, 0.5, 560.0
_KG_PER_TOTE = 15
# Room of the fleet, in trips, over what is to be carried.
_SLACK = 1.25
_MEAN_LOAD_KG = 860


def read_town(folder: Path, size: int, seed: int = 0) -> RoutingProblem:
    """Return a day of `size` leaders at communities of `folder`; the same for the same seed."""
    rng = random.Random(seed)
    with (folder / "communities.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if float(row["km_from_centre"]) < _FARTHEST_KM]
    chosen = rng.sample(sorted(rows, key=lambda row: row["source_id"]), size)
    drops = [_drop(row, rng) for row in chosen]
    kilograms = sum(drop.weight_g for drop in drops) / 1000
    fleet = [_vehicle(number) for number in range(ceil(kilograms * _SLACK / _MEAN_LOAD_KG))]
    return build_day_problem(Depot(key="W1", place=_DEPOT), drops, fleet, DayEstimates())


def _drop(row: dict[str, str], rng: random.Random) -> Drop:
    kilograms = min(_MOST_KG, rng.lognormvariate(_MEDIAN_LOG_KG, _SPREAD))
    return Drop(
        key=row["source_id"],
        place=Place(lng=float(row["lng_wgs84"]), lat=float(row["lat_wgs84"])),
        weight_g=round(kilograms * 1000),
        volume_ml=round(kilograms * 3000),
        totes=ceil(kilograms / _KG_PER_TOTE),
        opens_s=rng.choice([6, 6, 6, 7, 7, 8]) * _HOUR_S,
        closes_s=rng.choice([10, 11, 12]) * _HOUR_S,
        unload_s=360,
    )


def _vehicle(number: int) -> DayVehicle:
    """Return a van of 1,000 kg; every third is a micro van of 600 kg."""
    is_micro = number % 3 == 0
    return DayVehicle(
        key=f"{'M' if is_micro else 'V'}{number:04}",
        capacity_g=600_000 if is_micro else 1_000_000,
        capacity_totes=45 if is_micro else 90,
        fixed_cost_fen=9_000 if is_micro else 14_000,
        cost_per_km_fen=90 if is_micro else 130,
        cost_per_hour_fen=3_000,
        shift_start_s=_SHIFT_S[0],
        shift_end_s=_SHIFT_S[1],
    )
