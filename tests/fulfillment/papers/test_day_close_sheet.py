"""D12: every SKU and every route from need to refund."""

from fulfillment.papers.day_close_sheet import PlaceList, render_day_close
from tests.fulfillment.papers.closing_contents import (
    close_figures,
    close_row,
    day_close,
    gap_row,
)
from tests.fulfillment.papers.reading import page_texts, rows


def test_a_row_is_the_whole_chain() -> None:
    figures = close_figures(used=4, lost=1, refunded=2, claimed=1)

    found = rows(render_day_close(day_close(close_row(figures=figures))).pdf)

    assert "K023 奶白菜 750g 12 15 15 4 1 3 12 12 12 12 2 1" in found
    assert "R01 7 12 12 12 12 12 0 0" in found


def test_a_count_that_was_not_entered_is_a_dash_and_never_a_zero() -> None:
    open_row = close_row(figures=close_figures(sorted=None, loaded=None, delivered=None))

    found = rows(render_day_close(day_close(open_row)).pdf)

    assert "K023 奶白菜 750g 12 15 15 3 12 — — — 0 0" in found


def test_a_closed_day_says_when_and_by_whom_and_lists_nothing() -> None:
    text = "".join(page_texts(render_day_close(day_close()).pdf))

    assert "2026-03-10 20:15 by 周主管" in text
    assert "Not closed" not in text
    assert "Gaps" not in text
    assert "Not entered" not in text


def test_an_open_day_says_what_is_in_the_way() -> None:
    content = day_close(
        closed="",
        undecided=1,
        gaps=(gap_row(), gap_row(explained=0, cases="#21 Handover S 2 (not decided)")),
        missing=(PlaceList(words="Sort cards", places=("K008", "K009")),),
        declared=(PlaceList(words="Sorting: on paper (Zhou)", places=("K018",)),),
    )

    found = rows(render_day_close(content).pdf)

    assert "Not closed: 2 counts missing, 1 gaps open, 1 cases undecided" in found
    assert "Sort cards: K008, K009" in found
    assert "Sorting: on paper (Zhou): K018" in found
    assert any(row.endswith("2 ≠ 0 #21 Handover S 2 (not decided)") for row in found)
    assert any(row.endswith("2 = 2 #17 Loading S 2 (Warehouse)") for row in found)


def test_need_less_refunds_is_checked_against_what_arrived_and_what_was_lost() -> None:
    total = close_figures(need=15, refunded=3, loaded=10, delivered=10)

    found = rows(render_day_close(day_close(total=total, gaps=(gap_row(),))).pdf)

    assert "Check: need 15 − refunded 3 = delivered 10 + lost on the way 2 ✓" in found


def test_a_day_that_does_not_add_up_is_marked() -> None:
    total = close_figures(need=15, refunded=3, delivered=10)

    found = rows(render_day_close(day_close(total=total)).pdf)

    assert any("(12) ≠ delivered 10" in row for row in found)


def test_a_large_day_prints_every_sku_once() -> None:
    skus = [close_row(f"K{number:03d}") for number in range(140)]

    paper = render_day_close(day_close(*skus, total=close_figures(allocated=1680)))

    text = "".join(page_texts(paper.pdf))
    assert all(text.count(f"K{number:03d}") == 1 for number in range(140))
    assert (paper.lines, paper.pieces) == (140, 1680)


def test_a_long_list_names_every_card() -> None:
    cards = tuple(f"K{number:03d}" for number in range(400))
    content = day_close(closed="", missing=(PlaceList(words="Sort cards", places=cards),))

    text = "".join(page_texts(render_day_close(content).pdf))

    assert all(card in text for card in cards)
