"""What drivers' phones report: kept whole, judged once, in the books after the time to undo.

Reports come late, twice, and in any order. Each is stored under the id the
phone gave it, with the phone's time and ours; one that is refused is stored,
too, with what was said. What a stop has come to is worked out anew from all its
reports (`domain.driving.stop_story`). An ending shows at once and can be taken
back; after that time it goes the way of the papers, `trip_return_enter`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.domain.driving import (
    ENDINGS,
    ClockDoubt,
    EventKind,
    Reported,
    Story,
    Told,
    clock_doubt,
    read_ending,
    stop_story,
)
from fulfillment.domain.lifecycle import STOP_LIFECYCLE
from fulfillment.domain.lifecycle import StopState as At
from fulfillment.errors import LoadNotSigned
from fulfillment.models.delivery import Driver, Stop, Trip
from fulfillment.models.driving import (
    DeliveryProof,
    DriverEvent,
    DriverEventOutcome,
    DriverEventResult,
)
from fulfillment.models.handover import Handover, HandoverState
from fulfillment.selectors.driving import reported_of, undone_by
from fulfillment.services.day_guard import run_locked
from fulfillment.services.driver_checks import event_require_possible
from fulfillment.services.driver_words import reason_words
from fulfillment.services.expected_times import expected_times_refresh
from fulfillment.services.trip_returns import trip_return_enter
from leaders.errors import DomainError
from leaders.models.accounts import User

SAID_LENGTH = 300
# What the story of a stop is made of; a count is for the record.
_TELLING = (EventKind.ARRIVE, EventKind.HAND_OVER, EventKind.FAIL, EventKind.UNDO)
_Outcome = DriverEventOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAnswer:
    """What the phone is told about one event; `stop_state` is the stop's state now."""

    event_id: UUID
    outcome: DriverEventOutcome
    said: str
    applies_at: datetime | None
    stop_id: int | None
    stop_state: str


@transaction.atomic
def events_receive(
    *,
    driver: Driver | None,
    trip_id: int,
    events: Sequence[Reported],
    actor: User,
    now: datetime,
) -> list[EventAnswer]:
    """Take in what a phone reports about a trip; return what became of each, in its order.

    An event that came before changes nothing and is answered as it stands.

    Parameters
    ----------
    driver
        Whose phone it is; None where staff enter for the driver.
    events
        In the phone's order; their effect does not hang on it.
    """
    trip = Trip.objects.select_related("delivery_run").get(pk=trip_id)
    run = run_locked(trip.delivery_run.cutoff_run_id)
    ids = [event.event_id for event in events]
    known = set(DriverEvent.objects.filter(event_id__in=ids).values_list("event_id", flat=True))
    stops = {stop.pk: stop for stop in trip.stops.select_related("drop").order_by("pk")}
    touched: set[int] = set()
    is_back = False
    for event in events:
        if event.event_id in known:
            continue
        known.add(event.event_id)
        row = _event_store(trip, stops, event, (driver, actor, now))
        if _event_judge(row, event, trip, is_closed=run.day_closed_at is not None):
            touched |= {row.stop_id} if row.stop_id else set()
            is_back |= event.kind is EventKind.RETURN
    for stop_id in sorted(touched):
        _stop_follow(stops[stop_id], now)
    if is_back:
        _trip_endings_apply(trip_id, now, is_early=True)
    if run.day_closed_at is None:
        expected_times_refresh(trip_id=trip_id, now=now)
    return _answers(trip, ids)


def endings_apply(*, now: datetime) -> int:
    """Enter every ending whose time to undo is over; return how many.

    One that still needs something (its photo, the signature for the load)
    waits and says for what; one that contradicts the papers is refused.
    """
    due = DriverEventResult.objects.filter(outcome=_Outcome.WAITING, applies_at__lte=now)
    trip_ids = sorted(set(due.values_list("event__trip_id", flat=True)))
    return sum(_trip_endings_apply(trip_id, now) for trip_id in trip_ids)


