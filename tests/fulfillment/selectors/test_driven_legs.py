"""Which legs were driven, read from what drivers' phones reported."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from fulfillment.models.delivery import Stop
from fulfillment.models.driving import DriverEventKind, DriverEventOutcome
from fulfillment.routing.travel import geodesic_m
from fulfillment.selectors.driven_legs import LegBetween, driven_legs
from leaders.domain.coordinates import Place
from tests.factories.fulfillment import CutoffRunFactory, WarehouseFactory
from tests.factories.plans import planned_day
from tests.factories.travel import DrivenTrip

pytestmark = pytest.mark.django_db

# The planned trips of the factory leave at 6:00 in Shanghai.
BEGAN = datetime(2026, 3, 10, 22, 0, tzinfo=UTC)
LATER = BEGAN + timedelta(days=1)
HOUR = timedelta(hours=1)


def place_of(stop: Stop) -> Place:
    return Place(stop.drop.pickup_point.lng, stop.drop.pickup_point.lat)


@pytest.fixture
def driven() -> DrivenTrip:
    """A trip of three stops before anything was reported."""
    plan = planned_day(CutoffRunFactory.create(), trips=1, stops=3)
    trip = plan.trips.get()
    return DrivenTrip(trip, max(BEGAN, trip.departs_at))


def legs_of(driven: DrivenTrip) -> list[LegBetween]:
    warehouse = driven.trip.delivery_run.warehouse
    since = driven.trip.departs_at - timedelta(days=1)
    return driven_legs(warehouse, since=since, until=since + timedelta(days=3))


def test_every_leg_of_a_trip_is_read_out_and_back(driven: DrivenTrip) -> None:
    driven.drive_all(m_per_s=6.0)

    legs = legs_of(driven)

    doors = [place_of(stop) for stop in driven.trip.stops.order_by("stop_seq")]
    tour = [driven.depot, *doors, driven.depot]
    assert [(leg.here, leg.there) for leg in legs] == list(pairwise(tour))
    for leg in legs:
        straight_m = geodesic_m([leg.here, leg.there])[0, 1]
        assert leg.leg.straight_m == pytest.approx(straight_m)
        assert leg.leg.drive_s == pytest.approx(straight_m / 6.0, abs=1)
        assert leg.leg.road_m is None


def test_the_hour_is_the_local_one(driven: DrivenTrip) -> None:
    driven.now = datetime(2026, 3, 11, 0, 30, tzinfo=UTC)
    driven.drive_all()

    assert legs_of(driven)[0].leg.left_s == 8 * 3600 + 1800


def test_a_clock_that_is_off_a_little_still_measures(driven: DrivenTrip) -> None:
    driven.clock_off = timedelta(minutes=-9)
    driven.drive_all(m_per_s=6.0)

    assert [leg.leg.drive_s for leg in legs_of(driven)] == [
        pytest.approx(leg.leg.straight_m / 6.0, abs=1) for leg in legs_of(driven)
    ]


def test_a_clock_that_cannot_be_believed_gives_way_to_ours(driven: DrivenTrip) -> None:
    driven.clock_off = timedelta(days=400)
    driven.drive_all(m_per_s=6.0)

    legs = legs_of(driven)

    assert len(legs) == 4
    assert legs[0].leg.drive_s == pytest.approx(legs[0].leg.straight_m / 6.0, abs=1)


def test_what_was_reported_hours_later_is_timed_by_the_phone(driven: DrivenTrip) -> None:
    first = driven.trip.stops.get(stop_seq=1)
    driven.report(DriverEventKind.DEPART, None, driven.depot, heard_after=3 * HOUR)
    driven.move(place_of(first), 6.0)
    driven.report(DriverEventKind.ARRIVE, first, driven.place, heard_after=2 * HOUR)

    (only,) = legs_of(driven)

    assert only.leg.drive_s == pytest.approx(only.leg.straight_m / 6.0, abs=1)


@pytest.mark.parametrize(
    "where",
    [
        pytest.param(None, id="no_place"),
        pytest.param(Place(113.50, 34.60), id="somewhere_else"),
    ],
)
def test_an_arrival_counts_only_at_the_door(driven: DrivenTrip, where: Place | None) -> None:
    first = driven.trip.stops.get(stop_seq=1)
    driven.report(DriverEventKind.DEPART, None, driven.depot)
    driven.move(place_of(first), 6.0)
    driven.report(DriverEventKind.ARRIVE, first, where)

    assert legs_of(driven) == []


@pytest.mark.parametrize("outcome", [DriverEventOutcome.UNDONE, DriverEventOutcome.REFUSED])
def test_what_was_taken_back_or_refused_does_not_count(
    driven: DrivenTrip, outcome: DriverEventOutcome
) -> None:
    first = driven.trip.stops.get(stop_seq=1)
    driven.report(DriverEventKind.DEPART, None, driven.depot)
    driven.move(place_of(first), 6.0)
    driven.report(DriverEventKind.ARRIVE, first, driven.place, outcome=outcome)

    assert legs_of(driven) == []


def test_a_stop_without_its_arrival_breaks_the_chain(driven: DrivenTrip) -> None:
    first, second, _ = driven.trip.stops.order_by("stop_seq")
    driven.report(DriverEventKind.DEPART, None, driven.depot)
    driven.move(place_of(first), 6.0)
    driven.report(DriverEventKind.HAND_OVER, first, driven.place)
    driven.move(place_of(second), 6.0)
    driven.report(DriverEventKind.ARRIVE, second, driven.place)

    (only,) = legs_of(driven)

    assert (only.here, only.there) == (place_of(first), place_of(second))


def test_other_warehouses_and_other_weeks_are_not_read(driven: DrivenTrip) -> None:
    driven.drive_all()
    warehouse = driven.trip.delivery_run.warehouse

    assert driven_legs(warehouse, since=LATER, until=LATER + HOUR) == []
    assert (
        driven_legs(WarehouseFactory.create(code="W2"), since=BEGAN - HOUR, until=LATER + HOUR)
        == []
    )
