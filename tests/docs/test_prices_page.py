"""docs/algorithms/prices.md against the code."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from orders.domain.landed_cost import CostRates, PieceCost, break_even_fen, landed_cost, margin_of
from orders.domain.money import format_yuan
from orders.domain.price_rules import (
    LoggedPrice,
    PricedLine,
    PriceLimits,
    PriceRule,
    former_price,
    price_faults,
)
from orders.domain.what_if import WhatIf
from tests.docs.pages import Row, tables

LANDED, EVEN, FORMER, SAID, THOUGHT = tables("algorithms/prices.md")
RATES = CostRates(inbound_fen_per_kg=40, refund_reserve_bp=200, payment_fee_bp=60)
LIMITS = PriceLimits(
    rates=RATES,
    strike_days=30,
    jump_percent=30,
    margin_min_bp=500,
    loss_leader_limit=2,
    resident_limit=20,
    skus_max=150,
)
OPENING = datetime(2026, 3, 10, tzinfo=UTC)


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def percent(text: str) -> int:
    return int(text.removesuffix(" %"))


def piece_of(row: Row) -> PieceCost:
    return PieceCost(
        cost_fen=fen(row["cost (yuan)"]),
        weight_g=int(row["weight (g)"]),
        commission_bp=percent(row["commission"]) * 100,
    )


def test_landed_costs_are_those_of_the_page() -> None:
    assert len(LANDED) == 6
    for row in LANDED:
        piece, price_fen = piece_of(row), fen(row["price (yuan)"])
        cost = landed_cost(piece, price_fen=price_fen, rates=RATES)
        margin = margin_of(piece, price_fen=price_fen, qty=1, rates=RATES)

        assert (
            row
            | {
                "carrying in": format_yuan(cost.inbound_fen),
                "commission due": format_yuan(cost.commission_fen),
                "reserve": format_yuan(cost.refund_reserve_fen),
                "fee": format_yuan(cost.payment_fee_fen),
                "landed": format_yuan(cost.total_fen),
                "left": format_yuan(margin.margin_fen),
                "margin": f"{margin.margin_bp / 100:.2f} %",
            }
            == row
        )


def test_the_break_even_is_that_of_the_page() -> None:
    assert len(EVEN) == 4
    for row in EVEN:
        assert format_yuan(break_even_fen(piece_of(row), rates=RATES)) == row["break-even (yuan)"]


def test_former_prices_are_those_of_the_page() -> None:
    assert len(FORMER) == 5
    for row in FORMER:
        held = (entry.split(": ") for entry in row["price log (days before: yuan)"].split(", "))
        log = [LoggedPrice(OPENING - timedelta(days=int(days)), fen(yuan)) for days, yuan in held]
        found = former_price(log, before=OPENING, strike_days=30)

        told = format_yuan(found.price_fen) if found else "none"
        assert told == row["former price (yuan)"]


def test_warnings_are_said_as_the_page_says() -> None:
    assert len(SAID) == 10
    for row in SAID:
        elsewhere, last = row["elsewhere in the city"], row["last price"]
        line = PricedLine(
            price_fen=fen(row["price"]),
            piece=PieceCost(cost_fen=400, weight_g=500, commission_bp=1_000),
            limit_qty=None if row["limit"] == "none" else int(row["limit"]),
            last_price_fen=None if last == "-" else fen(last),
            has_reason=True,
            is_approved=True,
            parallel_low_fen=None if elsewhere == "-" else fen(elsewhere),
        )
        margin = line.margin(RATES)
        assert margin is not None
        if row["margin"].endswith("%"):
            assert f"{margin.margin_bp / 100:.2f} %" == row["margin"]
        assert (margin.margin_fen < 0) == (row["margin"] == "below cost")
        found = {fault.rule for fault in price_faults(line, LIMITS)}
        assert found == ({PriceRule(row["rule"])} if row["said"] == "yes" else set())


def test_thinking_of_another_price_is_reckoned_as_the_page_says() -> None:
    assert len(THOUGHT) == 3
    goods = PieceCost(cost_fen=400, weight_g=500, commission_bp=1_000)
    for row in THOUGHT:
        change = WhatIf(
            price_percent=percent(row["price by"]),
            qty_percent=percent(row["pieces by"]),
            commission_bp=percent(row["commission"]) * 100,
        )
        line = change.line(PricedLine(price_fen=fen(row["price (yuan)"]), piece=goods))
        qty = change.qty(int(row["pieces"]))
        cost, margin = line.landed(RATES), line.margin(RATES, qty)

        assert cost is not None
        assert margin is not None
        assert (
            row
            | {
                "new price": format_yuan(line.price_fen),
                "landed": format_yuan(cost.total_fen),
                "pieces then": str(qty),
                "left of all": format_yuan(margin.margin_fen),
            }
            == row
        )
