"""The hash of what is printed, and the same content in another print."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from fulfillment.papers.content import content_hash, printed_as, sheet_scope, sheets_of
from fulfillment.papers.paper import Print
from tests.fulfillment.papers.contents import (
    STAMP,
    at,
    check_line,
    check_list,
    route_sheet,
    route_stop,
)

SECOND = Print(revision=2, printed_at=at(4, 30), printed_by="赵主管")


@dataclass(frozen=True, slots=True)
class _Loose:
    value: Any


def test_a_second_print_has_its_own_number_code_and_time() -> None:
    sheet = route_sheet(route_stop(1))

    again = printed_as(sheet, lambda _stamp: SECOND)

    assert again == replace(
        sheet,
        stamp=replace(
            sheet.stamp,
            number="S-0310A-R03-r2",
            code="https://tuanpei.example/c/R*0310A*R03*2",
            revision=2,
            printed_at=at(4, 30),
            printed_by="赵主管",
        ),
    )


def test_every_sheet_of_a_file_is_of_the_same_print() -> None:
    content = ("check_list R03", (check_list(check_line("K1")), check_list(check_line("K2"))))

    title, sheets = printed_as(content, lambda _stamp: SECOND)

    assert title == "check_list R03"
    assert [sheet.stamp.number for sheet in sheets] == ["S-0310A-R03-r2"] * 2
    assert [sheet.lines for sheet in sheets] == [sheet.lines for sheet in content[1]]


def test_the_sheets_of_a_file_are_found_and_named_by_their_codes() -> None:
    first, second = check_list(check_line("K1")), route_sheet(route_stop(1))

    assert list(sheets_of(("title", (first, second)))) == [first, second]
    assert [sheet_scope(sheet.stamp) for sheet in (first, second)] == ["R03", "R03"]


def test_the_hash_does_not_know_when_by_whom_and_how_often_it_was_printed() -> None:
    content = (check_list(check_line("K1")),)

    assert content_hash(content) == content_hash(printed_as(content, lambda _stamp: SECOND))


@pytest.mark.parametrize(
    "other",
    [
        check_list(check_line("K1", qty=2)),
        check_list(check_line("K1"), check_line("K1")),
        check_list(check_line("K1", short_qty=1)),
        check_list(check_line("K1"), slot="3-08"),
        check_list(check_line("K1"), stamp=replace(STAMP, control_code="K7QE")),
        check_list(check_line("K1"), stamp=replace(STAMP, number="S-0310A-R04-r1")),
    ],
)
def test_the_hash_knows_everything_else(other: object) -> None:
    assert content_hash(other) != content_hash(check_list(check_line("K1")))


def test_parts_do_not_run_into_one_another() -> None:
    hashes = {
        content_hash(content)
        for content in (("ab", "c"), ("a", "bc"), (("a",), "bc"), (1, 23), ("1", "23"), (12, 3))
    }

    assert len(hashes) == 6


def test_nothing_and_zero_and_an_empty_text_are_three_things() -> None:
    assert len({content_hash(_Loose(value)) for value in (None, 0, "")}) == 3


def test_a_value_without_a_fixed_text_is_refused() -> None:
    with pytest.raises(TypeError, match="set"):
        content_hash(_Loose({"a", "b"}))
