"""Pages, heads, feet and tables that every paper shares."""

from dataclasses import replace

import pytest

from fulfillment.papers.check_list import render_check_lists
from fulfillment.papers.foot import draw_check
from fulfillment.papers.layout import Align, Box, Sheet, Type
from fulfillment.papers.table import Column, Flow, Kind, Table, Tone, is_boxed
from tests.fulfillment.papers.contents import STAMP, check_line, check_list
from tests.fulfillment.papers.reading import page_texts, rows, words


def _no_foot(_page: int, _pages: int) -> None:
    pass


def _flow(sheet: Sheet) -> Flow:
    def next_page() -> float:
        sheet.new_page()
        return sheet.top

    return Flow(sheet, next_page(), next_page)


def test_pages_are_numbered_for_each_document_and_not_for_the_file() -> None:
    long = check_list(*(check_line(f"K{number:03d}") for number in range(60)))
    short = check_list(check_line("K1"))

    paper = render_check_lists("file", [long, short])

    texts = page_texts(paper.pdf)
    marks = ["page 1 / 3", "page 2 / 3", "page 3 / 3", "page 1 / 1"]
    assert paper.pages == 4
    assert all(mark in text for mark, text in zip(marks, texts, strict=True))


def test_every_page_carries_number_revision_freeze_control_code_time_and_printer() -> None:
    paper = render_check_lists(
        "file", [check_list(*(check_line(f"K{number:03d}", 2) for number in range(40)))]
    )

    foot = (
        "K7QD·80 S-0310A-R03-r1 · rev. 1 · F2 allocation · "
        "printed 2026-03-10 01:12 by 周采购 page {} / 2"
    )
    assert [row for row in rows(paper.pdf) if "rev. 1" in row] == [
        foot.format(1),
        foot.format(2),
    ]


def test_a_later_revision_says_what_it_replaces() -> None:
    second = replace(STAMP, number="S-0310A-R03-r2", revision=2)

    texts = page_texts(render_check_lists("file", [check_list(stamp=second)]).pdf)

    assert "replaces r1" in texts[0]
    assert "replaces" not in page_texts(render_check_lists("file", [check_list()]).pdf)[0]


def test_the_same_content_gives_the_same_bytes() -> None:
    content = check_list(check_line("K1", 3), check_line("K2"))

    assert render_check_lists("file", [content]) == render_check_lists("file", [content])


def test_table_heads_repeat_and_no_row_is_split() -> None:
    sheet = Sheet("table")
    flow = _flow(sheet)
    columns = (
        Column(heading="Number", width=20, kind=Kind.NUMBER),
        Column(heading="Goods", width=50, lines=3),
        Column(heading="Pieces", width=20, kind=Kind.QUANTITY),
    )
    table = Table(flow, columns)
    table.head()

    for number in range(100):
        table.row((f"n{number}", "一二三四五六七八九十" * (number % 3 + 1), f"{number}"))
    sheet.end_document(_no_foot)

    pdf = sheet.finish()
    found = words(pdf)
    pages = {word.page for word in found}
    for page in pages:
        assert next(w for w in found if w.page == page).text.startswith("Number")
    text = "".join(word.text for word in found)
    assert sum(text.count(digit) for digit in "一二三四五六七八九十") == 34 * 10 + 33 * 20 + 33 * 30
    assert len(pages) > 3
    bottom = max(word.y for word in found)
    assert bottom < sheet.bottom


def test_a_quantity_is_never_cut() -> None:
    sheet = Sheet("table")
    table = Table(_flow(sheet), (Column(heading="Pieces", width=12, kind=Kind.QUANTITY),))

    table.row(("123456789",))
    sheet.end_document(_no_foot)

    (word,) = words(sheet.finish())
    assert word.text == "123456789"
    assert word.size < 16


@pytest.mark.parametrize(
    ("text", "boxed"), [("1", False), ("2", True), ("0", False), ("86", True), ("", False)]
)
def test_two_pieces_or_more_are_boxed(text: str, boxed: bool) -> None:
    assert is_boxed(text) is boxed


def test_a_tick_box_is_drawn_and_not_typed() -> None:
    sheet = Sheet("table")
    table = Table(_flow(sheet), (Column(heading="", width=20, kind=Kind.TICK),))

    table.row(("",))
    table.row(("",), Tone.FADED)
    sheet.end_document(_no_foot)

    assert words(sheet.finish()) == []


def test_figures_that_differ_stand_out_and_are_not_ticked() -> None:
    sheet = Sheet("check")
    flow = _flow(sheet)

    draw_check(flow, ("sum 86", 86), ("note 86", 86))
    draw_check(flow, ("sum 86", 86), ("note 85", 85))
    sheet.end_document(_no_foot)

    assert rows(sheet.finish()) == ["sum 86 = note 86 ✓", "sum 86 (86) ≠ note 85"]


def test_text_is_placed_in_millimetres_from_the_top_left() -> None:
    sheet = Sheet("place", wide=True)
    sheet.new_page()
    sheet.text(30, 40, "here", Type(10))
    sheet.text(100, 60, "end", Type(10, align=Align.RIGHT))
    sheet.fill(Box(10, 10, 5, 5), 0.5)
    sheet.dashed(100, 10, 50)
    sheet.end_document(_no_foot)

    here, end = words(sheet.finish())
    assert [sheet.width, sheet.height] == pytest.approx([297, 210], abs=0.1)
    assert [here.x, here.y] == pytest.approx([30, 40], abs=0.01)
    assert end.x < 100
