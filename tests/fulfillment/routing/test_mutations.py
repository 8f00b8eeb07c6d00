"""The judge lets no mutation of a sound plan through."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.routing.checker import check_plan
from fulfillment.routing.plan import PlannedStop, PlannedTrip, RoutePlan, Unserved, UnservedReason
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, build_plan, evaluate_duty
from tests.fulfillment.routing.rich_problems import fixed_duty, rich_duties

Path = tuple[str | int, ...]


@st.composite
def sound_plans(draw: st.DrawFn) -> tuple[RoutingProblem, RoutePlan]:
    """A rich problem and a plan of what can be driven of random duties."""
    problem, duties = draw(rich_duties())
    kept = [
        duty if not evaluate_duty(problem, duty).broken else fixed_duty(problem, duty.vehicle)
        for duty in duties
    ]
    return problem, build_plan(problem, kept)


@settings(deadline=None)
@given(sound_plans())
def test_a_plan_of_days_that_break_no_rule_is_sound(
    drawn: tuple[RoutingProblem, RoutePlan],
) -> None:
    problem, plan = drawn

    assert check_plan(problem, plan) == ()


@settings(deadline=None, max_examples=50)
@given(sound_plans(), st.sampled_from([-3_600, -1, 1, 60]))
def test_no_figure_can_be_changed_alone(
    drawn: tuple[RoutingProblem, RoutePlan], delta: int
) -> None:
    problem, plan = drawn
    for path in figures(plan):
        changed = with_figure(plan, path, lambda old: old + delta)

        assert is_other_departure(path) or check_plan(problem, changed), path


@settings(deadline=None, max_examples=60)
@given(sound_plans())
def test_no_stop_and_no_trip_can_be_moved_lost_or_doubled(
    drawn: tuple[RoutingProblem, RoutePlan],
) -> None:
    problem, plan = drawn
    for name, changed in [*lost(plan), *doubled(plan), *swapped(plan), *moved(plan)]:
        assert check_plan(problem, changed), name


@settings(deadline=None, max_examples=60)
@given(sound_plans())
def test_no_break_and_no_excuse_can_be_changed(drawn: tuple[RoutingProblem, RoutePlan]) -> None:
    problem, plan = drawn
    for name, changed in [*rested_less(problem, plan), *excused(plan)]:
        assert check_plan(problem, changed), name


@settings(deadline=None, max_examples=60)
@given(rich_duties())
def test_duties_that_break_a_rule_never_pass(
    drawn: tuple[RoutingProblem, tuple[Duty, ...]],
) -> None:
    problem, duties = drawn
    for duty in duties:
        if not evaluate_duty(problem, duty).broken:
            continue
        others = [fixed_duty(problem, other.vehicle) for other in duties if other is not duty]

        assert check_plan(problem, build_plan(problem, [duty, *others]))


def figures(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the way to every whole number in a plan."""
    if isinstance(value, int):
        yield path
    elif isinstance(value, tuple):
        for at, item in enumerate(value):
            yield from figures(item, (*path, at))
    elif is_dataclass(value):
        for field in fields(value):
            yield from figures(getattr(value, field.name), (*path, field.name))


def with_figure(value: Any, path: Path, change: Callable[[int], int]) -> Any:
    """Return the plan with one whole number changed."""
    if not path:
        return change(value)
    head, *rest = path
    if isinstance(head, int):
        inner = with_figure(value[head], tuple(rest), change)
        return (*value[:head], inner, *value[head + 1 :])
    return replace(value, **{head: with_figure(getattr(value, head), tuple(rest), change)})


def is_other_departure(path: Path) -> bool:
    """Return whether the figure is a trip's departure.

    Under traffic another second of departure may arrive at the same second: no
    fault, and for the first trip the hours are checked elsewhere.
    """
    return path[-1] == "departs_s"


def with_trips(plan: RoutePlan, *trips: PlannedTrip) -> RoutePlan:
    return replace(plan, trips=trips)


def with_stops(plan: RoutePlan, number: int, stops: tuple[PlannedStop, ...]) -> RoutePlan:
    trip = replace(plan.trips[number], stops=stops)
    return with_trips(plan, *plan.trips[:number], trip, *plan.trips[number + 1 :])


