"""What a driver's phone reports, read strictly, and what the reports about a stop add up to.

A phone works without a network for hours, so reports arrive late, twice and in
any order. Every report names its stop and has an id made on the phone; what a
stop has come to is a function of the set of its reports, never of the order in
which they came in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.handover import HandoverMethod
from fulfillment.domain.lifecycle import StopState
from fulfillment.domain.trip_returns import NOTE_LENGTH, LineDifference, StopResult
from fulfillment.errors import ReturnNotPossible
from fulfillment.route_errors import DriverEventRefused
from leaders.domain.coordinates import Place

Choice = TypeVar("Choice", bound=StrEnum)

# A phone's clock may run a little ahead of ours.
CLOCK_AHEAD = timedelta(minutes=2)
# Work on a trip starts at most so long before its planned departure.
CLOCK_BEHIND = timedelta(hours=12)


class EventKind(StrEnum):
    """What a driver did."""

    DEPART = "depart"
    ARRIVE = "arrive"
    COUNT = "count"
    HAND_OVER = "hand_over"
    FAIL = "fail"
    UNDO = "undo"
    NOTE = "note"
    POSITION = "position"
    RETURN = "return"


ENDINGS = frozenset({EventKind.HAND_OVER, EventKind.FAIL})
# These are about a stop; the others may be about the whole trip.
AT_STOPS = ENDINGS | {EventKind.ARRIVE, EventKind.COUNT, EventKind.UNDO}
# These bring the vehicle forward.
MOVING = ENDINGS | {EventKind.DEPART, EventKind.ARRIVE}


class FailReason(StrEnum):
    """Why a stop was not handed over."""

    ABSENT = "absent"
    REFUSED = "refused"
    NO_ACCESS = "no_access"
    VEHICLE = "vehicle"
    NOTHING_LOADED = "nothing_loaded"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One event as a phone sends it.

    Attributes
    ----------
    stop_id
        The stop it is about; None for the whole trip.
    device_at
        The phone's clock, aware; it proves nothing.
    body
        What was entered, as JSON's own kinds.
    place
        Where the phone was, if it said so.
    """

    event_id: UUID
    kind: EventKind
    stop_id: int | None
    device_at: datetime
    body: Mapping[str, object] = field(default_factory=dict)
    place: Place | None = None
    accuracy_m: int | None = None
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a driver says a stop ended.

    Attributes
    ----------
    totes
        Counted at the door; None where nothing was handed over.
    proof_id
        The picture that has to be there before it counts: a signature, or the
        photo of what was left or could not be delivered.
    reason
        Why nothing was handed over, where nothing was.
    note
        What the driver wrote; the result's note is never empty after a failure.
    """

    result: StopResult
    totes: int | None
    code: str
    proof_id: UUID | None
    reason: FailReason | None
    note: str

    @property
    def is_by_code(self) -> bool:
        """Whether a handover code is to prove it."""
        return self.result.method is HandoverMethod.CODE


class ClockDoubt(StrEnum):
    """Why a phone's clock cannot be right."""

    AHEAD = "ahead"
    BEHIND = "behind"


def clock_doubt(
    device_at: datetime, *, received_at: datetime, departs_at: datetime
) -> ClockDoubt | None:
    """Return why an event cannot have happened when the phone says, or None."""
    if device_at > received_at + CLOCK_AHEAD:
        return ClockDoubt.AHEAD
    return ClockDoubt.BEHIND if device_at < departs_at - CLOCK_BEHIND else None


def happened_at(device_at: datetime, *, received_at: datetime, departs_at: datetime) -> datetime:
    """Return the phone's time where it can be believed, else when we heard of it."""
    if clock_doubt(device_at, received_at=received_at, departs_at=departs_at):
        return received_at
    return min(device_at, received_at)


def read_ending(event: Reported) -> Ending:
    """Return what a `hand_over` or `fail` event says.

    Raises
    ------
    DriverEventRefused
        If its parts are missing, contradict each other, or lack their proof.
    """
    if event.stop_id is None or event.kind not in ENDINGS:
        raise DriverEventRefused("Say which stop this is about.")
    try:
        read = _handed_over if event.kind is EventKind.HAND_OVER else _failed
        return read(event.stop_id, event.body)
    except ReturnNotPossible as error:
        raise DriverEventRefused(error.message, **error.details) from error


def read_undone(event: Reported) -> UUID:
    """Return the id of the event that an `undo` takes back."""
    undone = _uuid(event.body, "event")
    if undone is None:
        raise DriverEventRefused("Say what is taken back.")
    return undone


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event of a stop, as far as the story of the stop needs it."""

    event_id: UUID
    kind: EventKind
    device_at: datetime
    undoes: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What the events of one stop add up to.

    Attributes
    ----------
    standing
        The ending that counts, if the stop has ended.
    undone
        Events that were taken back.
    beaten
        Endings after the one that stands: a stop ends once.
    is_at_door
        Whether the driver has arrived.
    """

    standing: UUID | None
    undone: frozenset[UUID]
    beaten: frozenset[UUID]
    is_at_door: bool


