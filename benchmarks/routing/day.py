"""A day bundle as a routing problem, read straight from its CSV files.

The platform plans from allocated goods; a benchmark only needs one fixed
problem, so ordered quantities are used as they stand.
"""

import csv
from collections import defaultdict
from math import ceil
from pathlib import Path

from fulfillment.routing.day_model import DayEstimates, DayVehicle, Drop, build_day_problem
from fulfillment.routing.problem import Depot, RoutingProblem
from leaders.domain.coordinates import CoordSystem, Place, to_wgs84

TOTE_FILL_ML = 48_000
TOTE_WEIGHT_G = 20_000


def read_day(folder: Path, estimates: DayEstimates | None = None) -> RoutingProblem:
    """Return the routing problem of the bundle in `folder`."""
    warehouse = _rows(folder / "warehouses.csv")[0]
    depot = Depot(key=warehouse["code"], place=_place(warehouse))
    loads = _loads(folder)
    drops = [_drop(row, loads[row["code"]]) for row in _rows(folder / "leaders.csv")]
    fleet = [_vehicle(row) for row in _rows(folder / "vehicles.csv")]
    wanted = [drop for drop in drops if drop.weight_g]
    return build_day_problem(depot, wanted, fleet, estimates or DayEstimates())


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _place(row: dict[str, str]) -> Place:
    system = CoordSystem(row["coord_system"])
    return to_wgs84(float(row["lng"]), float(row["lat"]), system)


def _loads(folder: Path) -> dict[str, dict[str, list[int]]]:
    """Return leader -> storage class -> [grams, millilitres]."""
    skus = {row["code"]: row for row in _rows(folder / "skus.csv")}
    loads: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for row in _rows(folder / "orders.csv"):
        sku, qty = skus[row["sku_code"]], int(row["qty"])
        load = loads[row["leader_code"]][sku["storage"]]
        load[0] += qty * int(sku["weight_g"])
        load[1] += qty * int(sku["volume_ml"])
    return loads


def _drop(row: dict[str, str], classes: dict[str, list[int]]) -> Drop:
    totes = sum(max(ceil(ml / TOTE_FILL_ML), ceil(g / TOTE_WEIGHT_G)) for g, ml in classes.values())
    return Drop(
        key=row["code"],
        place=_place(row),
        weight_g=sum(g for g, _ in classes.values()),
        volume_ml=sum(ml for _, ml in classes.values()),
        totes=totes,
        opens_s=_seconds(row["opens_at"]),
        closes_s=_seconds(row["closes_at"]),
        unload_s=60 * int(row["unload_minutes"]),
    )


def _vehicle(row: dict[str, str]) -> DayVehicle:
    return DayVehicle(
        key=row["code"],
        capacity_g=1000 * int(row["capacity_kg"]),
        capacity_totes=int(row["capacity_totes"]),
        fixed_cost_fen=int(row["fixed_cost_fen"]),
        cost_per_km_fen=int(row["cost_per_km_fen"]),
        cost_per_hour_fen=int(row["cost_per_hour_fen"]),
        shift_start_s=_seconds(row["shift_start"]),
        shift_end_s=_seconds(row["shift_end"]),
    )


def _seconds(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 3600 * int(hours) + 60 * int(minutes)
