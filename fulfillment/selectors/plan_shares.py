"""What an accepted plan costs by cause, and who drives how much of it, from its rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.utils import timezone

from fulfillment.models.delivery import Vehicle
from fulfillment.routing.plan import PlanCosts
from fulfillment.routing.problem import UNBOUNDED_S
from fulfillment.routing.problem import Stop as StopValue
from fulfillment.routing.problem import Vehicle as VehicleValue
from fulfillment.selectors.delivery import seconds_of_day
from fulfillment.selectors.delivery_views import PlanView, StopView, TripView


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverShare:
    """One vehicle's day with its driver.

    Hours run from the first departure to the last return; `percent` compares
    them with the mean of all who drive, 100 is just that.
    """

    vehicle: Vehicle
    driver_name: str
    trips: int
    stops: int
    totes: int
    distance_m: int
    duration_s: int
    overtime_s: int
    late_stops: int
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShares:
    """The costs of a plan by cause and its work by vehicle, in order of vehicle code."""

    costs: PlanCosts
    shares: tuple[DriverShare, ...]


def plan_shares(plan: PlanView) -> PlanShares:
    """Return costs by cause and shares by vehicle; reads nothing beside the plan."""
    by_code = sorted(plan.trips, key=lambda view: (view.vehicle.code, view.trip.trip_no))
    days = [list(group) for _code, group in groupby(by_code, key=lambda view: view.vehicle.code)]
    costs = PlanCosts()
    for day in days:
        costs = costs.plus(_costs(day))
    mean_s = sum(map(_duration_s, days)) / max(1, len(days))
    return PlanShares(costs=costs, shares=tuple(_share(day, mean_s) for day in days))


def _costs(day: Sequence[TripView]) -> PlanCosts:
    """A vehicle's day by cause, rounded as the planner rounds."""
    row = day[0].vehicle
    vehicle = VehicleValue(
        key=row.code,
        capacity_g=row.capacity_g,
        capacity_totes=row.capacity_totes,
        fixed_cost_fen=row.fixed_cost_fen,
        cost_per_km_fen=row.cost_per_km_fen,
        cost_per_hour_fen=row.cost_per_hour_fen,
        shift_end_s=seconds_of_day(row.shift_end),
        overtime_fen_per_hour=row.overtime_per_hour_fen,
    )
    metres = sum(view.distance_m for view in day)
    distance_fen = vehicle.cost_fen(metres, 0) - vehicle.fixed_cost_fen
    return PlanCosts(
        fixed_fen=vehicle.fixed_cost_fen,
        distance_fen=distance_fen,
        hours_fen=vehicle.cost_fen(metres, _duration_s(day)) - row.fixed_cost_fen - distance_fen,
        overtime_fen=vehicle.overtime_fen(_returns_s(day)),
        lateness_fen=sum(_wish(stop).lateness_fen(_starts_s(stop)) for stop in _stops(day)),
    )


def _share(day: Sequence[TripView], mean_s: float) -> DriverShare:
    row, stops = day[0].vehicle, list(_stops(day))
    driver = day[0].trip.driver or row.driver
    duration_s = _duration_s(day)
    return DriverShare(
        vehicle=row,
        driver_name=driver.name if driver else "",
        trips=len(day),
        stops=len(stops),
        totes=sum(view.load.totes for view in day),
        distance_m=sum(view.distance_m for view in day),
        duration_s=duration_s,
        overtime_s=max(0, _returns_s(day) - seconds_of_day(row.shift_end)),
        late_stops=sum(_starts_s(stop) > _wish(stop).prefers_until_s for stop in stops),
        percent=round(100 * duration_s / mean_s) if mean_s else 100,
    )


def _stops(day: Iterable[TripView]) -> Iterator[StopView]:
    return (stop for view in day for stop in view.stops)


def _wish(stop: StopView) -> StopValue:
    until = stop.point.prefers_until
    return StopValue(
        key=stop.slot_code,
        prefers_until_s=UNBOUNDED_S if until is None else seconds_of_day(until),
        lateness_fen_per_hour=settings.LATENESS_FEN_PER_HOUR,
    )


def _starts_s(stop: StopView) -> int:
    return seconds_of_day(timezone.localtime(stop.stop.start_at).time())


def _returns_s(day: Sequence[TripView]) -> int:
    return seconds_of_day(timezone.localtime(day[-1].trip.returns_at).time())


def _duration_s(day: Sequence[TripView]) -> int:
    return round((day[-1].trip.returns_at - day[0].trip.departs_at).total_seconds())