def _event_store(
    trip: Trip,
    stops: Mapping[int, Stop],
    event: Reported,
    by: tuple[Driver | None, User, datetime],
) -> DriverEvent:
    """Keep an event as it came; the number of a stop that is not of the trip stays in its body."""
    driver, actor, now = by
    stop = stops.get(event.stop_id) if event.stop_id is not None else None
    body = dict(event.body)
    if event.stop_id is not None and stop is None:
        body["stop"] = event.stop_id
    return DriverEvent.objects.create(
        event_id=event.event_id,
        trip=trip,
        stop=stop,
        kind=event.kind.value,
        body=body,
        lng=event.place.lng if event.place else None,
        lat=event.place.lat if event.place else None,
        accuracy_m=event.accuracy_m,
        device=event.device[:60],
        device_at=event.device_at,
        received_at=now,
        driver=driver,
        actor=actor,
    )


def _event_judge(row: DriverEvent, event: Reported, trip: Trip, *, is_closed: bool) -> bool:
    """Write down what becomes of a new event; return whether it may count."""
    now = row.received_at
    said = _clock_words(event, trip, now)
    outcome, applies_at = _Outcome.APPLIED, None
    try:
        event_require_possible(row=row, event=event, trip=trip, is_closed=is_closed)
    except DomainError as error:
        outcome, said = _Outcome.REFUSED, _(error.message)
    else:
        if event.kind in ENDINGS:
            outcome = _Outcome.WAITING
            applies_at = now + timedelta(minutes=settings.DRIVER_UNDO_MINUTES)
    DriverEventResult.objects.create(
        event=row,
        outcome=outcome,
        applies_at=applies_at,
        said=said[:SAID_LENGTH],
        changed_at=now,
    )
    return outcome != _Outcome.REFUSED


def _clock_words(event: Reported, trip: Trip, now: datetime) -> str:
    doubt = clock_doubt(event.device_at, received_at=now, departs_at=trip.departs_at)
    if doubt is None:
        return ""
    if doubt is ClockDoubt.AHEAD:
        return _("The phone's clock is ahead; our time counts.")
    return _("The phone's clock is behind; our time counts.")


def _stop_follow(stop: Stop, now: datetime) -> None:
    """Make a stop and the results of its events what the events add up to."""
    rows = [
        row
        for row in DriverEvent.objects.filter(stop=stop, kind__in=_TELLING).select_related("result")
        if _may_count(row.result)
    ]
    story = stop_story(_told(row) for row in rows)
    for row in rows:
        _result_follow(row, story, now)
    if _is_entered(stop):
        return
    standing = next((row for row in rows if row.event_id == story.standing), None)
    if standing is not None:
        _stop_reach(stop, read_ending(reported_of(standing)).result.state)
    else:
        _stop_reach(stop, At.ARRIVED if story.is_at_door else At.PLANNED)


def _may_count(result: DriverEventResult) -> bool:
    """Whether an event is sound: one refused for good has no time to apply at."""
    return result.outcome != _Outcome.REFUSED or result.applies_at is not None


def _told(row: DriverEvent) -> Told:
    return Told(
        event_id=row.event_id,
        kind=EventKind(row.kind),
        device_at=row.device_at,
        undoes=undone_by(row),
    )


def _result_follow(row: DriverEvent, story: Story, now: datetime) -> None:
    result = row.result
    outcome, said = DriverEventOutcome(result.outcome), result.said
    if row.event_id in story.undone:
        outcome = _Outcome.UNDONE
    elif row.event_id in story.beaten:
        outcome, said = _Outcome.REFUSED, _("The stop had ended before, by an earlier entry.")
    elif row.event_id == story.standing and outcome != _Outcome.APPLIED:
        outcome, said = _Outcome.WAITING, "" if outcome == _Outcome.REFUSED else said
    if (outcome, said) != (result.outcome, result.said):
        DriverEventResult.objects.filter(pk=result.pk).update(
            outcome=outcome, said=said, changed_at=now
        )


