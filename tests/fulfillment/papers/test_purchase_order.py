"""D1: what is bought, with its packs, sums and checks."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.papers.purchase_order import PurchaseOrderLine, render_purchase_order
from tests.fulfillment.papers.contents import STAMP, purchase_line, purchase_order
from tests.fulfillment.papers.reading import codes, page_texts, rows


def test_a_line_shows_packs_pieces_surplus_price_and_amount() -> None:
    paper = render_purchase_order(purchase_order(purchase_line(weighed=True)))

    found = rows(paper.pdf)
    assert "1 K001 西兰花 750g 份 5 750 3750 2 3.70 13,875.00" in [
        " ".join(row.split()) for row in found
    ]
    assert "by weight, paid by net weight" in found
    assert (paper.pages, paper.lines, paper.pieces) == (1, 1, 3750)


def test_totals_and_the_check_against_the_demand_are_printed() -> None:
    order = purchase_order(
        purchase_line("K001"),
        purchase_line("K002", packs=2, pack_factor=12, ordered_qty=24, need_qty=13),
    )

    found = rows(render_purchase_order(order).pdf)

    assert "2 752 3774 2830.5 13,963.80" in found
    assert "Check: ordered 3774 − surplus 13 = demand at the cut-off 3761 ✓" in found


def test_an_order_below_the_minimum_says_by_how_much() -> None:
    order = purchase_order(purchase_line(packs=1, ordered_qty=5, need_qty=3), min_order_fen=5000)

    text = page_texts(render_purchase_order(order).pdf)[0]

    assert "Below the minimum order of 50.00 yuan by 31.50 yuan" in text


def test_each_sku_below_its_least_order_is_listed() -> None:
    order = purchase_order(
        purchase_line("K001", packs=1, ordered_qty=5, need_qty=3, min_order_qty=20),
        purchase_line("K002", packs=4, ordered_qty=20, need_qty=18, min_order_qty=20),
    )

    text = page_texts(render_purchase_order(order).pdf)[0]

    assert "K001 西兰花 750g: below the least order of 20 by 15" in text
    assert text.count("below the least order") == 1


def test_the_order_says_the_number_that_names_its_batch_and_supplier() -> None:
    text = page_texts(render_purchase_order(purchase_order()).pdf)[0]

    assert "P-C20260310-S20" in text


def test_lines_follow_the_suppliers_own_codes_as_numbers() -> None:
    order = purchase_order(
        purchase_line("K003", supplier_code="A10"),
        purchase_line("K002", supplier_code="A9"),
        purchase_line("K001", supplier_code="A11"),
    )

    found = [row.split()[1] for row in rows(render_purchase_order(order).pdf) if "西兰花" in row]

    assert found == ["A9", "A10", "A11"]


def test_the_code_on_the_page_leads_to_the_order() -> None:
    order = purchase_order(stamp=replace(STAMP, code="P*0310A*S20*1"))

    assert codes(render_purchase_order(order).pdf) == {("QRCode", "P*0310A*S20*1")}


lines = st.builds(
    lambda number, packs, factor, missing, cost_fen: PurchaseOrderLine(
        supplier_code="",
        sku_code=f"K{number:03d}",
        name="商品",
        unit="份",
        pack_factor=factor,
        packs=packs,
        ordered_qty=packs * factor,
        need_qty=max(packs * factor - missing, 1),
        unit_cost_fen=cost_fen,
        weight_g=500,
    ),
    st.integers(1, 999),
    st.integers(1, 400),
    st.integers(1, 48),
    st.integers(0, 47),
    st.integers(1, 99_999),
)


@settings(deadline=None, max_examples=25)
@given(st.lists(lines, min_size=1, max_size=40))
def test_printed_totals_are_the_sums_of_the_printed_lines(order: list[PurchaseOrderLine]) -> None:
    paper = render_purchase_order(purchase_order(*order))

    found = rows(paper.pdf)
    printed = [row.split() for row in found if " 商品 份 " in row]
    amount_fen = sum(int(row[-1].replace(",", "").replace(".", "")) for row in printed)
    # Without a surplus the line has one figure less.
    pieces = sum(int(row[6]) for row in printed)
    packs = sum(int(row[5]) for row in printed)
    assert len(printed) == len(order) == paper.lines
    assert pieces == paper.pieces == sum(line.ordered_qty for line in order)
    assert any(
        row.split()[:3] == [str(len(order)), str(packs), str(pieces)]
        and int(row.split()[-1].replace(",", "").replace(".", "")) == amount_fen
        for row in found
    )
