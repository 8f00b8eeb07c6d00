"""How far estimated roads and minutes are off, before and after calibration, on real roads.

python -m benchmarks.travel.run --data ../shared/data/road_network_beijing_yizhuang
"""

import argparse
import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from statistics import fmean, median, quantiles

from fulfillment.domain.calibration import Calibration, DrivenLeg, calibrate
from fulfillment.routing.travel import geodesic_m
from leaders.domain.coordinates import Place

PRESENT = Calibration(road_factor_percent=130, speed_m_per_h=25_000, hour_percents=(), legs=0)
SPLITS = 10
HOUR_S = 3_600
# The drives are made up, over the real roads: slow at seven and eight, with
# lights and traffic as chance has it. One in ten that is learnt from has a pause.
RUSH_HOURS, RUSH_M_PER_H, CALM_M_PER_H = (7, 8), 17_000, 22_000
WORK_HOURS = range(5, 13)
NOISE, PAUSED_SHARE, PAUSE_S = 0.2, 0.1, (300, 1_500)


@dataclass(frozen=True, slots=True)
class Miss:
    """How far estimates are off, relative to the truth: median, 90th percentile, and the sums."""

    median: float
    p90: float
    bias: float


def read_legs(folder: Path, *, seed: int = 1) -> list[list[DrivenLeg]]:
    """Return the road both ways between each two points of the folder, driven by chance."""
    with (folder / "jd_points_snapped.csv").open(encoding="utf-8", newline="") as stream:
        place_of = {
            row["point_id"]: Place(float(row["lng_wgs84"]), float(row["lat_wgs84"]))
            for row in csv.DictReader(stream)
        }
    with (folder / "jd_points_road_distance_m.csv").open(encoding="utf-8", newline="") as stream:
        (_, *ids), *rows = csv.reader(stream)
    straight = geodesic_m([place_of[point_id] for point_id in ids])
    road = [[int(cell) for cell in row[1:]] for row in rows]
    chance = random.Random(seed)
    return [
        [
            _driven(float(straight[here, there]), road[here][there], chance)
            for here, there in (pair, pair[::-1])
        ]
        for pair in combinations(range(len(ids)), 2)
    ]


def measured(
    pairs: Sequence[list[DrivenLeg]], *, seed: int, knows_roads: bool
) -> tuple[Calibration, list[DrivenLeg]]:
    """Calibrate on half of the pairs; return what came out, and the legs of the other half."""
    shuffled = random.Random(seed).sample(list(pairs), len(pairs))
    chance = random.Random(seed)
    learnt = [_paused(leg, chance) for pair in shuffled[: len(pairs) // 2] for leg in pair]
    if not knows_roads:
        learnt = [replace(leg, road_m=None) for leg in learnt]
    found = calibrate(learnt, road_factor_percent=PRESENT.road_factor_percent)
    return found, [leg for pair in shuffled[len(pairs) // 2 :] for leg in pair]


def road_miss(legs: Sequence[DrivenLeg], calibration: Calibration) -> Miss:
    """How far estimated road lengths are off."""
    return _miss(
        [leg.straight_m * calibration.road_factor_percent / 100 for leg in legs],
        [float(leg.road_m or 0) for leg in legs],
    )


def time_miss(legs: Sequence[DrivenLeg], calibration: Calibration) -> Miss:
    """How far estimated driving times are off."""
    return _miss(
        [_estimated_s(leg, calibration) for leg in legs], [float(leg.drive_s) for leg in legs]
    )


def mean_miss(misses: Sequence[Miss]) -> Miss:
    """The mean over several splits."""
    return Miss(
        fmean(miss.median for miss in misses),
        fmean(miss.p90 for miss in misses),
        fmean(miss.bias for miss in misses),
    )


def table(folder: Path) -> list[tuple[str, str, Miss]]:
    """Return what is estimated, by which figure (of the first split), and how far off."""
    pairs = read_legs(folder)
    rows = []
    for what, figure, miss, knows_roads in (
        ("road length", _factor, road_miss, True),
        ("driving time", _speed, time_miss, False),
    ):
        splits = [measured(pairs, seed=seed, knows_roads=knows_roads) for seed in range(SPLITS)]
        before = mean_miss([miss(rest, PRESENT) for _, rest in splits])
        after = mean_miss([miss(rest, found) for found, rest in splits])
        rows += [
            (f"{what}, as set", figure(PRESENT), before),
            (f"{what}, calibrated", figure(splits[0][0]), after),
        ]
    return rows


def _factor(calibration: Calibration) -> str:
    return f"factor {calibration.road_factor_percent / 100:.2f}"


def _speed(calibration: Calibration) -> str:
    return f"{calibration.speed_m_per_h / 1000:.1f} km/h"


def main() -> None:
    """Print the table of docs/algorithms/travel.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    print("| estimate | by | median miss | 90th percentile | sum |")
    print("|---|---|---|---|---|")
    for what, figure, miss in table(parser.parse_args().data):
        print(f"| {what} | {figure} | {miss.median:.1%} | {miss.p90:.1%} | {miss.bias:+.1%} |")


def _driven(straight_m: float, road_m: int, chance: random.Random) -> DrivenLeg:
    hour = chance.choice(WORK_HOURS)
    speed = RUSH_M_PER_H if hour in RUSH_HOURS else CALM_M_PER_H
    drive_s = road_m * HOUR_S / speed * chance.lognormvariate(0, NOISE)
    return DrivenLeg(
        straight_m=straight_m, drive_s=round(drive_s), left_s=hour * HOUR_S, road_m=road_m
    )


def _paused(leg: DrivenLeg, chance: random.Random) -> DrivenLeg:
    pause_s = chance.uniform(*PAUSE_S) if chance.random() < PAUSED_SHARE else 0
    return replace(leg, drive_s=leg.drive_s + round(pause_s))


def _estimated_s(leg: DrivenLeg, calibration: Calibration) -> float:
    begun = [percent for start_s, percent in calibration.hour_percents if start_s <= leg.left_s]
    road_m = leg.straight_m * calibration.road_factor_percent / 100
    return road_m * HOUR_S / calibration.speed_m_per_h * (begun[-1] if begun else 100) / 100


def _miss(estimated: Sequence[float], true: Sequence[float]) -> Miss:
    relative = [abs(guess - truth) / truth for guess, truth in zip(estimated, true, strict=True)]
    return Miss(median(relative), quantiles(relative, n=10)[-1], sum(estimated) / sum(true) - 1)


if __name__ == "__main__":
    main()