def _is_entered(stop: Stop) -> bool:
    """Whether the books have the stop; a leader's word alone is no entry."""
    return Handover.objects.filter(stop=stop).exclude(state=HandoverState.PENDING).exists()


def _stop_reach(stop: Stop, state: At) -> None:
    """Move a stop to a state, by way of the door where no move leads there at once."""
    current = Stop.objects.values_list("state", flat=True).get(pk=stop.pk)
    if current == state:
        return
    way = (state,) if current in STOP_LIFECYCLE.sources_of(state) else (At.ARRIVED, state)
    for step in way:
        Stop.objects.filter(pk=stop.pk, state__in=STOP_LIFECYCLE.sources_of(step)).update(
            state=step
        )


@transaction.atomic
def _trip_endings_apply(trip_id: int, now: datetime, *, is_early: bool = False) -> int:
    """Enter the endings of a trip that are due, or all of them; return how many."""
    trip = Trip.objects.select_related("delivery_run").get(pk=trip_id)
    run_locked(trip.delivery_run.cutoff_run_id)
    waiting = DriverEvent.objects.filter(trip=trip, result__outcome=_Outcome.WAITING)
    if not is_early:
        waiting = waiting.filter(result__applies_at__lte=now)
    return sum(
        _ending_apply(row, now)
        for row in waiting.select_related("result", "actor", "stop").order_by("stop_id")
    )


def _ending_apply(row: DriverEvent, now: datetime) -> bool:
    """Enter one ending as its papers would be; return whether it is in the books now."""
    ending = read_ending(reported_of(row))
    if ending.proof_id and not DeliveryProof.objects.filter(proof_id=ending.proof_id).exists():
        return _keep_waiting(row, _("The picture has not arrived yet."), now)
    words = reason_words(ending.reason) if ending.reason else ""
    note = f"{words} {ending.note}".strip()
    try:
        with transaction.atomic():
            trip_return_enter(
                trip_id=row.trip_id,
                stops=[replace(ending.result, note=note)],
                actor=row.actor,
                now=row.received_at,
            )
    except LoadNotSigned as error:
        return _keep_waiting(row, _(error.message), now)
    except DomainError as error:
        DriverEventResult.objects.filter(event=row).update(
            outcome=_Outcome.REFUSED,
            applies_at=None,
            said=_(error.message)[:SAID_LENGTH],
            changed_at=now,
        )
        if row.stop is not None:
            _stop_follow(row.stop, now)
        return False
    DriverEventResult.objects.filter(event=row).update(
        outcome=_Outcome.APPLIED, said="", changed_at=now
    )
    return True


def _keep_waiting(row: DriverEvent, said: str, now: datetime) -> bool:
    DriverEventResult.objects.filter(event=row).exclude(said=said).update(said=said, changed_at=now)
    return False


def _answers(trip: Trip, ids: Iterable[UUID]) -> list[EventAnswer]:
    rows = {
        row.event_id: row
        for row in DriverEvent.objects.filter(event_id__in=ids).select_related("result", "stop")
    }
    return [_answer(trip, rows[event_id]) for event_id in ids]


def _answer(trip: Trip, row: DriverEvent) -> EventAnswer:
    if row.trip_id != trip.pk:
        return EventAnswer(
            event_id=row.event_id,
            outcome=_Outcome.REFUSED,
            said=_("This was sent for another trip."),
            applies_at=None,
            stop_id=None,
            stop_state="",
        )
    return EventAnswer(
        event_id=row.event_id,
        outcome=DriverEventOutcome(row.result.outcome),
        said=row.result.said,
        applies_at=row.result.applies_at if row.kind in ENDINGS else None,
        stop_id=row.stop_id,
        stop_state=row.stop.state if row.stop else "",
    )
