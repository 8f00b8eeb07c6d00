"""Many hands at one vehicle: the same tote scanned, loads against sealings, two signatures."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from unittest.mock import patch
from uuid import uuid4

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Stop, Trip
from fulfillment.models.totes import LoadCheck, ToteCount, ToteEvent
from fulfillment.models.warehouse import Drop, Tote, ToteState
from fulfillment.selectors.tote_codes import require_of_trip, tote_by_code
from fulfillment.services.loading import load_sign, tote_load
from fulfillment.services.tote_moves import MoveNote, move_id
from fulfillment.services.totes import SealDetail, drop_seal
from leaders.domain.crashpoints import crashpoint
from leaders.errors import DomainError
from leaders.models.accounts import Role
from orders.domain.storage import StorageClass
from tests.builders import leader, order, receipt, tiny_day
from tests.concurrency.race import Runner, errors, race, values
from tests.factories.docks import NIGHT, Dock, label_of, tote_laws_broken
from tests.factories.leaders import UserFactory
from tests.fulfillment.services.days import played

WINDOW = "race.looked"


@dataclass(frozen=True, slots=True)
class SameTote:
    """What came of many loaders who scan the same totes."""

    scans: int
    loaded_now: int
    events: int


@dataclass(frozen=True, slots=True)
class Contest:
    """What came of a slot that is loaded while it is sealed otherwise."""

    rounds: int
    broken: list[str]
    both: int


def same_tote(*, loaders: int, guarded: bool = True) -> SameTote:
    """Let every loader scan all totes of a trip, one after the other."""
    night = sealed_night(leaders=2)
    codes = [label_of(tote) for drop in night.drops for tote in night.totes(drop)]

    def load(runner: Runner) -> bool:
        scan = tote_load(
            trip_id=night.trips[0].pk,
            code=codes[runner.round],
            event_id=uuid4(),
            device=f"phone {runner.number}",
            actor=None,
            now=NIGHT,
        )
        return scan.is_new

    outcomes = race(
        load,
        processes=loaders,
        rounds=len(codes),
        sleep_at={WINDOW: 0.05},
        without=[] if guarded else _unguarded(),
    )
    assert errors(outcomes) == []
    return SameTote(
        scans=len(outcomes),
        loaded_now=sum(values(outcomes)),
        events=ToteEvent.objects.filter(to_state=ToteState.LOADED).count(),
    )


def load_against_seal(*, rounds: int, guarded: bool = True) -> Contest:
    """Let one loader scan the last tote of a slot while another gives it back, in many slots."""
    night = sealed_night(leaders=rounds)
    last = {nth: night.totes(drop)[1] for nth, drop in enumerate(night.drops)}

    def meet(runner: Runner) -> str:
        try:
            if runner.number:
                _seal_smaller(night, runner.round)
                return "sealed"
            tote_load(
                trip_id=night.trips[0].pk,
                code=label_of(last[runner.round]),
                event_id=uuid4(),
                device="",
                actor=None,
                now=NIGHT,
            )
        except DomainError:
            return "refused"
        return "loaded"

    outcomes = race(
        meet,
        processes=2,
        rounds=rounds,
        sleep_at={WINDOW: 0.05},
        without=[] if guarded else _unguarded(),
    )
    assert errors(outcomes) == []
    ends = [outcome.value for outcome in outcomes]
    pairs = [set(ends[nth : nth + 2]) for nth in range(0, len(ends), 2)]
    return Contest(
        rounds=rounds,
        broken=tote_laws_broken(),
        both=sum(pair == {"sealed", "loaded"} for pair in pairs),
    )


def two_signatures(*, signers: int) -> tuple[int, int, int]:
    """Let many sign for one load; return checks, totes counted to the vehicle, refusals."""
    night = sealed_night(leaders=2)
    night.load_all()

    def sign(runner: Runner) -> int:
        check = load_sign(
            trip_id=night.trips[0].pk,
            driver_name=f"driver {runner.number}",
            missing=None,
            event_key=uuid4(),
            actor=night.worker,
            now=NIGHT,
        )
        return check.pk

    outcomes = race(sign, processes=signers)
    counted = sum(ToteCount.objects.values_list("out_qty", flat=True))
    return LoadCheck.objects.count(), counted, len(errors(outcomes))


def played_night(*, leaders: int) -> Dock:
    """A played day of one trip; nothing is sealed yet."""
    numbers = range(1, leaders + 1)
    run = played(
        replace(
            tiny_day(),
            leaders=tuple(leader(number) for number in numbers),
            orders=tuple(
                order(number, leader_code=f"L{number}", lines={"K1": 2}, minute=number)
                for number in numbers
            ),
            receipts=(receipt("K1", supplier_code="S1", arrived=5 * leaders, rejected=0),),
        )
    )
    return Dock(
        run=run,
        plan=DeliveryRun.objects.get(cutoff_run=run),
        trips=list(Trip.objects.filter(delivery_run__cutoff_run=run)),
        drops=list(Drop.objects.filter(wave__run=run).order_by("slot_code")),
        skus={},
        worker=UserFactory.create(role=Role.WAREHOUSE),
    )


def sealed_night(*, leaders: int) -> Dock:
    """A played day of one trip whose slots have two sealed totes each."""
    night = played_night(leaders=leaders)
    for drop in night.drops:
        night.seal(drop, ambient=2)
    return night


def _seal_smaller(night: Dock, nth: int) -> None:
    drop_seal(
        drop_id=night.drops[nth].pk,
        totes={StorageClass.AMBIENT: 1},
        event_key=uuid4(),
        actor=None,
        now=NIGHT,
        detail=SealDetail(reason="packed tighter"),
    )


def _unguarded() -> list[AbstractContextManager[object]]:
    """Take away the run's lock, the rows' locks and the guarded update."""
    loading, sealing = "fulfillment.services.loading", "fulfillment.services.totes"
    return [
        patch(f"{loading}.run_open_locked", _run_read),
        patch(f"{loading}._tote_locked", _tote_read),
        patch(f"{loading}.totes_move", _look_then_move),
        patch(f"{sealing}.run_open_locked", _run_read),
        patch(f"{sealing}.totes_locked", _totes_read),
        patch(f"{sealing}.totes_move", _look_then_move),
    ]


def _tote_read(code: str, trip: Trip, run: CutoffRun) -> tuple[Tote, Stop]:
    tote = tote_by_code(code, run_id=run.pk)
    return tote, require_of_trip(tote, trip)


def _totes_read(*, drop_id: int) -> list[Tote]:
    return list(Tote.objects.filter(drop_id=drop_id).order_by("pk"))


def _run_read(run_id: int) -> CutoffRun:
    return CutoffRun.objects.get(pk=run_id)


def _look_then_move(*, totes: Sequence[Tote], to_state: ToteState, note: MoveNote) -> None:
    """Move what was seen a moment ago, as one would without thinking."""
    crashpoint(WINDOW)
    for tote in totes:
        ToteEvent.objects.create(
            event_id=move_id(note.key, tote.pk, to_state),
            tote=tote,
            from_state=tote.state,
            to_state=to_state,
            trip_id=note.trip_id,
            at=note.now,
        )
        Tote.objects.filter(pk=tote.pk).update(state=to_state)
        tote.state = to_state
