"""Which points stand too close together, and what each of them sells."""

from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from fulfillment.selectors.point_conflicts import point_map, points_near
from leaders.models.leaders import LeaderState
from orders.selectors.period_sales import PeriodSales
from tests.factories.leaders import LeaderApplicationFactory, PickupPointFactory
from tests.factories.orders import OrderLineFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
# The application of the factory stands at 113.68, 34.79; 0.001° north is 111 m.
LNG, LAT = 113.68, 34.79
NORTH_111_M = 0.001


@pytest.fixture(autouse=True)
def radii(settings: Settings) -> None:
    settings.PROTECTION_RADIUS_M = 500
    settings.PROTECTION_RADIUS_DENSE_M = 300
    settings.DENSE_DISTRICTS = ["金水"]


def test_a_point_within_the_radius_is_shown_with_its_sales() -> None:
    point = PickupPointFactory.create(
        lng=LNG, lat=LAT + 2 * NORTH_111_M, community__district="金水"
    )
    OrderLineFactory.create(
        order__leader=point.leader, order__pickup_point=point, qty=2, unit_price_fen=500
    )

    (near,) = points_near(LeaderApplicationFactory.create(district="金水"), NOW)

    assert near.figures.point == point
    assert (near.distance_m, near.radius_m) == (222, 300)
    assert near.figures.sales == PeriodSales(orders=1, pieces=2, fen=1000)


@pytest.mark.parametrize(
    ("district", "is_conflict"), [("金水", False), ("中牟", True)], ids=["dense", "normal"]
)
def test_dense_districts_stand_closer(district: str, is_conflict: bool) -> None:
    PickupPointFactory.create(lng=LNG, lat=LAT + 4 * NORTH_111_M, community__district=district)

    near = points_near(LeaderApplicationFactory.create(district=district), NOW)

    assert bool(near) is is_conflict


def test_a_village_has_one_point_however_far_its_ends_are() -> None:
    PickupPointFactory.create(
        lng=LNG, lat=LAT + 20 * NORTH_111_M, community__district="中牟", community__name="大孟村"
    )
    application = LeaderApplicationFactory.create(district="中牟", community_name="大孟村")

    (near,) = points_near(application, NOW)

    assert near.is_village


@pytest.mark.parametrize("why", ["closed", "quit"])
def test_points_out_of_business_are_no_conflict(why: str) -> None:
    point = PickupPointFactory.create(lng=LNG, lat=LAT, is_open=why != "closed")
    if why == "quit":
        point.leader.state = LeaderState.QUIT
        point.leader.save()

    assert points_near(LeaderApplicationFactory.create(), NOW) == []


def test_the_map_shows_each_conflict_once_with_both_sides() -> None:
    first = PickupPointFactory.create(lng=LNG, lat=LAT)
    second = PickupPointFactory.create(lng=LNG, lat=LAT + 2 * NORTH_111_M)
    far = PickupPointFactory.create(lng=LNG, lat=LAT + 50 * NORTH_111_M)
    village = PickupPointFactory.create(
        lng=LNG, lat=LAT + 100 * NORTH_111_M, community__name="大孟村"
    )
    other_end = PickupPointFactory.create(
        lng=LNG, lat=LAT + 120 * NORTH_111_M, community=village.community
    )

    found = point_map(NOW)

    assert {figures.point for figures in found.points} == {first, second, far, village, other_end}
    pairs = [({pair.first.point, pair.second.point}, pair.is_village) for pair in found.pairs]
    assert pairs == [({first, second}, False), ({village, other_end}, True)]


@pytest.mark.parametrize("many", [2, 12])
def test_the_map_takes_two_queries_however_many_points_there_are(
    many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    PickupPointFactory.create_batch(many)

    with django_assert_num_queries(2):
        point_map(NOW)
