"""One phone, two senders: the same morning arrives twice at once, and again while it is entered."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from unittest.mock import patch
from uuid import UUID

from fulfillment.domain.driving import EventKind, Reported
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.driving import DriverEvent, DriverEventResult
from fulfillment.models.handover import Handover
from fulfillment.models.totes import ToteEvent
from fulfillment.services.driving import EventAnswer, endings_apply
from leaders.domain.crashpoints import crashpoint
from tests.concurrency.race import Runner, errors, race, values
from tests.concurrency.tote_races import sealed_night
from tests.factories.docks import tote_laws_broken
from tests.factories.driving import LEAVES_AT, Phone, publish

WINDOW = "race.looked"
SEVEN = LEAVES_AT + timedelta(hours=1)
DRIVING = "fulfillment.services.driving"


@dataclass(frozen=True, slots=True)
class SameBatch:
    """What came of a batch that several senders sent at once.

    `lost` counts senders that got no answer.
    """

    lost: int
    answers: set[tuple[tuple[UUID, str], ...]]
    events: int
    results: int


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of endings that several clocks entered at once."""

    entered: int
    handovers: int
    moves: int
    broken: list[str]


def same_batch(*, senders: int, guarded: bool = True) -> SameBatch:
    """Let several processes send the same morning of a driver."""
    phone = _phone()
    morning = _morning(phone)

    def send(runner: Runner) -> tuple[tuple[UUID, str], ...]:
        return _told(phone.send(*morning, now=SEVEN))

    outcomes = race(
        send,
        processes=senders,
        sleep_at={WINDOW: 0.1},
        without=[] if guarded else _unguarded(),
    )
    return SameBatch(
        lost=len(errors(outcomes)),
        answers=set(values(outcomes)),
        events=DriverEvent.objects.count(),
        results=DriverEventResult.objects.count(),
    )


def entered_at_once(*, clocks: int) -> Entered:
    """Let several schedules enter the same endings while the phone sends them again."""
    phone = _phone()
    morning = _morning(phone)
    phone.send(*morning, now=SEVEN)
    due = SEVEN + timedelta(minutes=10)

    def enter(runner: Runner) -> int:
        if runner.number == 0:
            phone.send(*morning, now=due)
            return 0
        return endings_apply(now=due)

    outcomes = race(enter, processes=clocks + 1)
    assert errors(outcomes) == []
    return Entered(
        entered=sum(values(outcomes)),
        handovers=Handover.objects.count(),
        moves=ToteEvent.objects.filter(to_state="delivered").count(),
        broken=tote_laws_broken(),
    )


def _phone() -> Phone:
    """The phone of a trip with two stops of two totes each, of a whole played day."""
    night = sealed_night(leaders=2)
    night.load_all()
    night.sign_all()
    publish(night)
    return Phone(night.trips[0])


def _morning(phone: Phone) -> Sequence[Reported]:
    return [
        phone.event(EventKind.DEPART, None),
        *(phone.event(EventKind.ARRIVE, nth) for nth in (0, 1)),
        *(phone.handed_over(nth, now=SEVEN, totes=2) for nth in (0, 1)),
    ]


def _told(answers: Sequence[EventAnswer]) -> tuple[tuple[UUID, str], ...]:
    return tuple((answer.event_id, answer.outcome.value) for answer in answers)


def _unguarded() -> list[AbstractContextManager[object]]:
    """Take the run's lock away: the senders look for known events at the same time."""
    return [patch(f"{DRIVING}.run_locked", _run_read)]


def _run_read(run_id: int) -> CutoffRun:
    run = CutoffRun.objects.get(pk=run_id)
    crashpoint(WINDOW)
    return run
