"""docs/algorithms/allocation.md against the code."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fulfillment.domain.allocation import LineDemand, ShortageRule, allocate
from fulfillment.domain.quotas import webster_quotas
from fulfillment.domain.reallocation import HeldLine, reallocate
from orders.domain.control_code import ALPHABET, CODE_LENGTH, control_code
from orders.domain.money import share_fen
from tests.docs.pages import Row, tables, text

PAGE = "algorithms/allocation.md"


def line(row: Row) -> LineDemand:
    hour, minute = (int(part) for part in row["paid"].split(":"))
    return LineDemand(
        line_key=row["line"],
        point_code=row["point"],
        qty=int(row["ordered"]),
        paid_at=datetime(2026, 3, 9, hour, minute, tzinfo=UTC),
    )


def test_the_example_is_shared_out_as_the_page_says() -> None:
    rows = tables(PAGE)[0]
    lines = [line(row) for row in rows]

    by_time = allocate(lines, 10, ShortageRule.PAID_TIME).quantities
    by_quota = allocate(lines, 10, ShortageRule.LEADER_QUOTA).quantities

    assert sum(own.qty for own in lines) == 14
    assert [str(by_time[row["line"]]) for row in rows] == [row["by paid time"] for row in rows]
    assert [str(by_quota[row["line"]]) for row in rows] == [row["by leader quota"] for row in rows]


def test_both_methods_share_as_the_page_says() -> None:
    rows = tables(PAGE)[1]

    assert [row["accepted"] for row in rows] == ["10", "11", "12"]
    for row in rows:
        supply = int(row["accepted"])
        quotas = webster_quotas({"A": 6, "B": 6, "C": 2}, supply)
        assert ", ".join(str(quotas[point]) for point in "ABC") == row["Webster"]
        # Largest remainder is how money is split, where nothing is ever topped up.
        assert ", ".join(map(str, share_fen(supply, [6, 6, 2]))) == row["largest remainder"]


def test_sharing_out_twice_contradicts_sharing_out_once_as_often_as_the_page_says() -> None:
    words = text(PAGE)

    assert "6 routes with 8 leaders each (1 to 30 pieces a leader, a tenth missing)" in words
    assert f"{contradictions(largest_remainder)} times by largest remainder" in words
    assert f"{contradictions(webster_quotas)} times by Webster" in words


def largest_remainder(demands: Mapping[str, int], supply: int) -> dict[str, int]:
    return dict(zip(demands, share_fen(supply, list(demands.values())), strict=True))


def contradictions(share: Callable[[Mapping[str, int], int], dict[str, int]]) -> int:
    """How many of 500 waves differ when the routes are shared over first."""
    dice = random.Random(1)
    found = 0
    for _wave in range(500):
        demands = {
            f"{route}-{leader}": dice.randint(1, 30) for route in range(6) for leader in range(8)
        }
        supply = sum(demands.values()) * 9 // 10
        of_route: dict[str, dict[str, int]] = {}
        for slot, qty in demands.items():
            of_route.setdefault(slot[0], {})[slot] = qty
        quotas = share({route: sum(own.values()) for route, own in of_route.items()}, supply)
        twice: dict[str, int] = {}
        for route, own in of_route.items():
            twice |= share(own, quotas[route])
        found += twice != share(demands, supply)
    return found


def test_sets_are_shared_out_as_the_page_says() -> None:
    rows = tables(PAGE)[2]
    lines = [set_line(row) for row in rows]

    for supply in range(3, 7):
        quantities = allocate(lines, supply, ShortageRule.PAID_TIME).quantities
        assert [str(quantities[row["line"]]) for row in rows] == [
            row[f"of {supply}"] for row in rows
        ]


def set_line(row: Row) -> LineDemand:
    return replace(line(row | {"point": "A"}), is_whole_only=row["set"] == "yes")


HELD_AT_TEN = {"a": (6, 5), "b": (6, 4), "c": (2, 1)}
NIGHTS: dict[str, tuple[dict[str, dict[str, Any]], bool]] = {
    "shared out": ({}, False),
    "one came late": ({}, False),
    "one broke": ({}, False),
    "one broke, 5 of a sorted": ({"a": {"sorted_qty": 5}}, False),
    "one broke, b fixed at 4": ({"b": {"is_fixed": True}}, False),
    "one came late, shortages final": ({}, True),
}


def test_re_runs_move_what_the_page_says() -> None:
    rows = tables(PAGE)[3]

    assert [row["case"] for row in rows] == list(NIGHTS)
    for row in rows:
        changes, is_final = NIGHTS[row["case"]]
        lines = [
            HeldLine(
                demand=LineDemand(
                    line_key=key,
                    point_code=key.upper(),
                    qty=ordered,
                    paid_at=datetime(2026, 3, 9, 7, minute, tzinfo=UTC),
                ),
                held_qty=has,
                **changes.get(key, {}),
            )
            for minute, (key, (ordered, has)) in enumerate(HELD_AT_TEN.items())
        ]
        after = reallocate(lines, int(row["supply"]), ShortageRule.LEADER_QUOTA, is_final=is_final)
        assert [str(after[key]) for key in "abc"] == [row[key] for key in "abc"]


def test_the_codes_of_the_page_are_those_of_its_lines() -> None:
    for row in tables(PAGE)[4]:
        pairs = [
            (key, int(qty))
            for part in row["lines"].split(", ")
            if part != "none"
            for key, qty in [part.split(" × ")]
        ]
        pieces = sum(qty for _key, qty in pairs)
        assert (control_code(pairs), str(pieces)) == (row["code"], row["pieces"])


def test_the_odds_of_the_page_are_those_of_the_alphabet() -> None:
    codes = len(ALPHABET) ** CODE_LENGTH
    all_differ = 1.0
    for taken in range(1_000):
        all_differ *= 1 - taken / codes

    assert f"odds of 1 in {codes:,}." in text(PAGE)
    assert f"share one with odds of {1 - all_differ:.0%}".replace("%", " %") in text(PAGE)
