"""What an accepted plan costs by cause, and who drives how much of it."""

from datetime import UTC, datetime, time

import pytest

from fulfillment.domain.plan_board import Seat
from fulfillment.models.delivery import DeliveryRun, Driver, Vehicle
from fulfillment.selectors.delivery_views import plan_view
from fulfillment.selectors.plan_shares import plan_shares
from fulfillment.services.plan_acceptance import draft_accept
from fulfillment.services.plan_board import StopMove, board_move, board_open
from leaders.models.accounts import User
from leaders.models.pickup_points import PickupPoint
from tests.factories.boards import board_day, key_at
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)


@pytest.fixture
def accepted() -> DeliveryRun:
    """A plan of two vans that the planner has timed, VB with four stops and VA with two."""
    plan = board_day(trips=2, stops=3)
    Vehicle.objects.update(shift_end=time(8, 10), overtime_minutes=90, overtime_per_hour_fen=2000)
    PickupPoint.objects.update(prefers_until=time(7, 20))
    dispatcher: User = UserFactory.create()
    draft = board_open(delivery_run_id=plan.pk, actor=dispatcher, now=NOW)
    board_move(
        draft_id=draft.pk,
        step=0,
        move=StopMove(
            stop_key=key_at(plan, 1, 1), seat=Seat(vehicle_code="VB", trip_no=1, position=1)
        ),
        actor=dispatcher,
        now=NOW,
    )
    return draft_accept(draft_id=draft.pk, actor=dispatcher, now=NOW)


def test_the_causes_add_up_to_what_the_planner_reckoned(accepted: DeliveryRun) -> None:
    costs = plan_shares(plan_view(accepted)).costs

    assert costs.total_fen == accepted.cost_fen
    assert min(costs.fixed_fen, costs.distance_fen, costs.hours_fen) > 0
    assert costs.overtime_fen > 0
    assert costs.lateness_fen > 0


def test_shares_compare_hours_with_the_mean(accepted: DeliveryRun) -> None:
    first, second = plan_shares(plan_view(accepted)).shares

    assert [share.vehicle.code for share in (first, second)] == ["VA", "VB"]
    assert [share.stops for share in (first, second)] == [2, 4]
    assert second.late_stops >= 1
    assert second.overtime_s > 0
    assert first.percent < 100 < second.percent
    assert first.percent + second.percent == pytest.approx(200, abs=1)


def test_the_driver_is_the_trips_own_before_the_vehicles(accepted: DeliveryRun) -> None:
    usual, stand_in = (
        Driver.objects.create(code=code, name=name, phone="19900000000")
        for code, name in (("D1", "王建国"), ("D2", "李强"))
    )
    Vehicle.objects.update(driver=usual)
    accepted.trips.filter(vehicle__code="VB").update(driver=stand_in)

    shares = plan_shares(plan_view(accepted)).shares

    assert [share.driver_name for share in shares] == ["王建国", "李强"]


def test_a_plan_without_trips_costs_nothing(accepted: DeliveryRun) -> None:
    for trip in accepted.trips.all():
        trip.stops.all().delete()
        trip.delete()

    shares = plan_shares(plan_view(accepted))

    assert (shares.costs.total_fen, shares.shares) == (0, ())
