"""The JD Global Optimization Challenge 2018 as routing problems.

Its stops, windows and two kinds of vehicles; its road times were never at hand,
so roads are estimated like those of any day. Batteries are left out, and what
merchants hand over counts as if it were delivered. A vehicle comes back for a
second trip after an hour, unloading takes half an hour, as in the contest.
Windows of half an hour cannot all be met on estimated roads: such stops are
left out with their reason.
"""

import csv
from pathlib import Path

from fulfillment.routing.day_model import DayEstimates, DayVehicle, Drop, build_day_problem
from fulfillment.routing.problem import Depot, RoutingProblem
from leaders.domain.coordinates import CoordSystem, Place, to_wgs84

_DEPOT, _STATION = "1", "4"
_DAY_S = 24 * 3600
_UNLOAD_S = 1800
_ESTIMATES = DayEstimates(reload_s=3600, max_trips=2)
# Contest: 200 and 300 yuan a day, 12 and 14 yuan a km, 24 yuan an hour of waiting,
# here of any hour; more vehicles than a day can need.
_FLEET = 160


def read_jd(path: Path) -> RoutingProblem:
    """Return the problem in one of the contest's node files."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    (depot,) = (row for row in rows if row["type"] == _DEPOT)
    drops = [_drop(row) for row in rows if row["type"] not in (_DEPOT, _STATION)]
    fleet = [vehicle for number in range(_FLEET) for vehicle in _pair(number)]
    return build_day_problem(Depot(key="depot", place=_place(depot)), drops, fleet, _ESTIMATES)


def _drop(row: dict[str, str]) -> Drop:
    return Drop(
        key=row["ID"],
        place=_place(row),
        weight_g=round(float(row["pack_total_weight"]) * 1_000_000),
        volume_ml=round(float(row["pack_total_volume"]) * 1_000_000),
        totes=0,
        opens_s=_seconds(row["first_receive_tm"]),
        closes_s=_seconds(row["last_receive_tm"]) or _DAY_S,
        unload_s=_UNLOAD_S,
    )


def _pair(number: int) -> tuple[DayVehicle, DayVehicle]:
    """Return one vehicle of each kind."""
    van = DayVehicle(
        key=f"IVECO-{number:03}",
        capacity_g=2_000_000,
        capacity_ml=12_000_000,
        capacity_totes=0,
        fixed_cost_fen=20_000,
        cost_per_km_fen=1_200,
        cost_per_hour_fen=2_400,
        shift_start_s=8 * 3600,
        shift_end_s=_DAY_S,
    )
    truck = DayVehicle(
        key=f"TRUCK-{number:03}",
        capacity_g=2_500_000,
        capacity_ml=16_000_000,
        capacity_totes=0,
        fixed_cost_fen=30_000,
        cost_per_km_fen=1_400,
        cost_per_hour_fen=2_400,
        shift_start_s=8 * 3600,
        shift_end_s=_DAY_S,
    )
    return van, truck


def _place(row: dict[str, str]) -> Place:
    return to_wgs84(float(row["lng"]), float(row["lat"]), CoordSystem.GCJ02)


def _seconds(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 3600 * int(hours) + 60 * int(minutes)
