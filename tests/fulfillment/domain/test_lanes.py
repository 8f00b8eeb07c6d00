"""Lanes and slots that are given once."""

from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.lanes import next_route_no, slot_for, slot_unserved
from fulfillment.domain.sorting import SlotCode

slots = st.frozensets(st.builds(SlotCode, st.integers(1, 5), st.integers(1, 9)), max_size=12)
routes = st.frozensets(st.integers(1, 5))


def test_the_first_route_is_1_and_the_next_follows_routes_and_lanes() -> None:
    assert next_route_no([], []) == 1
    assert next_route_no([1, 2], [SlotCode(1, 4)]) == 3
    assert next_route_no([1, 2], [SlotCode(3, 1)]) == 4


def test_a_stop_gets_its_own_slot_or_the_next_of_its_lane() -> None:
    taken = [SlotCode(3, 7), SlotCode(3, 9), SlotCode(2, 12)]

    assert slot_for(3, 8, taken) == SlotCode(3, 8)
    assert slot_for(3, 7, taken) == SlotCode(3, 10)


def test_drops_on_no_route_wait_in_one_lane_behind_the_last() -> None:
    assert slot_unserved([1, 2], []) == SlotCode(3, 1)
    assert slot_unserved([1, 2], [SlotCode(3, 1)]) == SlotCode(3, 2)
    assert slot_unserved([1, 2, 4], [SlotCode(3, 1)]) == SlotCode(5, 1)


@given(routes, slots, st.integers(1, 5), st.integers(1, 9))
def test_no_slot_is_given_twice_and_no_lane_becomes_a_route(
    routes: frozenset[int], slots: frozenset[SlotCode], route_no: int, stop_seq: int
) -> None:
    assert slot_for(route_no, stop_seq, slots) not in slots
    waiting = slot_unserved(routes, slots)
    assert waiting not in slots
    assert waiting.route_no not in routes
    assert next_route_no(routes, slots | {waiting}) > waiting.route_no
