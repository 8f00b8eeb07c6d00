"""How far the forecast of a day's demand is off by hour, beside the naive share of the day.

python -m benchmarks.forecast.run --data ../shared/data
"""

import argparse
import csv
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import exp, log, sqrt
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from orders.domain.demand_history import (
    NEW_SKU,
    ONE_SKU,
    STEPS,
    WHOLE_CAMPAIGN,
    Outlook,
    PastCampaign,
    SkuOutlook,
    outlook,
)
from orders.domain.forecast import Forecast, Level, Window, forecast, naive

DAY, OTHER_DAY = "day_zhengzhou", "day_small"
RESULTS = Path(__file__).resolve().parents[1] / "results"
HALVINGS = 20
HOUR = timedelta(hours=1)


class Sale(NamedTuple):
    """Paid pieces of one line; `part` is the part of the window that was over."""

    leader: str
    sku: str
    qty: int
    part: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A bundle's sales, its window, and the category of each SKU; SKUs go by name."""

    window: Window
    sales: Sequence[Sale]
    category_of: Mapping[str, str]
    leaders: tuple[str, ...]

    def of_leaders(self, leaders: Iterable[str]) -> list[Sale]:
        """The sales of some leaders."""
        wanted = set(leaders)
        return [sale for sale in self.sales if sale.leader in wanted]

    def hours(self) -> list[tuple[int, float]]:
        """Full hours within the window, with the part that is over."""
        opens = self.window.opens_at
        moments = [opens + HOUR * number for number in range(1, 24)]
        return [
            (moment.hour, self.window.part_at(moment))
            for moment in moments
            if moment < self.window.closes_at
        ]


def read_day(folder: Path) -> Day:
    """Read a bundle."""
    campaign = json.loads((folder / "campaign.json").read_text(encoding="utf-8"))
    window = Window(
        datetime.fromisoformat(campaign["opens_at"]),
        datetime.fromisoformat(campaign["payments_close_at"]),
    )
    skus = {row["code"]: row for row in _rows(folder / "skus.csv")}
    sales = [
        Sale(
            row["leader_code"],
            skus[row["sku_code"]]["name"],
            int(row["qty"]),
            window.part_at(datetime.fromisoformat(row["paid_at"])),
        )
        for row in _rows(folder / "orders.csv")
    ]
    return Day(
        window=window,
        sales=sales,
        category_of={row["name"]: row["category"] for row in skus.values()},
        leaders=tuple(sorted({sale.leader for sale in sales})),
    )


def taught_by(sales: Iterable[Sale], category_of: Mapping[str, str]) -> Outlook:
    """What sales teach, taken as one campaign."""
    pieces: defaultdict[str, list[int]] = defaultdict(lambda: [0] * STEPS)
    for sale in sales:
        pieces[sale.sku][min(int(sale.part * STEPS), STEPS - 1)] += sale.qty
    found = outlook([PastCampaign(weekday=0, pieces=pieces)], category_of)
    if found is None:
        raise ValueError("nothing was sold")
    return found


class Errors:
    """Errors by hour and way of forecasting, averaged over the halvings."""

    def __init__(self) -> None:
        self._seen: defaultdict[tuple[int, str], list[float]] = defaultdict(list)

    def add(self, hour: int, way: str, error: float) -> None:
        """Note one error."""
        self._seen[hour, way].append(error)

    def table(self) -> list[dict[str, float]]:
        """One row an hour: percent by way."""
        hours = sorted({hour for hour, _way in self._seen})
        ways = list(dict.fromkeys(way for _hour, way in self._seen))
        return [
            {"hour": hour} | {way: round(100 * fmean(self._seen[hour, way]), 1) for way in ways}
            for hour in hours
        ]


def judge(
    errors: Errors, day: Day, unseen: Sequence[Sale], taught: Outlook, chance: random.Random
) -> None:
    """Forecast the unseen sales at every hour, and note how far each way is off.

    `_sku` is the sum of the errors of all SKUs over all pieces (WAPE), `_total`
    the error of the sum, `_held` the share of ends within the range.
    """
    finals = _summed(unseen, 1.0)
    whole = sum(finals.values())
    unsure = _disturbed(taught, finals, chance)
    for hour, part in day.hours():
        sold = _summed(unseen, part)
        paid, share = sum(sold.values()), taught.curve.share_at(part)
        errors.add(hour, "naive_total", abs(naive(paid, share) - whole) / whole)
        for way, level in (("unsure", unsure.level), ("alike", taught.level)):
            found = forecast(paid, share, level=level, steadiness=taught.steadiness)
            errors.add(hour, f"{way}_total", abs(found.final - whole) / whole)
            errors.add(hour, f"{way}_total_held", found.low <= whole <= found.high)
        plain = {sku: naive(sold.get(sku, 0), share) for sku in finals}
        errors.add(hour, "naive_sku", _wape(plain, finals))
        unknown = replace(taught, skus={})
        for way, expected in (("new", unknown), ("unsure", unsure), ("alike", taught)):
            forecasts = {
                sku: _forecast(expected.of_sku(sku, day.category_of[sku]), sold.get(sku, 0), part)
                for sku in finals
            }
            ends = {sku: found.final for sku, found in forecasts.items()}
            errors.add(hour, f"{way}_sku", _wape(ends, finals))
            held = [found.low <= finals[sku] <= found.high for sku, found in forecasts.items()]
            errors.add(hour, f"{way}_sku_held", fmean(held))


