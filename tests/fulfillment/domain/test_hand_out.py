"""The three sorts of a hand-out list."""

import pytest

from fulfillment.domain.hand_out import HandOutSort, hand_out_order

LINES = [
    ("10栋", "302", "7", "K2"),
    ("9栋", "1001", "2", "K1"),
    ("10栋", "1101", "3", "K1"),
    ("9栋", "902", "4", "K2"),
    ("9栋", "902", "11", "K10"),
]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (HandOutSort.HOUSEHOLD, ["902 K2", "902 K10", "1001 K1", "302 K2", "1101 K1"]),
        (HandOutSort.BUILDING, ["1001 K1", "902 K2", "902 K10", "1101 K1", "302 K2"]),
        (HandOutSort.PRODUCT, ["1001 K1", "1101 K1", "902 K2", "302 K2", "902 K10"]),
    ],
)
def test_lines_follow_their_sort_and_numbers_compare_as_numbers(
    sort: HandOutSort, expected: list[str]
) -> None:
    ordered = sorted(
        LINES,
        key=lambda line: hand_out_order(
            sort, building=line[0], room=line[1], pickup_no=line[2], resident="", sku_code=line[3]
        ),
    )

    assert [f"{room} {sku_code}" for _building, room, _no, sku_code in ordered] == expected


def test_households_without_a_number_are_told_apart_by_name() -> None:
    lines = [("周平", "K1"), ("陈小满", "K2"), ("周平", "K2"), ("陈小满", "K1")]

    ordered = sorted(
        lines,
        key=lambda line: hand_out_order(
            HandOutSort.HOUSEHOLD,
            building="3栋",
            room="501",
            pickup_no="",
            resident=line[0],
            sku_code=line[1],
        ),
    )

    assert ordered == [("周平", "K1"), ("周平", "K2"), ("陈小满", "K1"), ("陈小满", "K2")]
