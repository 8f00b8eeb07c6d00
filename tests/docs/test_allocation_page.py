"""docs/algorithms/allocation.md against the code."""

from datetime import UTC, datetime

from fulfillment.domain.allocation import LineDemand, ShortageRule, allocate
from fulfillment.domain.quotas import webster_quotas
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


def test_the_codes_of_the_page_are_those_of_its_lines() -> None:
    for row in tables(PAGE)[2]:
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