def lost(plan: RoutePlan) -> Iterator[tuple[str, RoutePlan]]:
    for number, trip in enumerate(plan.trips):
        without = (*plan.trips[:number], *plan.trips[number + 1 :])
        yield "a trip is lost", with_trips(plan, *without)
        for at in range(len(trip.stops)):
            kept = (*trip.stops[:at], *trip.stops[at + 1 :])
            yield "a stop is lost", with_stops(plan, number, kept)
    for at in range(len(plan.unserved)):
        kept_out = (*plan.unserved[:at], *plan.unserved[at + 1 :])
        yield "a stop left out is not told", replace(plan, unserved=kept_out)


def doubled(plan: RoutePlan) -> Iterator[tuple[str, RoutePlan]]:
    for number, trip in enumerate(plan.trips):
        yield "a trip is driven twice", with_trips(plan, *plan.trips, trip)
        for stop in trip.stops:
            yield "a stop is served twice", with_stops(plan, number, (*trip.stops, stop))
            also = Unserved(stop_key=stop.stop_key, reason=UnservedReason.NO_VEHICLE_LEFT)
            yield "a served stop is left out", replace(plan, unserved=(*plan.unserved, also))
    for unserved in plan.unserved:
        yield "left out twice", replace(plan, unserved=(*plan.unserved, unserved))


def swapped(plan: RoutePlan) -> Iterator[tuple[str, RoutePlan]]:
    for number, trip in enumerate(plan.trips):
        for at in range(1, len(trip.stops)):
            before, after = trip.stops[at - 1 : at + 1]
            turned = (*trip.stops[: at - 1], after, before, *trip.stops[at + 1 :])
            yield "two stops change places", with_stops(plan, number, turned)
            keys = (
                *trip.stops[: at - 1],
                replace(before, stop_key=after.stop_key),
                replace(after, stop_key=before.stop_key),
                *trip.stops[at + 1 :],
            )
            yield "two stops change names", with_stops(plan, number, keys)
    for at in range(1, len(plan.trips)):
        turned_trips = (
            *plan.trips[: at - 1],
            plan.trips[at],
            plan.trips[at - 1],
            *plan.trips[at + 1 :],
        )
        yield "two trips change places", with_trips(plan, *turned_trips)


def moved(plan: RoutePlan) -> Iterator[tuple[str, RoutePlan]]:
    for number, trip in enumerate(plan.trips):
        for other in range(len(plan.trips)):
            if other == number or not trip.stops:
                continue
            taken = with_stops(plan, number, trip.stops[1:])
            given = (*plan.trips[other].stops, trip.stops[0])
            yield "a stop changes trips", with_stops(taken, other, given)
        for at, stop in enumerate(trip.stops):
            later = replace(
                stop,
                arrive_s=stop.arrive_s + 60,
                start_s=stop.start_s + 60,
                depart_s=stop.depart_s + 60,
            )
            shifted = (*trip.stops[:at], later, *trip.stops[at + 1 :])
            yield "a stop is a minute later", with_stops(plan, number, shifted)


def rested_less(problem: RoutingProblem, plan: RoutePlan) -> Iterator[tuple[str, RoutePlan]]:
    """Yield plans without a break, or with one twice, where days can still be changed."""
    closed = {problem.vehicles[f.vehicle].key for f in problem.fixed if f.is_closed}
    for number, trip in enumerate(plan.trips):
        if trip.vehicle_key in closed:
            continue
        for at, taken in enumerate(trip.breaks):
            without = (*trip.breaks[:at], *trip.breaks[at + 1 :])
            twice = (*trip.breaks[: at + 1], taken, *trip.breaks[at + 1 :])
            for name, breaks in (("a break is lost", without), ("a break is doubled", twice)):
                changed = replace(trip, breaks=breaks)
                yield (
                    name,
                    with_trips(plan, *plan.trips[:number], changed, *plan.trips[number + 1 :]),
                )


def excused(plan: RoutePlan) -> Iterator[tuple[str, RoutePlan]]:
    for at, unserved in enumerate(plan.unserved):
        for reason in UnservedReason:
            if reason is not unserved.reason:
                other = replace(unserved, reason=reason)
                excuses = (*plan.unserved[:at], other, *plan.unserved[at + 1 :])
                yield f"{reason} is no excuse", replace(plan, unserved=excuses)