def stop_story(events: Iterable[Told]) -> Story:
    """Return what the events of a stop add up to, in whatever order they came.

    Of several endings the first by the phone's clock stands. Taking back a
    handover leaves the driver at the door.
    """
    told = sorted(events, key=lambda event: (event.device_at, event.event_id))
    named = {event.undoes for event in told if event.kind is EventKind.UNDO}
    undone = frozenset(event.event_id for event in told if event.event_id in named)
    live = [e for e in told if e.kind in ENDINGS and e.event_id not in undone]
    return Story(
        standing=live[0].event_id if live else None,
        undone=undone,
        beaten=frozenset(event.event_id for event in live[1:]),
        is_at_door=any(
            event.kind is EventKind.HAND_OVER
            if event.event_id in undone
            else event.kind is EventKind.ARRIVE
            for event in told
        ),
    )


def _handed_over(stop_id: int, body: Mapping[str, object]) -> Ending:
    method = _choice(HandoverMethod, body, "method")
    if method is None:
        raise DriverEventRefused("Say how the handover is proved.")
    if method is HandoverMethod.PAPER:
        raise DriverEventRefused("Paper is entered by the warehouse.")
    totes = _int(body, "totes")
    if totes is None:
        raise DriverEventRefused("Count the totes.")
    proof_id = _uuid(body, "proof")
    if method in (HandoverMethod.SIGNATURE, HandoverMethod.LEFT) and proof_id is None:
        raise DriverEventRefused("Take a photo first, or let the leader sign.")
    code = str(body.get("code") or "").strip()
    if method is HandoverMethod.CODE and not code:
        raise DriverEventRefused("Enter the code from the leader's page.")
    differences = _differences(body)
    result = StopResult(
        stop_id=stop_id,
        state=StopState.PARTLY if differences else StopState.DELIVERED,
        brought_back=_keys(body, "back"),
        lost=_keys(body, "lost"),
        empties=_int(body, "empties") or 0,
        differences=differences,
        is_signed=method is not HandoverMethod.LEFT,
        method=method,
        note=_note(body),
    )
    return Ending(
        result=result,
        totes=totes,
        code=code,
        proof_id=proof_id,
        reason=None,
        note=result.note,
    )


def _failed(stop_id: int, body: Mapping[str, object]) -> Ending:
    reason = _choice(FailReason, body, "reason")
    if reason is None:
        raise DriverEventRefused("Say why it could not be delivered.")
    note, proof_id = _note(body), _uuid(body, "proof")
    if reason is FailReason.OTHER and not note:
        raise DriverEventRefused("Say in a note what happened.")
    if reason is not FailReason.NOTHING_LOADED and proof_id is None:
        raise DriverEventRefused("Take a photo of the place first.")
    result = StopResult(
        stop_id=stop_id,
        state=StopState.REFUSED if reason is FailReason.REFUSED else StopState.FAILED,
        empties=_int(body, "empties") or 0,
        note=note or reason.value,
    )
    return Ending(result=result, totes=None, code="", proof_id=proof_id, reason=reason, note=note)


def _choice(kind: type[Choice], body: Mapping[str, object], name: str) -> Choice | None:
    """The value as one of its kind; None for what is none of them."""
    value = body.get(name)
    return kind(value) if isinstance(value, str) and value in set(kind) else None


def _note(body: Mapping[str, object]) -> str:
    return str(body.get("note") or "").strip()[:NOTE_LENGTH]


def _int(body: Mapping[str, object], name: str) -> int | None:
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise DriverEventRefused("A count is a whole number.", name=name)
    return value


def _uuid(body: Mapping[str, object], name: str) -> UUID | None:
    value = body.get(name)
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        raise DriverEventRefused("This proof has no number.", name=name) from None


def _keys(body: Mapping[str, object], name: str) -> frozenset[int]:
    rows = _rows(body, name)
    if not all(isinstance(row, int) and not isinstance(row, bool) for row in rows):
        raise DriverEventRefused("These are no totes.", name=name)
    return frozenset(row for row in rows if isinstance(row, int))


def _differences(body: Mapping[str, object]) -> tuple[LineDifference, ...]:
    read = []
    for row in _rows(body, "differences"):
        if not isinstance(row, Mapping):
            raise DriverEventRefused("A difference names goods, pieces and a cause.")
        sku_id, qty = _int(row, "sku"), _int(row, "qty")
        cause = _choice(Cause, row, "cause")
        if sku_id is None or qty is None or cause is None:
            raise DriverEventRefused("A difference names goods, pieces and a cause.")
        read.append(LineDifference(sku_id=sku_id, qty=qty, cause=cause))
    return tuple(read)


def _rows(body: Mapping[str, object], name: str) -> list[object]:
    rows = body.get(name) or []
    if not isinstance(rows, list):
        raise DriverEventRefused("This is no list.", name=name)
    return rows
