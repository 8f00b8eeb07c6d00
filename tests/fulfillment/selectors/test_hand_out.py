"""The hand-out list: every piece once, in three sorts, checked against the delivery."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.hand_out import HandOutSort
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.hand_out import (
    HandOutCheck,
    HandOutLine,
    hand_out_check,
    hand_out_groups,
    hand_out_lines,
)
from leaders.models.leaders import Leader
from tests.factories.fulfillment import (
    AllocationFactory,
    CutoffRunFactory,
    DropFactory,
    WaveFactory,
)
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.orders import CampaignFactory


def line(building: str, room: str, sku_name: str, qty: int = 1, order_id: int = 1) -> HandOutLine:
    return HandOutLine(
        order_id=order_id,
        building=building,
        room=room,
        pickup_no=order_id,
        resident="毛**",
        phone_last4="2483",
        sku_code=sku_name,
        sku_name=sku_name,
        unit="份",
        qty=qty,
        short_qty=0,
    )


LINES = [
    line("10栋", "101", "西兰花", 2, order_id=1),
    line("9栋", "1002", "西兰花", 1, order_id=2),
    line("9栋", "1002", "鸡蛋", 3, order_id=2),
    line("9栋", "901", "鸡蛋", 1, order_id=3),
]


def outline(sort: HandOutSort) -> list[tuple[str, int, list[tuple[str, list[int]]]]]:
    """Titles and pieces of the groups in a sort."""
    return [
        (
            group.title,
            group.pieces,
            [(section.title, [row.qty for row in section.lines]) for section in group.sections],
        )
        for group in hand_out_groups(LINES, sort)
    ]


def test_by_household_every_door_has_its_goods_together() -> None:
    assert outline(HandOutSort.HOUSEHOLD) == [
        ("9栋", 5, [("901", [1]), ("1002", [1, 3])]),
        ("10栋", 2, [("101", [2])]),
    ]


def test_by_building_every_product_has_its_doors_together() -> None:
    assert outline(HandOutSort.BUILDING) == [
        ("9栋", 5, [("西兰花", [1]), ("鸡蛋", [1, 3])]),
        ("10栋", 2, [("西兰花", [2])]),
    ]


def test_by_product_every_building_has_its_doors_together() -> None:
    assert outline(HandOutSort.PRODUCT) == [
        ("西兰花", 3, [("9栋", [1]), ("10栋", [2])]),
        ("鸡蛋", 4, [("9栋", [1, 3])]),
    ]


def test_two_households_behind_one_door_stay_apart() -> None:
    lines = [line("3栋", "501", "西兰花", order_id=1), line("3栋", "501", "西兰花", order_id=2)]

    [group] = hand_out_groups(lines, HandOutSort.HOUSEHOLD)

    assert [section.first.order_id for section in group.sections] == [1, 2]


ANY_LINES = st.lists(
    st.builds(
        line,
        building=st.sampled_from(["", "1栋", "2栋", "10栋", "A区3栋"]),
        room=st.sampled_from(["", "101", "1001", "二楼"]),
        sku_name=st.sampled_from(["西兰花", "鸡蛋", "豆腐 400g"]),
        qty=st.integers(0, 9),
        order_id=st.integers(1, 5),
    ),
    max_size=30,
)


@given(lines=ANY_LINES, sort=st.sampled_from(HandOutSort))
def test_no_sort_loses_or_doubles_a_line(lines: list[HandOutLine], sort: HandOutSort) -> None:
    groups = hand_out_groups(lines, sort)

    shown = Counter(row for group in groups for section in group.sections for row in section.lines)
    assert shown == Counter(lines)
    assert sum(group.pieces for group in groups) == sum(row.qty for row in lines)


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create(code="L0001")


@pytest.fixture
def run() -> CutoffRun:
    return CutoffRunFactory.create(campaign=CampaignFactory.create())


@pytest.mark.django_db
def test_lines_are_the_leaders_own_and_masked(lin: Leader, run: CutoffRun) -> None:
    drop = DropFactory.create(wave__run=run, pickup_point__leader=lin)
    AllocationFactory.create(
        run=run,
        order_line__order__leader=lin,
        order_line__order__pickup_point=drop.pickup_point,
        order_line__order__campaign=run.campaign,
        order_line__order__resident_name="欧阳娜娜",
        order_line__order__resident_phone="19906912483",
        order_line__qty=3,
        allocated_qty=1,
    )
    AllocationFactory.create(run=run, order_line__order__campaign=run.campaign)

    [row] = hand_out_lines(lin, run)

    assert (row.resident, row.phone_last4) == ("欧阳**", "2483")
    assert (row.qty, row.short_qty) == (1, 2)


@pytest.mark.django_db
def test_the_check_compares_residents_pieces_with_the_drops(lin: Leader, run: CutoffRun) -> None:
    wave = WaveFactory.create(run=run)
    for pieces in (4, 3):
        DropFactory.create(
            wave=wave, pickup_point=PickupPointFactory.create(leader=lin), pieces=pieces
        )
    DropFactory.create(wave=wave, pieces=50)

    check = hand_out_check(lin, run, LINES)

    assert check == HandOutCheck(resident_pieces=7, note_pieces=7)
    assert check.is_equal
    assert not hand_out_check(lin, run, LINES[1:]).is_equal
