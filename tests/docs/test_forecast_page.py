"""docs/algorithms/forecast.md against the code and the recorded run."""

import json

from orders.domain.demand_history import (
    CAMPAIGNS,
    ONE_SKU,
    STEPS,
    WEEKDAYS_MIN,
    WHOLE_CAMPAIGN,
)
from orders.domain.forecast import PIECES_AT_ONCE, RANGE_DEVIATIONS, Level, forecast, naive
from orders.selectors.demand_history import CAMPAIGNS_KEPT_IN_MIND, HISTORY, LONGEST_WINDOW
from tests.docs.pages import DOCS, tables, text

PAGE = "algorithms/forecast.md"
RECORDED = DOCS.parent / "benchmarks" / "results" / "forecast-20261122-220512.json"
WAYS = {
    "naive, total": "naive_total",
    "forecast, total": "unsure_total",
    "naive, SKUs": "naive_sku",
    "new SKU": "new_sku",
    "forecast, SKUs": "unsure_sku",
    "day alike, SKUs": "alike_sku",
}


def test_the_worked_examples_come_out() -> None:
    for row in tables(PAGE)[0]:
        paid, share = int(row["paid"]), int(row["share"].removesuffix(" %")) / 100
        found = forecast(
            paid,
            share,
            level=Level(1_000, 0.5),
            steadiness=75,
            cap=None if row["cap"] == "—" else int(row["cap"]),
        )

        assert naive(paid, share) == int(row["naive"])
        assert (found.final, found.low, found.high) == (
            int(row["forecast"]),
            int(row["low"]),
            int(row["high"]),
        )


def test_the_errors_by_hour_are_those_that_were_recorded() -> None:
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))["halves"]

    shown = [
        {"hour": int(row["hour"].removesuffix(":00"))}
        | {way: float(row[heading]) for heading, way in WAYS.items()}
        for row in tables(PAGE)[1]
    ]

    assert shown == [{key: row[key] for key in ("hour", *WAYS.values())} for row in recorded]


def test_the_failures_that_are_told_are_those_that_were_recorded() -> None:
    recorded = {
        row["hour"]: row for row in json.loads(RECORDED.read_text(encoding="utf-8"))["other_day"]
    }

    for hour in (9, 14, 18, 20):
        row = recorded[hour]
        assert f"{row['unsure_total']} against {row['naive_total']}" in text(PAGE)
        assert row["unsure_total"] > row["naive_total"]
    assert recorded[8]["unsure_total"] < recorded[8]["naive_total"]


def test_the_figures_of_the_text_are_those_of_the_code() -> None:
    page = text(PAGE)

    for words in (
        f"hence the {PIECES_AT_ONCE}.",
        f"{RANGE_DEVIATIONS} deviations",
        f"in {STEPS} equal steps",
        f"newest {CAMPAIGNS_KEPT_IN_MIND} campaigns",
        f"within {HISTORY.days} days",
        f"longer than {LONGEST_WINDOW.total_seconds() / 3600:.0f} hours",
        f"{WHOLE_CAMPAIGN.spread**0.5:.0%}".replace("%", " %") + " for a campaign",
        f"{ONE_SKU.spread**0.5:.0%}".replace("%", " %") + " for a SKU",
    ):
        assert words in page, words
    assert (CAMPAIGNS, WEEKDAYS_MIN) == (4, 3)
