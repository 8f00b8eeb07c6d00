"""D10: the leader's list in the three sorts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.domain.hand_out import HandOutSort
from fulfillment.papers.hand_out_list import HandOutLine, render_hand_out_lists
from tests.fulfillment.papers.contents import hand_out_line, hand_out_list
from tests.fulfillment.papers.reading import page_texts, rows, words

LINES = (
    hand_out_line("10栋", "1101", "K1"),
    hand_out_line("9栋", "902", "K2"),
    hand_out_line("9栋", "1001", "K1"),
    hand_out_line("10栋", "302", "K2"),
)


def test_by_household_a_resident_is_named_once_over_what_they_get() -> None:
    lines = (
        hand_out_line("9栋", "902", "K1", qty=2),
        hand_out_line("9栋", "902", "K2"),
        hand_out_line("9栋", "1001", "K1", pickup_no="2", resident_name="毛海燕"),
    )

    pdf = render_hand_out_lists("f", [hand_out_list(*lines)], [HandOutSort.HOUSEHOLD]).pdf

    found = rows(pdf)
    start = found.index("9栋 4 pieces")
    assert found[start + 1 : start + 5] == [
        "1 902 任** 8838 商品K1 2",
        "3 in all",
        "商品K2 1",
        "2 1001 毛** 8838 商品K1 1",
    ]


def test_by_goods_a_product_is_named_once_with_its_sum() -> None:
    pdf = render_hand_out_lists("f", [hand_out_list(*LINES)], [HandOutSort.PRODUCT]).pdf

    found = [row for row in rows(pdf) if "栋" in row or "in all" in row]
    assert found == [
        "商品K1 9栋 1 1001 任** 8838 1",
        "2 in all",
        "10栋 1 1101 任** 8838 1",
        "商品K2 9栋 1 902 任** 8838 1",
        "2 in all",
        "10栋 1 302 任** 8838 1",
    ]


def test_by_building_and_goods_every_building_has_its_subtotal() -> None:
    lines = (*LINES, hand_out_line("9栋", "1002", "K1", qty=5))

    pdf = render_hand_out_lists("f", [hand_out_list(*lines)], [HandOutSort.BUILDING]).pdf

    assert [row for row in rows(pdf) if row.endswith("pieces")] == ["9栋 7 pieces", "10栋 2 pieces"]


def test_the_three_sorts_are_pages_of_their_own_and_count_once() -> None:
    paper = render_hand_out_lists("f", [hand_out_list(*LINES)])

    texts = page_texts(paper.pdf)
    assert ["by household" in texts[0], "by building and goods" in texts[1]] == [True, True]
    assert "by goods" in texts[2]
    assert all("page 1 / 1" in text for text in texts)
    assert (paper.pages, paper.lines, paper.pieces) == (3, 4, 4)


def test_names_and_phones_of_residents_are_masked() -> None:
    texts = "".join(page_texts(render_hand_out_lists("f", [hand_out_list(*LINES)]).pdf))

    assert "任** 8838" in " ".join(texts.split())
    assert "任志强" not in texts
    assert "1990239" not in texts


def test_the_sum_is_checked_against_the_delivery_note() -> None:
    agrees = page_texts(render_hand_out_lists("f", [hand_out_list(*LINES)]).pdf)[0]
    differs = page_texts(render_hand_out_lists("f", [hand_out_list(*LINES, shipped_qty=3)]).pdf)[0]

    assert "To hand out 4 = delivery note 4 ✓" in agrees
    assert "To hand out 4 (4) ≠ delivery note 3" in differs


def test_a_line_cut_to_nothing_is_shown_with_its_refund() -> None:
    line = hand_out_line("9栋", "902", qty=0, short_qty=2, reason="refunded")

    paper = render_hand_out_lists("f", [hand_out_list(line)], [HandOutSort.HOUSEHOLD])

    found = rows(paper.pdf)
    assert "1 902 任** 8838 商品K001 0 short 2" in found
    assert "refunded" in found
    assert (paper.lines, paper.pieces) == (0, 0)


hand_out_lines = st.lists(
    st.builds(
        hand_out_line,
        st.sampled_from(["", "9栋", "10栋", "A座"]),
        st.integers(101, 3302).map(str),
        st.sampled_from([f"K{number}" for number in range(20)]),
        qty=st.integers(0, 30),
        pickup_no=st.integers(1, 40).map(str),
    ),
    max_size=90,
)


@settings(deadline=None, max_examples=15)
@given(hand_out_lines, st.sampled_from(HandOutSort))
def test_every_line_is_printed_and_the_quantities_add_up(
    lines: list[HandOutLine], sort: HandOutSort
) -> None:
    paper = render_hand_out_lists("f", [hand_out_list(*lines)], [sort])

    printed = [
        int(word.text)
        for word in words(paper.pdf)
        if word.size == 16 and word.text.strip().isdecimal()
    ]
    assert len(printed) == len(lines)
    assert sum(printed) == paper.pieces == sum(line.qty for line in lines)


@pytest.mark.parametrize("sort", HandOutSort)
def test_goods_sold_by_weight_say_what_they_weigh(sort: HandOutSort) -> None:
    lines = (
        hand_out_line("9栋", "902", "K1", weight_g=1684, has_weight_refund=True),
        hand_out_line("9栋", "1001", "K1", weight_g=1750),
        hand_out_line("9栋", "1002", "K1"),
    )

    text = page_texts(render_hand_out_lists("f", [hand_out_list(*lines)], [sort]).pdf)[0]

    assert "weighs 1.684 kg" in text
    assert "weighs 1.750 kg" in text
    assert text.count("weighs") == 2
    assert text.count("light") == 1
