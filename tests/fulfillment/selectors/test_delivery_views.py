"""Delivery runs as the dispatcher looks at them."""

import pytest
from pytest_django import DjangoAssertNumQueries

from fulfillment.models.delivery import DeliveryRun
from fulfillment.routing.plan import UnservedReason
from fulfillment.selectors.delivery_views import (
    REASON_LABELS,
    delivery_runs_listed,
    plan_view,
)
from tests.factories.fulfillment import CutoffRunFactory, DeliveryRunFactory
from tests.factories.plans import planned_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> DeliveryRun:
    return planned_day(CutoffRunFactory.create(), trips=2, stops=3)


def test_every_reason_has_words() -> None:
    assert set(REASON_LABELS) == set(UnservedReason)


def test_the_list_counts_vehicles_trips_stops_and_the_unserved(plan: DeliveryRun) -> None:
    counts = ("vehicle_count", "trip_count", "stop_count", "unserved_count")

    row = delivery_runs_listed().filter(pk=plan.pk).values(*counts)[0]

    assert [row[name] for name in counts] == [2, 2, 6, 1]


def test_trips_come_in_route_order_and_stops_in_driving_order(plan: DeliveryRun) -> None:
    view = plan_view(plan)

    assert [trip.label for trip in view.trips] == ["R01", "R02"]
    assert [stop.slot_code for stop in view.trips[0].stops] == ["1-01", "1-02", "1-03"]
    assert (view.vehicles, view.stops, view.totes) == (2, 6, 12)


def test_a_trip_weighs_what_its_stops_weigh(plan: DeliveryRun) -> None:
    load = plan_view(plan).trips[0].load

    assert (load.totes, load.weight_g, load.volume_ml) == (6, 15_000, 60_000)
    assert (load.totes_percent, load.weight_percent, load.load_factor_percent) == (15, 2, 15)


def test_a_trips_distance_includes_the_way_back(plan: DeliveryRun) -> None:
    assert plan_view(plan).trips[0].distance_m == 3 * 3200 + 9000


def test_the_unserved_say_why(plan: DeliveryRun) -> None:
    (unserved,) = plan_view(plan).unserved

    assert unserved.drop.slot_code == "3-01"
    assert unserved.reason == str(REASON_LABELS[UnservedReason.WINDOW_UNREACHABLE])


def test_the_hours_run_from_first_departure_to_last_return(plan: DeliveryRun) -> None:
    assert plan_view(plan).hours_text == "06:00–09:00"


def test_a_plan_without_trips_has_no_hours() -> None:
    view = plan_view(DeliveryRunFactory.create())

    assert (view.hours_text, view.load_factor_percent) == ("—", 0)


@pytest.mark.parametrize("trips", [1, 4])
def test_the_number_of_queries_does_not_grow_with_the_plan(
    trips: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    planned = planned_day(CutoffRunFactory.create(), trips=trips)
    run = DeliveryRun.objects.select_related("cutoff_run", "warehouse").get(pk=planned.pk)

    with django_assert_num_queries(3):
        plan_view(run)
