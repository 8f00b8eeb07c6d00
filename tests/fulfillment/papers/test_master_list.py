"""D3: SKUs against routes, with totals on both edges."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.papers.master_list import (
    ROUTES_PER_BLOCK,
    MasterRow,
    render_master_list,
)
from orders.domain.storage import StorageClass
from tests.fulfillment.papers.contents import master_list, master_row
from tests.fulfillment.papers.reading import page_texts, rows


def test_a_row_shows_need_accepted_allocated_full_packs_and_its_routes() -> None:
    content = master_list(master_row("K1", (10, 0, 5), need_qty=20, accepted_qty=16))

    found = rows(render_master_list(content).pdf)

    assert "01:00 K1 商品K1 20 16 15 2×6 + 3 1 10 · 5 15" in found
    assert "Total of 1 SKUs 20 16 15 1 10 0 5 15" in found


def test_short_goods_are_named_on_the_first_page() -> None:
    content = master_list(
        master_row("K1", (10, 5)), master_row("K2", (3, 0), need_qty=9, accepted_qty=3)
    )

    first = page_texts(render_master_list(content).pdf)[0]

    assert "Short goods (1): needed → allocated" in first
    assert "9 → 3" in first
    assert "short 6" in first


def test_a_list_that_disagrees_with_the_wave_says_so() -> None:
    content = master_list(master_row("K1", (10, 5)), allocated_qty=14)

    text = page_texts(render_master_list(content).pdf)[0]

    assert "Check: sum of all routes 15 (15) ≠ allocation of the wave 14" in text


def test_each_temperature_class_begins_a_page_in_the_order_of_sorting() -> None:
    content = master_list(
        master_row("K1", (1,), storage=StorageClass.FROZEN),
        master_row("K2", (1,), storage=StorageClass.CHILL),
        master_row("K3", (1,)),
    )

    texts = page_texts(render_master_list(content).pdf)[1:]

    classes = ("Ambient", "Chilled", "Frozen")
    found = [[name for name in classes if name in text] for text in texts]
    assert found == [["Ambient"], ["Chilled"], ["Frozen"]]


def test_rows_follow_place_and_code_as_numbers() -> None:
    content = master_list(
        master_row("K10", (1,), place="A10"),
        master_row("K9", (1,), place="A10"),
        master_row("K1", (1,), place="A2"),
    )

    found = [row.split()[1] for row in rows(render_master_list(content).pdf) if "商品" in row]

    assert found == ["K1", "K9", "K10"]


@settings(deadline=None, max_examples=10)
@given(
    st.integers(1, 30).flatmap(
        lambda routes: st.lists(st.tuples(*[st.integers(0, 99)] * routes), min_size=1, max_size=30)
    )
)
def test_block_totals_add_up_to_the_wave(table: list[tuple[int, ...]]) -> None:
    content = master_list(*(master_row(f"K{number}", qty) for number, qty in enumerate(table)))

    paper = render_master_list(content)

    found = rows(paper.pdf)
    subtotals: Counter[str] = Counter()
    for row in found:
        if "商品" in row and not row.endswith("×"):
            subtotals[row.split()[1]] += int(row.split()[-1])
    assert sum(subtotals.values()) == paper.pieces == sum(map(sum, table))
    blocks = -(-len(table[0]) // ROUTES_PER_BLOCK)
    totals = [row for row in found if row.startswith(f"Total of {len(table)} SKUs")]
    assert len(totals) == blocks
    assert sum(int(row.split()[-1]) for row in totals) == paper.pieces


def test_the_whole_wave_is_counted_once_however_many_blocks_it_takes() -> None:
    wide: list[MasterRow] = [master_row(f"K{n:03d}", (1,) * 60) for n in range(180)]

    paper = render_master_list(master_list(*wide))

    assert (paper.lines, paper.pieces) == (180, 180 * 60)


def test_a_small_wave_gets_the_matrix_of_goods_and_slots() -> None:
    content = master_list(
        master_row("K1", (3, 4), slot_qty=(1, 2, 4)),
        master_row("K2", (1, 0), slot_qty=(0, 1, 0)),
        slots=("1-01", "1-02", "2-01"),
    )

    found = rows(render_master_list(content).pdf)

    assert "K1 商品K1 1 2 4 7" in found
    assert "K2 商品K2 · 1 · 1" in found
    assert "Total of 2 SKUs 1 3 4 8" in found


def test_a_matrix_of_many_slots_goes_on_over_the_pages() -> None:
    slots = tuple(f"1-{stop:02d}" for stop in range(1, 41))
    plain = render_master_list(master_list(master_row("K1", (40,))))

    paper = render_master_list(
        master_list(master_row("K1", (40,), slot_qty=(1,) * 40), slots=slots)
    )

    assert paper.pages == plain.pages + 2
    assert (paper.lines, paper.pieces) == (plain.lines, plain.pieces)


def test_what_is_gone_is_no_spare() -> None:
    row = master_row("K1", (10,), accepted_qty=13, gone_qty=2)

    assert row.spare_qty == 1
