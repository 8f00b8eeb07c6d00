"""D5: everything in one slot, for two people to check."""

from fulfillment.papers.check_list import LoadClass, render_check_lists
from orders.domain.storage import StorageClass
from tests.fulfillment.papers.contents import check_line, check_list
from tests.fulfillment.papers.reading import page_texts, rows, words


def test_lines_go_ambient_first_heavy_first_and_then_by_place() -> None:
    content = check_list(
        check_line("K1", storage=StorageClass.FROZEN),
        check_line("K2", load_class=LoadClass.FRAGILE),
        check_line("K3", place="A10"),
        check_line("K4", place="A2"),
        check_line("K5", load_class=LoadClass.HEAVY, place="Z9"),
        check_line("K6", storage=StorageClass.CHILL),
    )

    found = [
        row.split()[2] for row in rows(render_check_lists("f", [content]).pdf) if "商品" in row
    ]

    assert found == ["K5", "K4", "K3", "K2", "K6", "K1"]


def test_a_line_cut_to_nothing_stays_visible_with_its_reason() -> None:
    content = check_list(check_line("K1", 3), check_line("K2", 0, short_qty=2, reason="damaged"))

    paper = render_check_lists("f", [content])

    found = rows(paper.pdf)
    at = found.index("2 01:00 K2 商品K2 份 0 short 2")
    assert found[at + 1] == "damaged"
    assert (paper.lines, paper.pieces) == (1, 3)


def test_totals_of_lines_pieces_weight_totes_and_shortages_are_printed() -> None:
    content = check_list(check_line("K1", 3), check_line("K2", 1, short_qty=1, weight_g=1200))

    assert "2 4 2.7 3 / 1 / 1 1" in rows(render_check_lists("f", [content]).pdf)


def test_the_slot_stands_large_on_the_first_page_and_again_on_every_other() -> None:
    content = check_list(*(check_line(f"K{number:03d}") for number in range(60)))

    slots = [w for w in words(render_check_lists("f", [content]).pdf) if w.text.strip() == "3-07"]

    assert [(word.page, word.size) for word in slots] == [(1, 48), (2, 24), (3, 24)]


def test_no_price_is_printed_in_the_warehouse() -> None:
    text = page_texts(render_check_lists("f", [check_list(check_line("K1", 3))]).pdf)[0]

    assert "yuan" not in text
    assert "¥" not in text


def test_markup_in_names_is_printed_and_not_obeyed() -> None:
    content = check_list(check_line("K1", 2, name="<b>粗体</b>&amp;%(x)s"))

    assert "1 01:00 K1 <b>粗体</b>&amp;%(x)s 份 2" in rows(render_check_lists("f", [content]).pdf)


def test_endless_names_keep_the_page_and_the_quantity() -> None:
    content = check_list(
        check_line("K1", 7, name="长" * 10_000), leader_name="名" * 10_000, point_name="点" * 10_000
    )

    paper = render_check_lists("f", [content])

    assert paper.pages == 1
    assert any(word.text.strip() == "7" and word.size == 16 for word in words(paper.pdf))


def test_goods_that_look_alike_are_marked_in_their_row() -> None:
    content = check_list(check_line("K1", 3, looks_alike=True), check_line("K2", 1))

    found = rows(render_check_lists("f", [content]).pdf)

    assert any("! look-alike: 商品K1" in row for row in found)
    assert not any("look-alike: 商品K2" in row for row in found)
