"""Answers and addresses of neighbours become one door."""

import pytest

from orders.domain.foreign_orders.places import (
    Correction,
    Place,
    Repair,
    correction_of,
    place_corrected,
    place_of,
)

ADDRESS = "上海市某区青禾路300弄40号401室"


def place(*, building: str = "", room: str = "", lane: str = "", address: str = ADDRESS) -> Place:
    """A place out of answers and an address."""
    return place_of(building=building, room=room, lane=lane, address=address)


@pytest.mark.parametrize(
    ("building", "room", "lane", "door"),
    [
        ("40", "401", "300", ("300", "40", "401")),
        ("40号", "401室", "300弄", ("300", "40", "401")),
        ("40号楼", "401", "青禾路300弄", ("300", "40", "401")),
        ("40 号", "4o1", "30o弄", ("300", "40", "401")),
        ("40号401", "401", "300", ("300", "40", "401")),
        ("40号", "401是", "水岸", ("300", "40", "401")),
        ("401室", "401", "300", ("300", "40", "401")),
        ("401", "401", "23号", ("300", "40", "401")),
        ("", "", "", ("300", "40", "401")),
    ],
)
def test_however_it_is_answered_it_is_the_same_door(
    building: str, room: str, lane: str, door: tuple[str, str, str]
) -> None:
    found = place(building=building, room=room, lane=lane)

    assert (found.lane, found.building, found.room) == door


@pytest.mark.parametrize(
    "address",
    [
        "上海市某区上海市某区青禾路300弄40号401室",
        "上海市某区上海某区青禾路300弄40号401室",
        "上海市某区某区青禾路300弄40号401室",
        "上海市某区上海市青禾路300弄40号401室",
    ],
)
def test_a_district_that_stands_twice_is_written_once(address: str) -> None:
    found = place(address=address)

    assert found.address == ADDRESS
    assert Repair.DISTRICT_TWICE in found.repairs


def test_where_answers_and_address_differ_the_answers_count_and_it_is_told() -> None:
    found = place(building="29", room="103")

    assert (found.building, found.room) == ("29", "103")
    assert found.repairs == (Repair.ANSWERS_AGAINST_ADDRESS,)


@pytest.mark.parametrize(
    ("remark", "correction"),
    [
        ("64:23号501", Correction("64", "23号501")),
        ("33：商务楼605室", Correction("33", "商务楼605室")),
        ("放门口", None),
        ("", None),
    ],
)
def test_a_remark_with_a_number_is_a_correction(remark: str, correction: Correction | None) -> None:
    assert correction_of(remark) == correction


@pytest.mark.parametrize(
    ("words", "door"),
    [
        ("23号501", ("23", "501")),
        ("水岸商务楼605室", ("商务楼", "605")),
        ("商务楼", ("商务楼", "401")),
        ("5号", ("5", "401")),
    ],
)
def test_a_correction_changes_what_it_names(words: str, door: tuple[str, str]) -> None:
    found = place_corrected(place(building="40", room="401"), words)

    assert (found.building, found.room) == door
