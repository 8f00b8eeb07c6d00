"""The buyer's list for the market: what to buy at which stall."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.papers.paper import Party
from fulfillment.papers.shopping_list import (
    ShoppingLine,
    ShoppingListContent,
    Stall,
    render_shopping_list,
)
from tests.fulfillment.papers.contents import STAMP
from tests.fulfillment.papers.reading import codes, page_texts, rows


def line(sku_code: str = "K001", **changes: Any) -> ShoppingLine:
    made = ShoppingLine(
        sku_code=sku_code,
        name="西兰花 750g",
        unit="份",
        need_qty=86,
        pack_factor=20,
        packs=5,
        weight_g=750,
        unit_cost_fen=500,
        last_cost_fen=480,
    )
    return replace(made, **changes)


def stall(code: str, *lines: ShoppingLine) -> Stall:
    seller = Party(name=f"万邦 {code} 档口", code=code, contact="老周", phone="19900000001")
    return Stall(seller=seller, lines=lines or (line(),))


def content(*stalls: Stall) -> ShoppingListContent:
    return ShoppingListContent(
        stamp=STAMP, batch="C20260310", delivery_on=date(2026, 3, 11), stalls=stalls
    )


def test_a_line_has_the_need_the_packs_and_the_last_price() -> None:
    paper = render_shopping_list(content(stall("M01")))

    found = [" ".join(row.split()) for row in rows(paper.pdf)]
    assert "K001 西兰花 750g 86 份 5 × 20 4.80" in found
    assert "1 5 100 75.0 480.00" in found
    assert (paper.pages, paper.lines, paper.pieces) == (1, 1, 100)


def test_what_was_never_bought_has_no_last_price() -> None:
    paper = render_shopping_list(content(stall("M01", line(last_cost_fen=None))))

    assert "—" in page_texts(paper.pdf)[0]
    # The cash to take is reckoned at the offer's price then.
    assert "1 5 100 75.0 500.00" in [" ".join(row.split()) for row in rows(paper.pdf)]


def test_stalls_come_in_the_order_of_their_numbers() -> None:
    paper = render_shopping_list(content(stall("M10"), stall("M9")))

    found = [row.split()[0] for row in rows(paper.pdf) if "档口" in row]
    assert found == ["M9", "M10"]


def test_the_code_on_the_page_is_the_papers_own() -> None:
    paper = render_shopping_list(
        replace(content(stall("M01")), stamp=replace(STAMP, code="B*0310*MARKET*1"))
    )

    assert codes(paper.pdf) == {("QRCode", "B*0310*MARKET*1")}


@settings(deadline=None, max_examples=20)
@given(
    st.lists(st.tuples(st.integers(1, 999), st.integers(1, 40), st.integers(1, 48)), max_size=60)
)
def test_every_line_is_on_the_list_however_long_it_gets(
    bought: list[tuple[int, int, int]],
) -> None:
    lines = tuple(
        line(f"K{at:03d}", packs=packs, pack_factor=factor, need_qty=packs * factor)
        for at, (_number, packs, factor) in enumerate(bought)
    )

    paper = render_shopping_list(content(Stall(seller=Party(name="档口", code="M1"), lines=lines)))

    printed = [row.split() for row in rows(paper.pdf) if "西兰花" in row]
    assert len(printed) == len(lines) == paper.lines
    assert paper.pieces == sum(bought_line.ordered_qty for bought_line in lines)