def halves(day: Day) -> list[dict[str, float]]:
    """Learn on one half of the leaders, forecast the other, and the other way round."""
    errors = Errors()
    for seed in range(HALVINGS):
        chance = random.Random(seed)
        shuffled = chance.sample(day.leaders, len(day.leaders))
        middle = len(shuffled) // 2
        for seen, unseen in (
            (shuffled[:middle], shuffled[middle:]),
            (shuffled[middle:], shuffled[:middle]),
        ):
            taught = taught_by(day.of_leaders(seen), day.category_of)
            judge(errors, day, day.of_leaders(unseen), taught, chance)
    return errors.table()


def other_day(day: Day, other: Day) -> list[dict[str, float]]:
    """Learn on one day, forecast another one with fewer leaders."""
    taught = taught_by(day.sales, day.category_of)
    scale = len(other.leaders) / len(day.leaders)
    errors = Errors()
    judge(errors, other, other.sales, _scaled(taught, scale), random.Random(0))
    return errors.table()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the protocol, print the tables and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", action="store_true", help="print JSON and keep nothing")
    options = parser.parse_args(arguments)
    day, other = read_day(options.data / DAY), read_day(options.data / OTHER_DAY)
    tables = {"halves": halves(day), "other_day": other_day(day, other)}
    found = {
        **tables,
        "pieces": {"day": sum(s.qty for s in day.sales), "other": sum(s.qty for s in other.sales)},
        "habits": {
            "whole": WHOLE_CAMPAIGN.spread,
            "sku": ONE_SKU.spread,
            "new": NEW_SKU.spread,
        },
    }
    if options.json:
        print(json.dumps(found, indent=1))
        return
    for name, rows in tables.items():
        _print(name, rows)
    target = RESULTS / f"forecast-{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    target.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"kept in {target}")


def _disturbed(taught: Outlook, finals: Mapping[str, int], chance: random.Random) -> Outlook:
    """The same with levels as far off as the habits say that days differ."""
    skus = {
        sku: replace(expected, level=_moved(expected.level, ONE_SKU.spread, chance))
        for sku, expected in sorted(taught.skus.items())
        if sku in finals
    }
    return replace(taught, skus=skus, level=_moved(taught.level, WHOLE_CAMPAIGN.spread, chance))


def _moved(level: Level, spread: float, chance: random.Random) -> Level:
    """A level multiplied by chance: log-normal, of mean 1 and the given squared deviation."""
    sigma = sqrt(log(1 + spread))
    return replace(level, mean=level.mean * exp(chance.gauss(-(sigma**2) / 2, sigma)))


def _scaled(taught: Outlook, scale: float) -> Outlook:
    def scaled(expected: SkuOutlook) -> SkuOutlook:
        return replace(expected, level=replace(expected.level, mean=expected.level.mean * scale))

    return replace(
        taught,
        level=replace(taught.level, mean=taught.level.mean * scale),
        skus={code: scaled(expected) for code, expected in taught.skus.items()},
        new_skus={name: scaled(expected) for name, expected in taught.new_skus.items()},
        new_sku=scaled(taught.new_sku),
    )


def _forecast(expected: SkuOutlook, sold: int, part: float) -> Forecast:
    share = expected.curve.share_at(part)
    return forecast(sold, share, level=expected.level, steadiness=ONE_SKU.steadiness)


def _summed(sales: Iterable[Sale], part: float) -> dict[str, int]:
    pieces: defaultdict[str, int] = defaultdict(int)
    for sale in sales:
        if sale.part <= part:
            pieces[sale.sku] += sale.qty
    return pieces


def _wape(found: Mapping[str, int], finals: Mapping[str, int]) -> float:
    return sum(abs(found[sku] - final) for sku, final in finals.items()) / sum(finals.values())


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _print(title: str, rows: Sequence[Mapping[str, float]]) -> None:
    print(f"\n{title}")
    print("  ".join(f"{name:>15}" for name in rows[0]))
    for row in rows:
        print("  ".join(f"{value:15g}" for value in row.values()))


if __name__ == "__main__":
    main()
