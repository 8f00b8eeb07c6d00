"""A new trip goes on as the one it shares most goods with."""

from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.trip_matching import TripShape, trips_matched


def trip(vehicle_code: str, trip_no: int, *drops: int) -> TripShape:
    return TripShape(
        vehicle_code=vehicle_code,
        trip_no=trip_no,
        stop_keys=frozenset((drop, 1) for drop in drops),
    )


shapes = st.dictionaries(
    st.integers(1, 6),
    st.builds(
        lambda code, number, drops: trip(code, number, *drops),
        st.sampled_from(["V1", "V2"]),
        st.integers(1, 2),
        st.frozensets(st.integers(1, 9), max_size=4),
    ),
    max_size=5,
)


def test_goods_that_another_van_drives_keep_their_route() -> None:
    old = {31: trip("V1", 1, 1, 2, 3), 32: trip("V2", 1, 4, 5)}
    new = {0: trip("V3", 1, 1, 2, 3), 1: trip("V2", 1, 4, 5)}

    assert trips_matched(old, new) == {0: 31, 1: 32}


def test_the_trip_with_more_of_the_goods_goes_on() -> None:
    old = {31: trip("V1", 1, 1, 2, 3, 4, 5)}
    new = {0: trip("V1", 1, 1, 2), 1: trip("V2", 1, 3, 4, 5)}

    assert trips_matched(old, new) == {1: 31}


def test_at_a_tie_the_same_van_and_then_the_same_number_decide() -> None:
    old = {31: trip("V1", 1, 1, 2), 32: trip("V1", 2, 3, 4)}
    new = {0: trip("V2", 1, 1, 3), 1: trip("V1", 2, 2, 4)}

    assert trips_matched(old, new) == {1: 32, 0: 31}


def test_a_trip_whose_goods_are_all_gone_stays_with_its_van_and_number() -> None:
    old = {31: trip("V1", 1)}

    assert trips_matched(old, {0: trip("V1", 1, 7)}) == {0: 31}
    assert trips_matched(old, {0: trip("V1", 2, 7)}) == {}
    assert trips_matched(old, {0: trip("V2", 1, 7)}) == {}


@given(shapes, shapes)
def test_no_trip_goes_on_twice(old: dict[int, TripShape], new: dict[int, TripShape]) -> None:
    matched = trips_matched(old, new)

    assert len(set(matched.values())) == len(matched)
    assert matched.keys() <= new.keys()
    assert set(matched.values()) <= old.keys()


@given(shapes)
def test_a_plan_that_does_not_change_keeps_every_trip_with_goods(old: dict[int, TripShape]) -> None:
    apart = {
        key: TripShape(
            vehicle_code=shape.vehicle_code,
            trip_no=shape.trip_no,
            stop_keys=frozenset((key, part) for _drop, part in shape.stop_keys),
        )
        for key, shape in old.items()
        if shape.stop_keys
    }

    assert trips_matched(apart, apart) == {key: key for key in apart}
