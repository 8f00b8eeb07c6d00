"""The later snapshot wins, by household and not by number, and every loss is shown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from orders.domain.jielong.chain import Doubt, Entry
from orders.domain.jielong.merging import Merge, merge
from orders.domain.jielong.parsing import parse
from tests.orders.domain.jielong.corpus import MARKET

HEADER = "#接龙\nA鸡蛋 B豆腐\n"
ROWS = st.lists(
    st.tuples(st.sampled_from(["小满", "谷雨", "白露", "霜降"]), st.integers(1, 3)), max_size=6
)


def rows(*said: str) -> tuple[Entry, ...]:
    """The entries of a chain with these rows, numbered from 1."""
    listed = "\n".join(f"{number}. {row}" for number, row in enumerate(said, start=1))
    return parse(HEADER + listed, MARKET).entries


def names(entries: tuple[Entry, ...]) -> list[str]:
    """The nicknames of some entries."""
    return [entry.nickname for entry in entries]


def held(*, old: tuple[Entry, ...], new: tuple[Entry, ...]) -> Merge:
    """Two snapshots against each other."""
    return merge(old, new)


def test_a_row_that_moved_up_is_the_same_household() -> None:
    result = held(
        old=rows("小满 3-501 A1", "谷雨 3-502 A1", "白露 3-503 B1"),
        new=rows("谷雨 3-502 A1", "白露 3-503 B1"),
    )

    assert [pair.new.nickname for pair in result.kept] == ["谷雨", "白露"]
    assert names(result.gone) == ["小满"]
    assert result.conflicts == ()


def test_two_people_with_one_number_both_stay_and_are_shown() -> None:
    result = held(
        old=rows("小满 3-501 A1", "谷雨 3-502 A1"), new=rows("小满 3-501 A1", "白露 3-503 B1")
    )

    (conflict,) = result.conflicts
    assert (conflict.old.nickname, conflict.new.nickname) == ("谷雨", "白露")
    assert names(result.entries) == ["小满", "白露", "谷雨"]
    assert result.entries[-1].problems[-1].doubt is Doubt.COLLIDED
    assert not result.entries[-1].is_clear


def test_a_changed_wish_is_shown_with_both_readings() -> None:
    result = held(old=rows("小满 3-501 A1"), new=rows("小满 3-501 A2"))

    (change,) = result.changed
    assert (change.old.quantities, change.new.quantities) == ({"EGG": 1}, {"EGG": 2})


def test_one_name_in_two_homes_is_two_households() -> None:
    result = held(
        old=rows("小满 1-101 A1", "小满 2-202 A2"), new=rows("小满 2-202 A2", "小满 1-101 A1")
    )

    assert len(result.kept) == 2
    assert result.changed == ()


def test_a_household_that_adds_its_door_stays_the_same() -> None:
    result = held(old=rows("小满 A1"), new=rows("小满 3-501 A1"))

    assert len(result.kept) == 1
    assert result.added == ()


@settings(max_examples=150, deadline=None)
@given(ROWS, ROWS)
def test_every_row_of_both_snapshots_has_exactly_one_fate(
    before: list[tuple[str, int]], now: list[tuple[str, int]]
) -> None:
    old = rows(*(f"{name} A{qty}" for name, qty in before))
    new = rows(*(f"{name} A{qty}" for name, qty in now))

    result = merge(old, new)

    pairs = [*result.kept, *result.changed]
    fates_old = [pair.old for pair in (*pairs, *result.conflicts)] + list(result.gone)
    fates_new = [pair.new for pair in pairs] + list(result.added)
    assert sorted(entry.position for entry in fates_old) == [entry.position for entry in old]
    assert sorted(entry.position for entry in fates_new) == [entry.position for entry in new]
    assert result.entries[: len(new)] == new


@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_the_same_snapshot_again_changes_nothing(said: list[tuple[str, int]]) -> None:
    entries = rows(*(f"{name} A{qty}" for name, qty in said))

    result = merge(entries, entries)

    assert len(result.kept) == len(entries)
    assert result.entries == entries
