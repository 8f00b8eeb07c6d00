"""Two words about one delivery at once: the leader's tap and the entry of the driver's."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from unittest.mock import patch
from uuid import uuid4

from fulfillment.domain.lifecycle import StopState
from fulfillment.domain.trip_returns import StopResult
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop
from fulfillment.models.exceptions import Stage
from fulfillment.models.handover import Handover, HandoverCount, HandoverState
from fulfillment.services.day_close import counts_declare_unrecorded
from fulfillment.services.handover import handovers_accept_silent, received_tap
from fulfillment.services.handover_count import LeaderCount, handover_count
from fulfillment.services.trip_returns import trip_return_enter
from leaders.domain.crashpoints import crashpoint
from leaders.errors import DomainError
from leaders.models.accounts import Role, User
from leaders.models.leaders import Leader
from tests.concurrency.race import Runner, errors, race, values
from tests.concurrency.tote_races import played_night
from tests.factories.docks import NIGHT, Dock, tote_laws_broken
from tests.factories.leaders import UserFactory

WINDOW = "race.looked"


@dataclass(frozen=True, slots=True)
class Meeting:
    """What came of the two words, over many stops."""

    signed: int
    by_tap: int
    lost: int
    broken: list[str]


def tap_against_entry(*, rounds: int, guarded: bool = True) -> Meeting:
    """Let the leader tap a stop while the driver's word for it is entered, stop after stop."""
    night = _on_the_road(leaders=rounds)
    stops = [Stop.objects.get(drop=drop) for drop in night.drops]

    def speak(runner: Runner) -> bool:
        stop = stops[runner.round]
        if runner.number:
            received_tap(stop_id=stop.pk, leader=stop.drop.pickup_point.leader, totes=1, now=NIGHT)
        else:
            trip_return_enter(
                trip_id=stop.trip_id,
                stops=[StopResult(stop_id=stop.pk, state=StopState.DELIVERED)],
                actor=night.worker,
                now=NIGHT,
            )
        return True

    outcomes = race(
        speak,
        processes=2,
        rounds=rounds,
        sleep_at={WINDOW: 0.1},
        without=[] if guarded else _unguarded(),
    )
    return Meeting(
        signed=Handover.objects.filter(state=HandoverState.SIGNED).count(),
        by_tap=Handover.objects.filter(method="tap").count(),
        lost=len(errors(outcomes)),
        broken=tote_laws_broken(),
    )


def silence_against_count(*, rounds: int) -> tuple[int, int]:
    """Let windows end while their leaders report; return counts that hold, and lost ones.

    A count that was entered keeps the delivery in dispute; one that came too
    late is refused, never swallowed.
    """
    night = _on_the_road(leaders=rounds)
    for drop in night.drops:
        stop = Stop.objects.get(drop=drop)
        trip_return_enter(
            trip_id=stop.trip_id,
            stops=[StopResult(stop_id=stop.pk, state=StopState.DELIVERED)],
            actor=night.worker,
            now=NIGHT,
        )
    handovers = list(Handover.objects.order_by("stop__stop_seq", "stop_id"))

    def meet(runner: Runner) -> str:
        handover = handovers[runner.round]
        if runner.number:
            handovers_accept_silent(now=handover.claim_until or NIGHT)
            return "silence"
        try:
            handover_count(
                handover_id=handover.pk,
                counts=LeaderCount(event_id=uuid4()),
                actor=night.worker,
                now=NIGHT,
            )
        except DomainError:
            return "refused"
        return "counted"

    outcomes = race(meet, processes=2, rounds=rounds)
    assert errors(outcomes) == []
    counted = values(outcomes).count("counted")
    kept = HandoverCount.objects.values("handover").distinct().count()
    return counted, counted - kept


def same_count(*, senders: int) -> tuple[int, int]:
    """Let many send one count at once; return stored lines, and refusals."""
    night = _on_the_road(leaders=1)
    stop = Stop.objects.get(drop=night.drops[0])
    trip_return_enter(
        trip_id=stop.trip_id,
        stops=[StopResult(stop_id=stop.pk, state=StopState.DELIVERED)],
        actor=night.worker,
        now=NIGHT,
    )
    handover, event_id = Handover.objects.get(), uuid4()

    def send(_runner: Runner) -> str:
        counts = LeaderCount(event_id=event_id)
        return str(
            handover_count(
                handover_id=handover.pk, counts=counts, actor=night.worker, now=NIGHT
            ).state
        )

    outcomes = race(send, processes=senders)
    return HandoverCount.objects.count(), len(errors(outcomes))


def _on_the_road(*, leaders: int) -> Dock:
    """A played day of one trip, loaded and signed for, whose leaders can log in."""
    night = played_night(leaders=leaders)
    for one in Leader.objects.all():
        Leader.objects.filter(pk=one.pk).update(user=_login(one))
    counts_declare_unrecorded(
        run=night.run, stage=Stage.SORT, reason="纸单", actor=night.worker, now=NIGHT
    )
    for drop in night.drops:
        night.seal(drop, ambient=1)
    night.load_all()
    night.sign_all()
    return night


def _login(one: Leader) -> User:
    user: User = UserFactory.create(role=Role.LEADER, username=one.code.lower())
    return user


def _unguarded() -> list[AbstractContextManager[object]]:
    """Take the run's lock away from both; each looks before it writes."""
    return [
        patch("fulfillment.services.handover.run_open_locked", _run_read),
        patch("fulfillment.services.trip_returns.run_open_locked", _run_read),
        patch("fulfillment.services.handover._tap_first", _tap_late),
    ]


def _run_read(run_id: int) -> CutoffRun:
    return CutoffRun.objects.get(pk=run_id)


def _tap_late(stop: Stop, user: User, totes: int, now: datetime) -> Handover:
    """Write what was looked for a moment ago, as one would without thinking."""
    crashpoint(WINDOW)
    return Handover.objects.create(
        stop=stop, method="tap", totes_delivered=totes, confirmed_at=now, confirmed_by=user
    )
