"""The rules beyond loads and windows, added to an OR-Tools model.

Doors closed to vehicles, hours closed to trucks, lateness and overtime with
their price, driver breaks, pairs that share no trip, and prefixes that stay.
"""

from itertools import pairwise

from fulfillment.routing.day_rules import is_allowed, is_too_large, opens_for_s
from fulfillment.routing.engines.ortools_model import CLOCK, RELOADS, SOONEST, Model
from fulfillment.routing.problem import Vehicle
from fulfillment.routing.rules import Break, FixedTrip


def add_rules(model: Model, *, knows_breaks: bool) -> None:
    """Add all of them, each only where it binds; breaks only where they are wanted.

    They make a search ten times as long.
    """
    _add_doors(model)
    if not model.frame.is_timeless:
        _add_truck_hours(model)
        _add_prices_of_time(model)
        if knows_breaks:
            _add_breaks(model)
    _add_forbidden_pairs(model)
    _add_fixed(model)


def _add_doors(model: Model) -> None:
    frame = model.frame
    for place, stop in enumerate(frame.stops, start=1):
        able = [
            at
            for at, vehicle in enumerate(frame.fleet)
            if is_allowed(vehicle, stop) and not is_too_large(vehicle, stop)
        ]
        if not able:
            model.routing.ActiveVar(model.index(place)).SetValue(0)
        elif len(able) < len(frame.fleet):
            # -1 is for a stop that is left out.
            model.routing.VehicleVar(model.index(place)).SetValues([-1, *able])


def _add_truck_hours(model: Model) -> None:
    solver = model.routing.solver()
    clock = model.routing.GetDimensionOrDie(CLOCK)
    for place, stop in enumerate(model.frame.stops, start=1):
        opens_s = [opens_for_s(vehicle, stop) for vehicle in model.frame.fleet]
        if max(opens_s) == stop.opens_s:
            continue
        index = model.index(place)
        # The first entry is for a stop that is left out, whose vehicle is -1.
        which = (model.routing.VehicleVar(index) + 1).Var()
        solver.Add(clock.CumulVar(index) >= solver.Element([0, *opens_s], which))


def _add_prices_of_time(model: Model) -> None:
    frame = model.frame
    if not frame.has_prices_of_time:
        return
    clock = model.routing.GetDimensionOrDie(SOONEST)
    for place, stop in enumerate(frame.stops, start=1):
        price = frame.price_of_lateness(stop)
        if price:
            clock.SetCumulVarSoftUpperBound(model.index(place), stop.prefers_until_s, price)
    for position, vehicle in enumerate(frame.fleet):
        price = frame.price_of_overtime(vehicle)
        if price:
            paid_until_s = max(vehicle.shift_end_s, vehicle.back_s or 0)
            clock.SetCumulVarSoftUpperBound(model.routing.End(position), paid_until_s, price)


def _add_breaks(model: Model) -> None:
    """Give each driver the breaks that can fall due.

    OR-Tools lets them lie on the road, and before the first departure or after
    the last return, where ours are not due. `evaluate_duty` takes one on the
    road at the door before it or after it instead.
    """
    frame = model.frame
    clock = model.routing.GetDimensionOrDie(CLOCK)
    for position, vehicle in enumerate(frame.fleet):
        breaks = [
            model.routing.solver().FixedDurationIntervalVar(
                _earliest_s(vehicle, due), due.until_s, due.duration_s, False, "break"
            )
            for due in vehicle.breaks
            if vehicle.shift_start_s < due.until_s < vehicle.latest_return_s
        ]
        if breaks:
            clock.SetBreakIntervalsOfVehicle(breaks, position, _visits_s(model, vehicle))


def _earliest_s(vehicle: Vehicle, due: Break) -> int:
    """Return when the break may begin; one whose day goes on has no time off before it."""
    return due.from_s if vehicle.back_s is None else max(due.from_s, vehicle.shift_start_s)


def _visits_s(model: Model, vehicle: Vehicle) -> list[int]:
    """Return by index for how long nothing can interrupt the work there."""
    visits_s = [0] * model.routing.Size()
    for place, stop in enumerate(model.frame.stops, start=1):
        visits_s[model.index(place)] = stop.service_s
    for place in model.frame.reload_places:
        visits_s[model.index(place)] = vehicle.reload_s
    return visits_s


def _add_forbidden_pairs(model: Model) -> None:
    solver, routing, frame = model.routing.solver(), model.routing, model.frame
    for pair in sorted(frame.problem.forbidden_pairs):
        if not all(node in frame.place for node in pair):
            continue
        here, there = (model.index(frame.place[node]) for node in pair)
        are_together = routing.VehicleVar(here) == routing.VehicleVar(there)
        if frame.reloads:
            reloads = routing.GetDimensionOrDie(RELOADS)
            on_one_trip = reloads.CumulVar(here) == reloads.CumulVar(there)
            solver.Add(are_together + on_one_trip + routing.ActiveVar(here) <= 2)
        else:
            solver.Add(are_together + routing.ActiveVar(here) <= 1)


def _add_fixed(model: Model) -> None:
    frame = model.frame
    vehicle_of = {position: at for at, position in enumerate(frame.vehicles)}
    ours = [fixed for fixed in frame.problem.fixed if fixed.vehicle in vehicle_of and fixed.nodes]
    before: FixedTrip | None = None
    for fixed in sorted(ours, key=lambda fixed: (fixed.vehicle, fixed.trip)):
        _fix_prefix(model, fixed, vehicle_of[fixed.vehicle])
        if before is not None and before.vehicle == fixed.vehicle:
            reloads = model.routing.GetDimensionOrDie(RELOADS)
            first, second = (model.index(frame.place[f.nodes[0]]) for f in (before, fixed))
            model.routing.solver().Add(reloads.CumulVar(first) < reloads.CumulVar(second))
        before = fixed


def _fix_prefix(model: Model, fixed: FixedTrip, vehicle: int) -> None:
    routing, frame = model.routing, model.frame
    chain = [model.index(frame.place[node]) for node in fixed.nodes]
    for here, there in pairwise(chain):
        routing.NextVar(here).SetValue(there)
    first = chain[0]
    routing.VehicleVar(first).SetValue(vehicle)
    if fixed.trip == 1 or not frame.reloads:
        routing.NextVar(routing.Start(vehicle)).SetValue(first)
        return
    # A trip begins where the vehicle starts or reloads.
    for place in range(1, len(frame.nodes) + 1):
        if model.index(place) != first:
            routing.NextVar(model.index(place)).RemoveValue(first)
    reloads = routing.GetDimensionOrDie(RELOADS)
    reloads.CumulVar(first).SetMax(fixed.trip - 1)
