"""How the totes really packed are shared among the parts of a drop."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.drop_parts import shared_classes, shared_totes
from orders.domain.storage import StorageClass

planned_totes = st.lists(st.integers(1, 40), min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("planned", "sealed", "expected"),
    [
        pytest.param((3, 2), 5, (3, 2), id="as_planned"),
        pytest.param((3, 2), 7, (3, 4), id="more_go_with_the_last"),
        pytest.param((3, 2), 4, (3, 1), id="fewer_are_missing_from_the_last"),
        pytest.param((3, 2), 3, (2, 1), id="which_keeps_one"),
        pytest.param((3, 2), 1, (1, 0), id="unless_there_are_too_few"),
        pytest.param((3, 2), 0, (0, 0), id="nothing_packed"),
        pytest.param((8, 8, 2), 10, (8, 1, 1), id="three_parts"),
        pytest.param((4,), 9, (9,), id="a_whole_drop"),
    ],
)
def test_totes_are_shared(planned: tuple[int, ...], sealed: int, expected: tuple[int, ...]) -> None:
    assert shared_totes(planned, sealed) == expected


@given(planned_totes, st.integers(0, 250))
def test_every_tote_goes_with_one_part(planned: list[int], sealed: int) -> None:
    shares = shared_totes(planned, sealed)

    assert len(shares) == len(planned)
    assert sum(shares) == sealed
    assert min(shares) >= (1 if sealed >= len(planned) else 0)


@given(planned_totes, st.integers(0, 250))
def test_no_part_takes_more_than_planned_but_the_last(planned: list[int], sealed: int) -> None:
    shares = shared_totes(planned, sealed)

    assert all(share <= totes for share, totes in zip(shares[:-1], planned, strict=False))


@pytest.mark.parametrize(
    ("parts", "totes", "cold_room", "expected"),
    [
        pytest.param((2, 1), (2, 1, 0), (0, 1), [(2, 0, 0), (0, 1, 0)], id="the_second_is_cold"),
        pytest.param((2, 2), (1, 2, 1), (4, 1), [(0, 1, 1), (1, 1, 0)], id="frozen_first"),
        pytest.param((2, 2), (3, 1, 0), (0, 0), [(1, 1, 0), (2, 0, 0)], id="nowhere_is_cold"),
        pytest.param((3,), (1, 1, 1), (0,), [(1, 1, 1)], id="whole"),
    ],
)
def test_cold_totes_go_where_they_stay_cold(
    parts: tuple[int, ...],
    totes: tuple[int, int, int],
    cold_room: tuple[int, ...],
    expected: list[tuple[int, int, int]],
) -> None:
    shares = shared_classes(parts, dict(zip(StorageClass, totes, strict=True)), cold_room)

    assert [tuple(share.values()) for share in shares] == expected


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=4), st.data())
def test_every_part_gets_its_number_of_the_drops_totes(
    vehicles: list[tuple[int, int]], data: st.DataObject
) -> None:
    parts, cold_room = zip(*vehicles, strict=True)
    frozen = data.draw(st.integers(0, sum(parts)))
    chill = data.draw(st.integers(0, sum(parts) - frozen))
    totes = {
        StorageClass.FROZEN: frozen,
        StorageClass.CHILL: chill,
        StorageClass.AMBIENT: sum(parts) - frozen - chill,
    }

    shares = shared_classes(parts, totes, cold_room)

    assert [sum(share.values()) for share in shares] == [*parts]
    assert {storage: sum(share[storage] for share in shares) for storage in totes} == totes
