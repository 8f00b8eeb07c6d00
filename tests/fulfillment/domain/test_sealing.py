"""Sealing: what was packed replaces the estimate, and numbers come from sealed rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.lifecycle import ToteState
from fulfillment.domain.sealing import (
    TOTES_MAX,
    TotePosition,
    ToteRow,
    number_totes,
    plan_seal,
)
from fulfillment.errors import CountNegative, SealNotPossible
from orders.domain.storage import StorageClass

AMBIENT, CHILL, FROZEN = StorageClass.AMBIENT, StorageClass.CHILL, StorageClass.FROZEN
ASSIGNED, SEALED, FREE, LOST = (
    ToteState.ASSIGNED,
    ToteState.SEALED,
    ToteState.FREE,
    ToteState.LOST,
)


def rows(*wanted: tuple[StorageClass, ToteState]) -> list[ToteRow]:
    """Rows with keys from 1, numbered within their class."""
    numbers = dict.fromkeys(StorageClass, 0)
    found = []
    for key, (storage, state) in enumerate(wanted, start=1):
        numbers[storage] += 1
        found.append(ToteRow(key=key, storage=storage, seq=numbers[storage], state=state))
    return found


def test_the_estimate_is_sealed_as_it_is() -> None:
    plan = plan_seal(rows((AMBIENT, ASSIGNED), (CHILL, ASSIGNED)), {AMBIENT: 1, CHILL: 1})

    assert (plan.seal, plan.release, plan.add) == ((1, 2), (), ())


def test_one_more_than_expected_is_added_with_the_next_number() -> None:
    plan = plan_seal(rows((AMBIENT, ASSIGNED), (AMBIENT, ASSIGNED)), {AMBIENT: 4, FROZEN: 1})

    assert (plan.seal, plan.add) == ((1, 2), ((AMBIENT, 3), (AMBIENT, 4), (FROZEN, 1)))


def test_what_was_not_needed_is_given_back_from_the_end() -> None:
    plan = plan_seal(
        rows((AMBIENT, ASSIGNED), (AMBIENT, ASSIGNED), (CHILL, ASSIGNED)), {AMBIENT: 1}
    )

    assert (plan.seal, plan.release, plan.add) == ((1,), (2, 3), ())


def test_the_same_figures_again_change_nothing() -> None:
    plan = plan_seal(rows((AMBIENT, SEALED), (AMBIENT, FREE)), {AMBIENT: 1})

    assert plan.is_empty


def test_a_tote_given_back_is_taken_again_before_another_is_added() -> None:
    plan = plan_seal(rows((AMBIENT, SEALED), (AMBIENT, FREE)), {AMBIENT: 3})

    assert (plan.seal, plan.release, plan.add) == ((2,), (), ((AMBIENT, 3),))


def test_the_number_of_a_lost_tote_is_not_given_again() -> None:
    plan = plan_seal(rows((AMBIENT, LOST)), {AMBIENT: 1})

    assert (plan.seal, plan.add) == ((), ((AMBIENT, 2),))


@pytest.mark.parametrize("state", [ToteState.LOADED, ToteState.DELIVERED, ToteState.EMPTY])
def test_a_tote_that_has_left_the_slot_stops_the_sealing(state: ToteState) -> None:
    with pytest.raises(SealNotPossible):
        plan_seal(rows((AMBIENT, SEALED), (AMBIENT, state)), {AMBIENT: 1})


def test_nonsense_figures_are_refused() -> None:
    with pytest.raises(CountNegative):
        plan_seal([], {AMBIENT: -1})
    with pytest.raises(SealNotPossible):
        plan_seal([], {AMBIENT: TOTES_MAX + 1})


def test_numbers_run_through_ambient_chilled_and_frozen() -> None:
    sealed = rows((FROZEN, SEALED), (AMBIENT, SEALED), (CHILL, SEALED), (AMBIENT, SEALED))

    assert number_totes(sealed) == {
        2: TotePosition(k=1, n=4),
        4: TotePosition(k=2, n=4),
        3: TotePosition(k=3, n=4),
        1: TotePosition(k=4, n=4),
    }


usable = st.sampled_from([ASSIGNED, SEALED, FREE, LOST])
some_rows = st.lists(st.tuples(st.sampled_from(list(StorageClass)), usable), max_size=12)
some_figures = st.dictionaries(st.sampled_from(list(StorageClass)), st.integers(0, 6))


@given(some_rows, some_figures)
def test_after_the_plan_exactly_what_was_packed_is_sealed(
    wanted: list[tuple[StorageClass, ToteState]], packed: dict[StorageClass, int]
) -> None:
    before = rows(*wanted)

    plan = plan_seal(before, packed)

    state = {row.key: row.state for row in before}
    state |= dict.fromkeys(plan.release, FREE) | dict.fromkeys(plan.seal, SEALED)
    after = [
        ToteRow(key=row.key, storage=row.storage, seq=row.seq, state=state[row.key])
        for row in before
    ] + [
        ToteRow(key=-number, storage=storage, seq=seq, state=SEALED)
        for number, (storage, seq) in enumerate(plan.add, start=1)
    ]
    for storage in StorageClass:
        of_class = [row for row in after if row.storage is storage]
        sealed = [row for row in of_class if row.state is SEALED]
        assert len(sealed) == packed.get(storage, 0)
        assert not any(row.state is ASSIGNED for row in of_class)
        assert len({row.seq for row in of_class}) == len(of_class)
    assert plan_seal(after, packed).is_empty
