"""docs/algorithms/purchasing.md against the code."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from fulfillment.domain.buying_up import OpenLine, packs_bought_up
from fulfillment.domain.leftovers import Shelved, may_be_sold_again
from fulfillment.domain.purchase_review import (
    NEEDS_REASON,
    ReviewedLine,
    ReviewedOrder,
    ReviewLimits,
    Rule,
    objections_to,
    reasons_needed,
)
from fulfillment.domain.purchasing import Need, needs_of, propose
from fulfillment.domain.supplier_terms import PriceTier, SupplierTerms
from orders.domain.money import format_yuan
from orders.domain.storage import StorageClass
from tests.docs.pages import Row, tables

PAGE = "algorithms/purchasing.md"
LINES, SUPPLIERS, CHOICES, TIERS, RULES, GROWN, SHELF = tables(PAGE)
TODAY = date(2026, 3, 12)


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def terms_of(row: Row) -> SupplierTerms:
    return SupplierTerms(
        supplier_code=row["supplier"],
        sku_code=row["SKU"],
        pack_factor=int(row["pack"]),
        unit_cost_fen=fen(row["cost (yuan)"]),
    )


def test_the_example_is_bought_as_the_page_says() -> None:
    sold = {row["SKU"]: int(row["sold"]) for row in LINES}
    left_over = {row["SKU"]: int(row["left over"]) for row in LINES}

    plan = propose(
        needs_of(sold, left_over),
        [terms_of(row) for row in LINES],
        {row["supplier"]: fen(row["minimum (yuan)"]) for row in SUPPLIERS},
    )

    assert [
        {
            "supplier": proposal.supplier_code,
            "SKU": line.sku_code,
            "sold": str(sold[line.sku_code]),
            "left over": str(left_over[line.sku_code]),
            "need": str(line.need_qty),
            "pack": str(line.pack_factor),
            "packs": str(line.packs),
            "ordered": str(line.ordered_qty),
            "surplus": str(line.surplus_qty),
            "cost (yuan)": format_yuan(line.unit_cost_fen),
            "amount (yuan)": format_yuan(line.amount_fen),
        }
        for proposal in plan
        for line in proposal.lines
    ] == LINES
    assert [
        {
            "supplier": proposal.supplier_code,
            "amount (yuan)": format_yuan(proposal.amount_fen),
            "minimum (yuan)": format_yuan(proposal.min_order_fen),
            "gap (yuan)": format_yuan(proposal.min_order_gap_fen),
        }
        for proposal in plan
    ] == SUPPLIERS


def test_packs_and_not_pieces_are_compared() -> None:
    large = SupplierTerms(supplier_code="S01", sku_code="K1", pack_factor=100, unit_cost_fen=90)
    small = SupplierTerms(supplier_code="S02", sku_code="K1", pack_factor=10, unit_cost_fen=100)

    assert len(CHOICES) == 2
    for row in CHOICES:
        need = int(row["need"])
        (proposal,) = propose([Need("K1", need)], [large, small], {})
        assert format_yuan(large.cost_of(need)) == row["S01: packs of 100 at 0.90"]
        assert format_yuan(small.cost_of(need)) == row["S02: packs of 10 at 1.00"]
        assert proposal.supplier_code == row["bought from"]


def test_the_tier_that_the_packs_reach_is_paid() -> None:
    tiered = SupplierTerms(
        supplier_code="S01",
        sku_code="K1",
        pack_factor=6,
        unit_cost_fen=400,
        tiers=(PriceTier(50, 360), PriceTier(100, 330)),
    )

    assert len(TIERS) == 4
    for row in TIERS:
        (proposal,) = propose([Need("K1", int(row["need"]))], [tiered], {})
        (line,) = proposal.lines
        assert {
            "need": str(line.need_qty),
            "ordered": str(line.ordered_qty),
            "cost (yuan)": format_yuan(line.unit_cost_fen),
            "amount (yuan)": format_yuan(line.amount_fen),
        } == row


def reviewed(rule: Rule, is_value: int, against: int) -> ReviewedOrder:
    """An order with nothing against it but what the rule is to find."""
    line = ReviewedLine(
        sku_code="K1",
        need_qty=against if rule is Rule.CONFIRMED_SHORT else 1,
        ordered_qty=is_value if rule is Rule.BELOW_MOQ else 100,
        unit_cost_fen=is_value if rule is Rule.PRICE_JUMP else 400,
        min_order_qty=against if rule is Rule.BELOW_MOQ else 0,
        last_cost_fen=against if rule is Rule.PRICE_JUMP else None,
        confirmed_qty=is_value if rule is Rule.CONFIRMED_SHORT else None,
    )
    licences: dict[Rule, list[date | None]] = {
        Rule.NO_LICENCE: [],
        Rule.EXPIRED_LICENCE: [TODAY - timedelta(days=1)],
    }
    noon = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)
    return ReviewedOrder(
        amount_fen=is_value if rule is Rule.BELOW_MINIMUM else 60_000,
        min_order_fen=against if rule is Rule.BELOW_MINIMUM else 0,
        lines=[line],
        licences=licences.get(rule, [None]),
        confirm_by=noon if rule is Rule.UNCONFIRMED else None,
        is_confirmed=rule is Rule.CONFIRMED_SHORT,
    )


def test_the_rules_say_what_the_page_says() -> None:
    limits = ReviewLimits(
        on=TODAY, now=datetime(2026, 3, 11, 15, 30, tzinfo=UTC), price_jump_percent=15
    )

    assert list(dict.fromkeys(row["rule"] for row in RULES)) == [rule.value for rule in Rule]
    assert {row["rule"] for row in RULES[:6]} == NEEDS_REASON
    for row in RULES:
        rule = Rule(row["rule"])
        found = objections_to(reviewed(rule, int(row["is"]), int(row["against"])), limits)
        assert [(o.rule, o.is_value, o.should_value) for o in found] == (
            [(rule, int(row["is"]), int(row["against"]))] if row["said"] == "yes" else []
        )
        assert bool(reasons_needed(found)) == (rule in NEEDS_REASON and row["said"] == "yes")


def test_the_order_of_the_example_grows_as_the_page_says() -> None:
    ours = {row["SKU"]: row for row in LINES if row["supplier"] == "S01"}
    lines = [
        OpenLine(
            line_key=key,
            need_qty=int(row["need"]),
            packs=int(row["packs before"]),
            terms=terms_of(ours[row["SKU"]]),
        )
        for key, row in enumerate(GROWN)
    ]

    packs = packs_bought_up(lines, min_order_fen=60_000)

    assert [
        {
            "SKU": line.terms.sku_code,
            "need": str(line.need_qty),
            "packs before": str(line.packs),
            "packs after": str(packs[line.line_key]),
            "surplus after": str(packs[line.line_key] * line.terms.pack_factor - line.need_qty),
            "amount after (yuan)": format_yuan(line.amount_fen(packs[line.line_key])),
        }
        for line in lines
    ] == GROWN


def test_goods_come_back_from_the_shelf_as_the_page_says() -> None:
    assert len(SHELF) == 8
    for row in SHELF:
        is_weighed = row["goods"] == "by weight"
        dated = row["best before, days from today"]
        goods = Shelved(
            age_days=int(row["age in days"]),
            storage=StorageClass.AMBIENT if is_weighed else StorageClass(row["goods"]),
            is_catch_weight=is_weighed,
            best_before=None if dated == "-" else TODAY + timedelta(days=int(dated)),
        )
        assert may_be_sold_again(goods, on=TODAY, max_age_days=2) == (row["sold again"] == "yes")
