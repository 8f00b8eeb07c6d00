"""Sort method, natural order, slots, walks and loading."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.sorting import (
    SlotCode,
    SortMethod,
    Spread,
    choose_sort_method,
    full_cases,
    is_two_stage,
    load_rank,
    natural_key,
    parse_slot,
    serpentine,
    straight_cases,
)
from fulfillment.errors import CountNegative, SlotCodeUnreadable
from orders.domain.storage import StorageClass

PUT, PICK = SortMethod.PUT_TO_LEADER, SortMethod.PICK_BY_LEADER

slots_strategy = st.lists(
    st.builds(
        SlotCode, st.integers(min_value=1, max_value=9), st.integers(min_value=1, max_value=120)
    ),
    unique=True,
)


@pytest.mark.parametrize(
    ("slots", "wanting", "storage", "has_bin", "expected"),
    [
        pytest.param(15, 1, StorageClass.AMBIENT, False, PUT, id="crosses_the_dock"),
        pytest.param(14, 14, StorageClass.CHILL, False, PICK, id="14_leaders"),
        pytest.param(300, 300, StorageClass.CHILL, False, PUT, id="chilled_goods"),
        pytest.param(300, 300, StorageClass.FROZEN, False, PICK, id="freezer_goods"),
        pytest.param(100, 29, StorageClass.AMBIENT, True, PICK, id="from_a_bin_to_few"),
        pytest.param(100, 30, StorageClass.AMBIENT, True, PUT, id="from_a_bin_to_30_percent"),
        pytest.param(100, 29, StorageClass.AMBIENT, False, PUT, id="from_a_pallet_to_few"),
    ],
)
def test_how_a_sku_is_sorted(
    slots: int, wanting: int, storage: StorageClass, has_bin: bool, expected: SortMethod
) -> None:
    spread = Spread(slots_total=slots, slots_wanting=wanting, storage=storage, has_bin=has_bin)

    assert choose_sort_method(spread) is expected


@pytest.mark.parametrize("storage", list(StorageClass))
def test_weighed_portions_are_put_to_whom_their_label_says(storage: StorageClass) -> None:
    spread = Spread(slots_total=5, slots_wanting=1, storage=storage, has_bin=True, is_weighed=True)

    assert choose_sort_method(spread) is PUT


def test_a_wave_of_more_than_60_slots_is_sorted_in_two_stages() -> None:
    assert [is_two_stage(slots) for slots in (1, 60, 61, 300)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("qty", "pack_factor", "cases"),
    [
        pytest.param(41, 20, 2, id="two_cases_and_one_piece"),
        pytest.param(19, 20, 0, id="less_than_a_case"),
        pytest.param(7, 1, 0, id="packed_singly"),
    ],
)
def test_whole_cases_go_straight_to_the_lane(qty: int, pack_factor: int, cases: int) -> None:
    assert straight_cases(qty, pack_factor) == cases


@pytest.mark.parametrize(
    ("qty", "pack_factor", "expected"),
    [
        pytest.param(86, 20, "4×20 + 6", id="cases_and_loose"),
        pytest.param(80, 20, "4×20", id="full_cases"),
        pytest.param(6, 20, "", id="loose_only"),
        pytest.param(6, 1, "", id="packed_singly"),
        pytest.param(0, 20, "", id="nothing"),
    ],
)
def test_full_cases_are_named_only_where_there_are_any(
    qty: int, pack_factor: int, expected: str
) -> None:
    assert full_cases(qty, pack_factor) == expected


@given(qty=st.integers(min_value=0, max_value=10**6), pack=st.integers(min_value=2, max_value=500))
def test_full_cases_and_loose_pieces_are_the_quantity(qty: int, pack: int) -> None:
    cases, _plus, loose = full_cases(qty, pack).partition(" + ")
    packs, _times, size = cases.partition("×")

    if cases:
        assert int(size) == pack
        assert int(packs) * pack + int(loose or 0) == qty
    assert int(loose or 0) < pack
    assert bool(cases) == (qty >= pack)


@pytest.mark.parametrize(("qty", "pack_factor"), [(-1, 20), (1, 0)])
def test_cases_need_a_count_and_a_pack(qty: int, pack_factor: int) -> None:
    with pytest.raises(CountNegative):
        full_cases(qty, pack_factor)


@pytest.mark.parametrize(
    "in_order",
    [
        pytest.param(["5栋", "9栋", "10栋", "34栋"], id="buildings"),
        pytest.param(["3-501", "3-1101", "12-101"], id="doors"),
        pytest.param(["A2", "A10", "B1"], id="bins"),
        pytest.param(["３栋", "4栋", "１０栋"], id="full_width_digits"),
        pytest.param(["7栋1单元", "7栋2单元", "7栋10单元"], id="units_of_a_building"),
        pytest.param(["", "9栋", "东门", "西门"], id="nothing_then_numbers_then_words"),
        pytest.param(["1" * 5_000, "2" * 5_000, "1" * 5_001], id="numbers_beyond_any_integer"),
    ],
)
def test_numbers_inside_text_are_sorted_as_numbers(in_order: list[str]) -> None:
    shuffled = list(in_order)
    random.Random(7).shuffle(shuffled)

    assert sorted(shuffled, key=natural_key) == in_order


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("07栋", "7栋", id="leading_zero"),
        pytest.param("１０栋", "10栋", id="full_width"),
        pytest.param("a区", "A区", id="case"),
        pytest.param(" 3栋 ", "3栋", id="spaces_around"),
    ],
)
def test_one_door_written_two_ways_has_one_key(one: str, other: str) -> None:
    assert natural_key(one) == natural_key(other)


@given(texts=st.lists(st.text(max_size=12), max_size=8))
def test_any_texts_can_be_sorted(texts: list[str]) -> None:
    assert len(sorted(texts, key=natural_key)) == len(texts)


@given(
    numbers=st.lists(st.integers(min_value=0, max_value=10**9)),
    word=st.sampled_from(["栋", "-", "号楼"]),
)
def test_numbered_texts_sort_like_their_numbers(numbers: list[int], word: str) -> None:
    texts = sorted((f"{number}{word}" for number in numbers), key=natural_key)

    assert texts == [f"{number}{word}" for number in sorted(numbers)]


@pytest.mark.parametrize("text", ["3-07", "3-7", "０３-07", " 3-007 "])
def test_a_slot_code_is_read_however_it_is_typed(text: str) -> None:
    assert parse_slot(text) == SlotCode(3, 7)
    assert str(parse_slot(text)) == "3-07"


@pytest.mark.parametrize("text", ["", "3", "3-", "-7", "3-07-1", "0-1", "3-0", "a-b", "3_07"])
def test_text_that_is_no_slot_is_refused(text: str) -> None:
    with pytest.raises(SlotCodeUnreadable):
        parse_slot(text)


@given(slot=st.builds(SlotCode, st.integers(1, 9_999), st.integers(1, 9_999)))
def test_a_written_slot_reads_back(slot: SlotCode) -> None:
    assert parse_slot(str(slot)) == slot


def test_slots_sort_by_route_then_stop() -> None:
    assert [str(slot) for slot in sorted([SlotCode(10, 1), SlotCode(2, 11), SlotCode(2, 2)])] == [
        "2-02",
        "2-11",
        "10-01",
    ]


def test_a_walk_comes_back_on_every_second_lane() -> None:
    slots = [SlotCode(route, stop) for route in (1, 2, 3) for stop in (1, 2, 3)]

    walk = [str(slot) for slot in serpentine(slots)]

    assert walk == ["1-01", "1-02", "1-03", "2-03", "2-02", "2-01", "3-01", "3-02", "3-03"]


@given(slots=slots_strategy, data=st.data())
def test_leaving_slots_out_never_turns_a_walk_around(
    slots: list[SlotCode], data: st.DataObject
) -> None:
    wanted = {slot for slot in slots if data.draw(st.booleans())}

    assert serpentine(wanted) == [slot for slot in serpentine(slots) if slot in wanted]


@given(slots=slots_strategy)
def test_a_walk_visits_every_slot_once(slots: list[SlotCode]) -> None:
    walk = serpentine(slots)

    assert sorted(walk) == sorted(slots)


def test_the_last_stop_is_loaded_first() -> None:
    assert sorted([1, 2, 3, 4], key=load_rank) == [4, 3, 2, 1]
