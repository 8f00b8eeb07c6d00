"""Demand turned into purchase orders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.purchasing import (
    Need,
    PurchaseLine,
    Unsourced,
    needs_of,
    propose,
)
from fulfillment.domain.supplier_terms import PriceTier, SupplierTerms
from fulfillment.errors import SkuNeededTwice
from leaders.errors import PromiseBroken


def terms(
    supplier: str,
    sku: str,
    *,
    pack: int = 1,
    cost_fen: int = 100,
    rank: int = 0,
    least: int = 0,
    tiers: tuple[PriceTier, ...] = (),
) -> SupplierTerms:
    return SupplierTerms(
        supplier_code=supplier,
        sku_code=sku,
        pack_factor=pack,
        unit_cost_fen=cost_fen,
        rank=rank,
        min_order_qty=least,
        tiers=tiers,
    )


needs_strategy = st.dictionaries(
    st.sampled_from([f"K{number:02d}" for number in range(12)]),
    st.integers(min_value=0, max_value=500),
).map(lambda wanted: [Need(sku, qty) for sku, qty in wanted.items()])
terms_strategy = st.lists(
    st.builds(
        terms,
        st.sampled_from(["S1", "S2", "S3"]),
        st.sampled_from([f"K{number:02d}" for number in range(12)]),
        pack=st.integers(min_value=1, max_value=48),
        cost_fen=st.integers(min_value=0, max_value=10_000),
        rank=st.integers(min_value=0, max_value=1),
        least=st.sampled_from([0, 0, 20, 300]),
        tiers=st.lists(
            st.builds(PriceTier, st.integers(2, 400), st.integers(0, 10_000)), max_size=3
        ).map(tuple),
    ),
    max_size=40,
)


def test_packs_are_rounded_up_and_the_surplus_is_shown() -> None:
    plan = propose([Need("K042", 86)], [terms("S01", "K042", pack=20, cost_fen=480)], {})

    assert plan.proposals[0].lines == (
        PurchaseLine(
            sku_code="K042",
            need_qty=86,
            pack_factor=20,
            packs=5,
            ordered_qty=100,
            surplus_qty=14,
            unit_cost_fen=480,
            amount_fen=48_000,
        ),
    )


def test_a_need_of_whole_packs_has_no_surplus() -> None:
    (proposal,) = propose([Need("K042", 80)], [terms("S01", "K042", pack=20)], {})

    assert (proposal.packs, proposal.ordered_qty, proposal.surplus_qty) == (4, 80, 0)


def test_a_minimum_not_reached_is_shown_as_a_gap_and_nothing_is_dropped() -> None:
    needs = [Need("K042", 86), Need("K007", 3), Need("K100", 10)]
    offers = [
        terms("S01", "K042", pack=20, cost_fen=480),
        terms("S01", "K007", pack=1, cost_fen=1_000),
        terms("S02", "K100", pack=10, cost_fen=3_000),
    ]

    plan = propose(needs, offers, {"S01": 60_000, "S02": 30_000})

    assert [
        (proposal.supplier_code, proposal.amount_fen, proposal.min_order_gap_fen)
        for proposal in plan
    ] == [("S01", 51_000, 9_000), ("S02", 30_000, 0)]
    assert [line.sku_code for line in plan.proposals[0].lines] == ["K007", "K042"]
    assert len(plan) == 2


def test_the_cheaper_packs_win_over_the_cheaper_piece() -> None:
    offers = [
        terms("S01", "K042", pack=100, cost_fen=90),
        terms("S02", "K042", pack=10, cost_fen=100),
    ]

    few = propose([Need("K042", 12)], offers, {})
    many = propose([Need("K042", 100)], offers, {})

    assert (few.proposals[0].supplier_code, few.proposals[0].amount_fen) == ("S02", 2_000)
    assert (many.proposals[0].supplier_code, many.proposals[0].amount_fen) == ("S01", 9_000)


def test_a_preferred_supplier_is_asked_first_whatever_it_costs() -> None:
    offers = [
        terms("S01", "K042", cost_fen=90, rank=1),
        terms("S02", "K042", cost_fen=500, rank=0),
    ]

    assert propose([Need("K042", 12)], offers, {}).proposals[0].supplier_code == "S02"


def test_of_equal_offers_the_first_supplier_code_wins_in_any_order_of_rows() -> None:
    offers = [terms("S02", "K042"), terms("S01", "K042")]

    assert propose([Need("K042", 1)], offers, {}) == propose([Need("K042", 1)], offers[::-1], {})
    assert propose([Need("K042", 1)], offers, {}).proposals[0].supplier_code == "S01"


def test_a_sku_without_a_supplier_is_reported_and_the_rest_is_bought() -> None:
    plan = propose([Need("K999", 4), Need("K042", 1)], [terms("S01", "K042")], {})

    assert plan.unsourced == (Unsourced("K999", 4),)
    assert plan.proposals[0].ordered_qty == 1


def test_a_need_of_nothing_buys_nothing_and_is_not_reported() -> None:
    plan = propose([Need("K042", 0), Need("K999", 0)], [terms("S01", "K042")], {"S01": 1})

    assert plan.proposals == ()
    assert plan.unsourced == ()


def test_a_sku_needed_on_two_lines_is_refused() -> None:
    with pytest.raises(SkuNeededTwice):
        propose([Need("K042", 1), Need("K042", 2)], [terms("S01", "K042")], {})


def test_a_least_order_of_a_sku_is_a_gap_and_nothing_is_dropped() -> None:
    (proposal,) = propose([Need("K042", 12)], [terms("S01", "K042", pack=6, least=30)], {})

    (line,) = proposal.lines
    assert (line.ordered_qty, line.min_order_qty, line.min_order_gap_qty) == (12, 30, 18)


def test_a_least_order_that_is_reached_leaves_no_gap() -> None:
    (proposal,) = propose([Need("K042", 27)], [terms("S01", "K042", pack=6, least=30)], {})

    assert proposal.lines[0].min_order_gap_qty == 0


def test_what_a_least_order_would_cost_decides_between_suppliers_of_one_rank() -> None:
    offers = [terms("S01", "K042", cost_fen=90, least=100), terms("S02", "K042", cost_fen=100)]

    assert propose([Need("K042", 12)], offers, {}).proposals[0].supplier_code == "S02"
    assert propose([Need("K042", 100)], offers, {}).proposals[0].supplier_code == "S01"


def test_what_lies_left_over_is_not_bought() -> None:
    needs = needs_of({"K042": 12, "K007": 3, "K100": 4}, {"K042": 5, "K007": 3})

    assert needs == [Need("K007", 0), Need("K042", 7), Need("K100", 4)]


@pytest.mark.parametrize("leftovers", [{"K042": 13}, {"K999": 1}, {"K042": -1}])
def test_no_more_is_taken_from_the_shelf_than_was_sold(leftovers: dict[str, int]) -> None:
    with pytest.raises(PromiseBroken):
        needs_of({"K042": 12}, leftovers)


@given(needs=needs_strategy, offers=terms_strategy)
def test_every_piece_needed_is_bought_once_or_reported(
    needs: list[Need], offers: list[SupplierTerms]
) -> None:
    plan = propose(needs, offers, {})

    met = {line.sku_code: line.need_qty for proposal in plan for line in proposal.lines}
    reported = {need.sku_code: need.need_qty for need in plan.unsourced}
    assert not met.keys() & reported.keys()
    assert met | reported == {need.sku_code: need.need_qty for need in needs if need.need_qty}


@given(needs=needs_strategy, offers=terms_strategy)
def test_each_line_orders_the_fewest_whole_packs(
    needs: list[Need], offers: list[SupplierTerms]
) -> None:
    for proposal in propose(needs, offers, {}):
        for line in proposal.lines:
            assert line.ordered_qty == line.packs * line.pack_factor
            assert line.ordered_qty - line.pack_factor < line.need_qty <= line.ordered_qty
            assert line.surplus_qty == line.ordered_qty - line.need_qty
            assert line.amount_fen == line.ordered_qty * line.unit_cost_fen
            assert line.min_order_gap_qty == max(0, line.min_order_qty - line.ordered_qty)


@given(needs=needs_strategy, offers=terms_strategy)
def test_the_order_of_rows_changes_nothing(needs: list[Need], offers: list[SupplierTerms]) -> None:
    unique = list({(offer.supplier_code, offer.sku_code): offer for offer in offers}.values())

    assert propose(needs, unique, {}) == propose(needs[::-1], unique[::-1], {})


@given(needs=needs_strategy, offers=terms_strategy)
def test_no_supplier_of_the_best_rank_would_have_been_cheaper(
    needs: list[Need], offers: list[SupplierTerms]
) -> None:
    for proposal in propose(needs, offers, {}):
        for line in proposal.lines:
            rivals = [offer for offer in offers if offer.sku_code == line.sku_code]
            best_rank = min(offer.rank for offer in rivals)
            best = [offer for offer in rivals if offer.rank == best_rank]
            cheapest = min(offer.cost_of(line.need_qty) for offer in best)
            assert any(
                offer.cost_of(line.need_qty) == cheapest
                and offer.supplier_code == proposal.supplier_code
                for offer in best
            )


@given(
    sold=st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 200)),
    shelf=st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 200)),
    offers=st.lists(st.builds(terms, st.sampled_from(["S1", "S2"]), st.sampled_from("ABCDE"))),
)
def test_every_piece_sold_is_on_the_shelf_or_bought_or_reported(
    sold: dict[str, int], shelf: dict[str, int], offers: list[SupplierTerms]
) -> None:
    used = {sku: min(qty, sold[sku]) for sku, qty in shelf.items() if sku in sold}

    plan = propose(needs_of(sold, used), offers, {})

    covered = {line.sku_code: line.need_qty for proposal in plan for line in proposal.lines}
    covered |= {need.sku_code: need.need_qty for need in plan.unsourced}
    assert {sku: covered.get(sku, 0) + used.get(sku, 0) for sku in sold} == sold
