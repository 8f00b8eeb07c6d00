"""Late pieces go where a vehicle has room for them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.allocation import LineDemand, ShortageRule, allocate
from fulfillment.domain.reallocation import HeldLine, reallocate
from fulfillment.domain.vehicle_room import (
    NO_LIMIT,
    VehicleRoom,
    reallocate_within,
    serve_within,
)

MORNING = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)


def line(key: str, qty: int, minute: int, point: str, *, is_whole_only: bool = False) -> LineDemand:
    return LineDemand(
        line_key=key,
        point_code=point,
        qty=qty,
        paid_at=MORNING + timedelta(minutes=minute),
        is_whole_only=is_whole_only,
    )


def held(demand: LineDemand, qty: int) -> HeldLine:
    return HeldLine(demand=demand, held_qty=qty)


# Points A and B are on trip 1, C on trip 2.
A, B, C = line("a", 4, 1, "A"), line("b", 4, 2, "B"), line("c", 4, 3, "C")
TRIPS = {"A": 1, "B": 1, "C": 2}


def room(first: int, second: int) -> VehicleRoom:
    return VehicleRoom(trip_of=TRIPS, pieces={1: first, 2: second})


def test_a_full_vehicle_leaves_its_share_to_the_other_routes() -> None:
    lines = [held(A, 1), held(B, 0), held(C, 0)]

    after = reallocate_within(lines, 6, ShortageRule.PAID_TIME, room(2, 9))

    assert after == {"a": 3, "b": 0, "c": 3}


def test_what_fits_nowhere_stays_spare() -> None:
    lines = [held(A, 1), held(B, 0), held(C, 0)]

    after = reallocate_within(lines, 9, ShortageRule.PAID_TIME, room(0, 1))

    assert after == {"a": 1, "b": 0, "c": 1}


def test_a_set_that_does_not_fit_is_passed_over() -> None:
    gift = line("gift", 3, 1, "A", is_whole_only=True)
    lines = [held(gift, 0), held(B, 0)]

    after = reallocate_within(lines, 5, ShortageRule.PAID_TIME, room(2, 0))

    assert after == {"gift": 0, "b": 2}


def test_pieces_taken_back_need_no_room() -> None:
    lines = [held(A, 4), held(B, 4), held(C, 0)]

    assert reallocate_within(lines, 6, ShortageRule.PAID_TIME, room(0, 0)) == {
        "a": 4,
        "b": 2,
        "c": 0,
    }


def test_points_on_no_trip_take_any() -> None:
    lines = [held(line("d", 5, 1, "D"), 0)]

    assert reallocate_within(lines, 5, ShortageRule.PAID_TIME, room(0, 0)) == {"d": 5}


def test_whoever_paid_first_is_served_while_there_is_room() -> None:
    quantities = {"a": 0, "b": 0, "c": 0}

    left = serve_within([C, B, A], quantities, 9, room(5, 1))

    assert (quantities, left) == ({"a": 4, "b": 1, "c": 1}, 3)


@given(
    wanted=st.lists(
        st.tuples(st.sampled_from("ABC"), st.integers(1, 6), st.booleans()), max_size=8
    ),
    first=st.integers(0, 8),
    second=st.integers(0, 8),
    supply=st.integers(0, 20),
    more=st.integers(0, 20),
    rule=st.sampled_from(ShortageRule),
)
def test_no_vehicle_is_overloaded_and_nobody_loses(
    wanted: list[tuple[str, int, bool]],
    first: int,
    second: int,
    supply: int,
    more: int,
    rule: ShortageRule,
) -> None:
    demands = [
        line(f"line-{n}", qty, n % 3, point, is_whole_only=is_set)
        for n, (point, qty, is_set) in enumerate(wanted)
    ]
    has = allocate(demands, supply, rule).quantities
    lines = [held(demand, has[demand.line_key]) for demand in demands]
    vehicles = room(first, second)

    after = reallocate_within(lines, supply + more, rule, vehicles)

    for trip, free in vehicles.pieces.items():
        own = [demand for demand in demands if TRIPS[demand.point_code] == trip]
        assert sum(after[d.line_key] - has[d.line_key] for d in own) <= free
    assert all(has[d.line_key] <= after[d.line_key] <= d.qty for d in demands)
    assert sum(after.values()) <= supply + more
    unlimited = reallocate_within(lines, supply + more, rule, NO_LIMIT)
    assert unlimited == reallocate(lines, supply + more, rule)
