"""A drop that no vehicle holds: how many parts, which, and that nothing is lost."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from fulfillment.routing.problem import Stop, Vehicle
from fulfillment.routing.splitting import shared, split_stop
from tests.fulfillment.routing.builders import drop, micro_van, van


def test_a_drop_that_fits_a_vehicle_stays_whole() -> None:
    stop = drop("A", weight_g=1_000_000, totes=90)

    assert split_stop(stop, [micro_van(), van()]) == (stop,)


def test_too_many_totes_fill_one_vehicle_and_leave_the_rest() -> None:
    stop = drop("A", weight_g=260_000, totes=130, volume_ml=131, service_s=60 + 130 * 36)

    first, second = split_stop(stop, [micro_van(), van()], own_service_s=60)

    assert [first.key, second.key] == ["A#1", "A#2"]
    assert [first.totes, second.totes] == [90, 40]
    assert [first.weight_g, second.weight_g] == [180_000, 80_000]
    # 131 ml by 90 and 40 are 90.7 and 40.3.
    assert [first.volume_ml, second.volume_ml] == [91, 40]
    assert [first.service_s, second.service_s] == [60 + 90 * 36, 60 + 40 * 36]


def test_too_much_weight_is_split_by_totes_as_well() -> None:
    parts = split_stop(drop("A", weight_g=2_500_000, totes=10), [van()])

    # A tote weighs 250 kg, so a van of 1,000 kg takes four.
    assert [part.totes for part in parts] == [4, 4, 2]
    assert sum(part.weight_g for part in parts) == 2_500_000


def test_cold_totes_share_as_few_parts_as_they_can() -> None:
    chilled = van("V1", capacity_totes=20, capacity_cold_totes=20)
    plain = van("V2", capacity_totes=100)
    stop = drop("A", totes=120, cold_totes=20)

    parts = split_stop(stop, [plain, chilled])

    assert [(part.totes, part.cold_totes) for part in parts] == [(100, 0), (20, 20)]


def test_the_largest_vehicle_is_not_always_the_right_one() -> None:
    large = van("V1", capacity_totes=60)
    chilled = van("V2", capacity_totes=50, capacity_cold_totes=20)
    stop = drop("A", totes=100, cold_totes=40)

    parts = split_stop(stop, [large, chilled])

    assert [(part.totes, part.cold_totes) for part in parts] == [(50, 20), (50, 20)]


def test_only_vehicles_that_may_come_count() -> None:
    truck = van("V1", size=3, capacity_totes=200)
    stop = drop("A", totes=100, largest_size=2)

    assert [part.totes for part in split_stop(stop, [truck, van("V2")])] == [90, 10]
    assert split_stop(stop, [truck]) == (stop,)
    alone = replace(stop, vehicle_keys=frozenset({"V3"}))
    assert split_stop(alone, [truck, van("V2")]) == (alone,)


def test_what_cannot_be_divided_stays_whole() -> None:
    heavy = drop("A", totes=2, weight_g=3_000_000)
    cold = drop("B", totes=100, cold_totes=1)
    loose = drop("C", totes=0, weight_g=2_000_000)

    for stop in (heavy, cold, loose):
        assert split_stop(stop, [van()]) == (stop,)


STOPS = st.builds(
    lambda totes, cold, weight_g, volume_ml: drop(
        "A",
        totes=totes,
        cold_totes=min(cold, totes),
        weight_g=weight_g,
        volume_ml=volume_ml,
        service_s=300 + totes * 36,
    ),
    st.integers(0, 300),
    st.integers(0, 60),
    st.integers(0, 3_000_000),
    st.integers(0, 9_000_000),
)
FLEETS = st.lists(
    st.builds(
        lambda totes, cold, weight_g, volume_ml: van(
            capacity_totes=totes,
            capacity_cold_totes=cold,
            capacity_g=weight_g,
            capacity_ml=volume_ml,
        ),
        st.integers(0, 120),
        st.integers(0, 40),
        st.integers(0, 1_500_000),
        st.integers(0, 4_000_000),
    ),
    max_size=3,
)


@given(STOPS, FLEETS)
def test_parts_fit_and_their_sums_are_exact(stop: Stop, fleet: list[Vehicle]) -> None:
    parts = split_stop(stop, fleet, own_service_s=300)

    for name in ("totes", "cold_totes", "weight_g", "volume_ml"):
        assert sum(getattr(part, name) for part in parts) == getattr(stop, name)
    assert sum(part.service_s - 300 for part in parts) == stop.service_s - 300
    if len(parts) > 1:
        assert not any(fits(stop, vehicle) for vehicle in fleet)
        assert all(any(fits(part, vehicle) for vehicle in fleet) for part in parts)
        assert all(part.totes for part in parts)


@given(st.integers(0, 10_000), st.lists(st.integers(0, 50), min_size=1).filter(any))
def test_shares_differ_from_their_due_by_less_than_one(total: int, weights: list[int]) -> None:
    shares = shared(total, weights)

    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - total * weight) < sum(weights)


def fits(stop: Stop, vehicle: Vehicle) -> bool:
    return (
        stop.totes <= vehicle.capacity_totes
        and stop.cold_totes <= vehicle.capacity_cold_totes
        and stop.weight_g <= vehicle.capacity_g
        and stop.volume_ml <= vehicle.capacity_ml
    )
