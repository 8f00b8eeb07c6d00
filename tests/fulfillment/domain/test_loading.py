"""Missing totes: what they held is known, said, or asked for."""

import pytest

from fulfillment.domain.lifecycle import ToteState
from fulfillment.domain.loading import missing_pieces
from fulfillment.domain.sealing import ToteRow
from fulfillment.errors import TotesMissing
from orders.domain.storage import StorageClass

AMBIENT, CHILL = StorageClass.AMBIENT, StorageClass.CHILL
POTATO, EGG, MILK = 1, 2, 3
# Totes 1 and 2 are ambient, 3 is chilled.
TOTES = [
    ToteRow(key=1, storage=AMBIENT, seq=1, state=ToteState.LOADED),
    ToteRow(key=2, storage=AMBIENT, seq=2, state=ToteState.SEALED),
    ToteRow(key=3, storage=CHILL, seq=1, state=ToteState.SEALED),
]
HELD = {AMBIENT: {POTATO: 6, EGG: 4}, CHILL: {MILK: 2}}


def missing(*keys: int, named: dict[int, dict[int, int]]) -> dict[int, dict[int, int]]:
    """What is gone with these totes."""
    return missing_pieces(totes=TOTES, missing=keys, contents=HELD, named=named)


def test_the_only_tote_of_its_class_held_all_of_the_class() -> None:
    assert missing(3, named={}) == {3: {MILK: 2}}


def test_of_several_totes_somebody_says_what_was_in_the_missing_one() -> None:
    assert missing(2, named={2: {POTATO: 5, EGG: 0}}) == {2: {POTATO: 5}}


@pytest.mark.parametrize("named", [{}, {2: {}}, {2: {POTATO: 0}}, {2: {POTATO: -1}}])
def test_a_tote_whose_goods_nobody_names_is_refused(named: dict[int, dict[int, int]]) -> None:
    with pytest.raises(TotesMissing) as refusal:
        missing(2, named=named)

    assert refusal.value.details == {"tote": 2}


@pytest.mark.parametrize("said", [{POTATO: 7}, {MILK: 1}])
def test_more_than_the_slot_held_is_refused(said: dict[int, int]) -> None:
    with pytest.raises(TotesMissing):
        missing(2, named={2: said})


def test_where_the_whole_class_is_missing_all_of_its_pieces_are_named() -> None:
    with pytest.raises(TotesMissing):
        missing(1, 2, named={1: {POTATO: 6}, 2: {EGG: 3}})

    assert missing(1, 2, named={1: {POTATO: 6}, 2: {EGG: 4}}) == {1: {POTATO: 6}, 2: {EGG: 4}}


def test_nothing_missing_takes_nothing() -> None:
    assert missing(named={1: {POTATO: 1}}) == {}
