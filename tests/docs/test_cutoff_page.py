"""docs/algorithms/cutoff.md against the code."""

from datetime import UTC, datetime

from orders.domain.cutoff import Phase, Timeline, judge_payment
from orders.domain.demand import PaidLine, demand_of
from tests.docs.pages import tables, text

PAGE = "algorithms/cutoff.md"


def at(clock: str) -> datetime:
    hour, minute, second = (int(part) for part in f"{clock}:00".split(":")[:3])
    return datetime(2026, 3, 9, hour, minute, second, tzinfo=UTC)


TIMELINE = Timeline(
    opens_at=at("07:00"),
    orders_close_at=at("22:58"),
    payments_close_at=at("23:01"),
    freeze_at=at("23:03"),
)
TAKES_ORDERS = {Phase.ORDERING}
TAKES_PAYMENTS = {Phase.ORDERING, Phase.PAYING}


def test_the_clocks_of_the_example_are_those_of_the_test() -> None:
    assert "Opens 07:00, orders close 22:58, payments close 23:01, freezes 23:03:" in text(PAGE)


def test_every_instant_of_the_page_has_its_phase() -> None:
    rows = tables(PAGE)[0]

    assert len(rows) == 8
    for row in rows:
        phase = TIMELINE.phase_at(at(row["instant"]))
        assert phase == row["phase"]
        assert (phase in TAKES_ORDERS) == (row["order accepted"] == "yes")
        assert (phase in TAKES_PAYMENTS) == (row["payment counts"] == "yes")


def test_every_verdict_of_the_page_is_the_one_given() -> None:
    rows = tables(PAGE)[1]

    assert len(rows) == 5
    for row in rows:
        for success in ("23:01:00", "23:01:01") if row["success"] == "any" else (row["success"],):
            for frozen in (False, True) if row["demand"] == "any" else (row["demand"] == "frozen",):
                judged = judge_payment(
                    succeeded_at=at(success),
                    payments_close_at=TIMELINE.payments_close_at,
                    is_frozen=frozen,
                    is_order_payable=row["order"] in {"any", "payable"},
                    is_amount_right=row["amount"] == "right",
                )
                assert judged == row["verdict"]
                assert judged.is_incident == (row["incident"] == "yes")


def test_the_snapshot_of_the_page_has_its_hash() -> None:
    rows = tables(PAGE)[2]
    lines = [PaidLine(row["order_no"], row["sku_code"], int(row["qty"]), 0) for row in rows]

    demand = demand_of(sorted(lines))

    assert demand.by_sku == {"K1": 2, "K2": 4}
    assert f"are K1 2, K2 4 and hash to `{demand.lines_hash}`." in text(PAGE)
