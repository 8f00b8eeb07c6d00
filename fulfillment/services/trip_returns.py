"""What comes back from a trip: its papers become data, stop by stop, once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.lifecycle import STOP_LIFECYCLE, DeliveryRunState
from fulfillment.domain.lifecycle import StopState as Ending
from fulfillment.domain.trip_returns import (
    NOTE_LENGTH,
    LineDifference,
    StopResult,
    pieces_not_handed_over,
    require_loaded,
)
from fulfillment.errors import LoadNotSigned, ReturnNotPossible
from fulfillment.models.delivery import DeliveryRun, Stop, Trip
from fulfillment.models.exceptions import Cause as ExceptionCause
from fulfillment.models.exceptions import Stage
from fulfillment.models.handover import Handover, HandoverState
from fulfillment.models.totes import LoadCheck, ToteCount
from fulfillment.models.warehouse import Tote, ToteState
from fulfillment.selectors.drop_parts import stop_totes, stops_totes
from fulfillment.selectors.totes import drop_contents
from fulfillment.selectors.trip_returns import handover_cases, stops_open, totes_with_leader
from fulfillment.services.day_guard import run_open_locked
from fulfillment.services.exceptions import CaseDraft, case_open
from fulfillment.services.handover import handover_complete
from fulfillment.services.part_returns import not_handed_over
from fulfillment.services.tote_moves import (
    MoveNote,
    is_moved_already,
    plans_reach,
    totes_locked,
    totes_move,
)
from leaders.models.accounts import User

# What a stop or a trip does to balances happens once; its id follows from its key.
_ONCE = UUID("5f0c1c51-6f0e-4d52-9a53-0d9d3f0f7a21")

# Ends that a driver's phone may have told of, and that are no full delivery.
_OTHER_ENDS = (Ending.PARTLY, Ending.REFUSED, Ending.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class TripReturn:
    """Where the return of a trip stands: stops entered by this call, and still open."""

    entered: int
    open: int


@transaction.atomic
def trip_return_enter(
    *,
    trip_id: int,
    stops: Sequence[StopResult],
    empties_in: int | None = None,
    actor: User,
    now: datetime,
) -> TripReturn:
    """Enter how stops of a trip ended, and the empty totes that came off the vehicle.

    Every stop becomes a handover; its totes move on, the balances of leader
    and vehicle change, and pieces not handed over become exceptions. What is
    entered already and says the same changes nothing; differences may be
    added to it, but no figure is taken back.

    Parameters
    ----------
    stops
        Results of some stops; the others stay not entered.
    empties_in
        Empty totes counted at the dock; without, they stay not counted.

    Raises
    ------
    LoadNotSigned
        If nobody has signed for the trip's load.
    ReturnNotPossible
        If a result contradicts what was loaded, or what was entered before.
    DayClosed
        After the day.
    """
    trip = Trip.objects.select_related("delivery_run").get(pk=trip_id)
    run_open_locked(trip.delivery_run.cutoff_run_id)
    if not LoadCheck.objects.filter(trip=trip).exists():
        raise LoadNotSigned(_("Nobody has signed for the load of %(route)s.") % {"route": trip})
    of_trip = {
        stop.pk: stop
        for stop in trip.stops.select_related("drop__wave", "drop__pickup_point", "trip")
    }
    entered = 0
    for result in sorted(stops, key=lambda result: result.stop_id):
        stop = of_trip.get(result.stop_id)
        if stop is None:
            raise ReturnNotPossible(_("This stop belongs to another trip."))
        entered += _stop_enter(stop, result, actor, now)
    if empties_in is not None:
        _empties_take_in(trip, empties_in, actor, now)
    left = stops_open().filter(trip=trip).count()
    if not stops_open().filter(trip__delivery_run=trip.delivery_run_id).exists():
        plans_reach(DeliveryRun.objects.filter(pk=trip.delivery_run_id), DeliveryRunState.RETURNED)
    return TripReturn(entered=entered, open=left)


@transaction.atomic
def trip_return_rest(
    *,
    trip_id: int,
    empties: Mapping[int, int],
    empties_in: int | None,
    actor: User,
    now: datetime,
) -> TripReturn:
    """Enter every stop that is still open as delivered: there were no other differences.

    `empties` says stop → empty totes taken along. A stop nothing was loaded
    for has failed. Where the driver's phone told of another end, that end
    stays to be entered. Raises as `trip_return_enter` does.
    """
    open_stops = list(stops_open().filter(trip_id=trip_id).exclude(state__in=_OTHER_ENDS))
    totes = Tote.objects.filter(drop__stops__in=open_stops).distinct()
    loaded = {pk for pk, here in stops_totes(open_stops, totes).items() if here.loaded}
    results = [
        StopResult(
            stop_id=stop.pk,
            state=Ending.DELIVERED if stop.pk in loaded else Ending.FAILED,
            empties=empties.get(stop.pk, 0),
            note="" if stop.pk in loaded else _("Nothing was loaded."),
        )
        for stop in open_stops
    ]
    return trip_return_enter(
        trip_id=trip_id, stops=results, empties_in=empties_in, actor=actor, now=now
    )


def _stop_enter(stop: Stop, result: StopResult, actor: User, now: datetime) -> bool:
    """Enter one stop; return False if it was entered before."""
    note = MoveNote(
        key=uuid5(_ONCE, f"stop {stop.pk}"),
        actor=actor,
        now=now,
        trip_id=stop.trip_id,
        reason=result.note.strip()[:NOTE_LENGTH],
    )
    known = Handover.objects.filter(stop=stop).exclude(state=HandoverState.PENDING).first()
    if known is not None:
        _stop_enter_again(stop, known, result, note)
        return False
    of_drop = totes_locked(drop_id=stop.drop_id)
    here = stop_totes(stop, of_drop)
    rows = here.loaded
    require_loaded(result, [row.pk for row in rows])
    said = not_handed_over(here=here, totes=of_drop, result=result)
    handed = _totes_end(rows, result, note)
    handover_complete(stop=stop, result=result, totes=handed, actor=actor, now=now)
    _stop_move(stop, result.state)
    _balances_move(stop, result, len(handed), len(rows) - len(result.lost), note)
    _empties_end(stop, result.empties, note)
    _cases_open(stop, said.pieces, note)
    _unknown_totes_open(stop, said.unknown, note)
    return True


def _stop_enter_again(stop: Stop, known: Handover, result: StopResult, note: MoveNote) -> None:
    """Add the differences that were not entered yet; anything else must be as it was.

    Totes need not be named again: they are where they were entered.
    """
    rows = totes_locked(drop_id=stop.drop_id)
    kept = {
        row.pk
        for row in rows
        if is_moved_already(note.key, [row.pk], [ToteState.SEALED, ToteState.LOST])
    }
    is_more = stop.state == Ending.DELIVERED and result.state is Ending.PARTLY
    is_same = (
        (stop.state == result.state or is_more)
        and known.empties_returned == result.empties
        and (result.brought_back | result.lost) <= kept
    )
    more = Counter({(part.sku_id, part.cause): 0 for part in result.differences})
    for part in result.differences:
        more[part.sku_id, part.cause] += part.qty
    more.subtract(handover_cases(stop.drop_id) if result.state is Ending.PARTLY else {})
    if not is_same or min(more.values(), default=0) < 0:
        raise ReturnNotPossible(
            _("Slot %(slot)s is entered already, with other figures.")
            % {"slot": stop.drop.slot_code}
        )
    added = tuple(
        LineDifference(sku_id=sku_id, qty=qty, cause=cause)
        for (sku_id, cause), qty in more.items()
        if qty
    )
    if added:
        said = pieces_not_handed_over(replace(result, differences=added), _held(stop))
        _cases_open(stop, said, note)
    if is_more:
        _stop_move(stop, Ending.PARTLY)


def _held(stop: Stop) -> dict[int, int]:
    return {sku.sku_id: sku.pieces for sku in drop_contents(stop.drop)}


def _totes_end(rows: Sequence[Tote], result: StopResult, note: MoveNote) -> list[Tote]:
    """Move the totes of a stop to where they ended; return those the leader has."""
    back = {row.pk for row in rows} if result.is_nothing_taken else result.brought_back
    kept = back | result.lost
    handed = [row for row in rows if row.pk not in kept]
    totes_move(totes=[row for row in rows if row.pk in back], to_state=ToteState.SEALED, note=note)
    totes_move(
        totes=[row for row in rows if row.pk in result.lost], to_state=ToteState.LOST, note=note
    )
    totes_move(totes=handed, to_state=ToteState.DELIVERED, note=note)
    return handed


def _stop_move(stop: Stop, ending: Ending) -> None:
    """Move a stop to its end; every end but a failure is reached from the door."""
    for state in (Ending.ARRIVED, ending) if ending is not Ending.FAILED else (ending,):
        Stop.objects.filter(pk=stop.pk, state__in=STOP_LIFECYCLE.sources_of(state)).update(
            state=state
        )


def _balances_move(stop: Stop, result: StopResult, handed: int, off: int, note: MoveNote) -> None:
    """Count totes to the leader, empties from the leader, and both for the vehicle.

    `off` totes came off the vehicle, at the door or full at the dock.
    """
    counts = (
        ToteCount(
            event_id=uuid5(note.key, "leader"),
            leader_id=stop.drop.pickup_point.leader_id,
            out_qty=handed,
            in_qty=result.empties,
        ),
        ToteCount(
            event_id=uuid5(note.key, "vehicle"),
            vehicle_id=stop.trip.vehicle_id,
            out_qty=result.empties,
            in_qty=off,
        ),
    )
    for count in counts:
        if count.out_qty or count.in_qty:
            count.trip_id = stop.trip_id
            count.actor = note.actor
            count.at = note.now
            count.save(force_insert=True)


def _empties_end(stop: Stop, empties: int, note: MoveNote) -> None:
    """Let the totes the leader has had longest be those that came back.

    Nobody reads the plates of empties at the door, so which ones came is a
    guess; how many is not. Totes from before the ledger have no row to move.
    """
    if empties:
        leader_id = stop.drop.pickup_point.leader_id
        back = totes_with_leader(leader_id, except_trip_id=stop.trip_id)[:empties]
        rows = list(
            Tote.objects.select_for_update()
            .filter(pk__in=[tote.pk for tote in back], state=ToteState.DELIVERED)
            .order_by("pk")
        )
        totes_move(totes=rows, to_state=ToteState.EMPTY, note=note)


def _empties_take_in(trip: Trip, counted: int, actor: User, now: datetime) -> None:
    """Count the empties that came off the vehicle; once per trip."""
    event_id = uuid5(_ONCE, f"trip {trip.pk} empties")
    known = ToteCount.objects.filter(event_id=event_id).first()
    if known is not None and known.in_qty != counted:
        raise ReturnNotPossible(
            _("The empty totes of %(route)s are counted already: %(count)d.")
            % {"route": trip, "count": known.in_qty}
        )
    if known is None and counted:
        ToteCount.objects.create(
            event_id=event_id,
            vehicle_id=trip.vehicle_id,
            trip=trip,
            in_qty=counted,
            actor=actor,
            at=now,
        )


def _unknown_totes_open(stop: Stop, totes: Sequence[Tote], note: MoveNote) -> None:
    """Ask somebody to look into totes that came back full while others stayed at the door."""
    for tote in totes:
        draft = CaseDraft(
            stage=Stage.HANDOVER,
            cause=ExceptionCause.RETURNED,
            qty=0,
            drop_id=stop.drop_id,
            tote_id=tote.pk,
            note=_("Came back full: enter what is in it."),
            event_id=uuid5(note.key, f"tote {tote.pk} came back"),
        )
        case_open(run_id=stop.drop.wave.run_id, draft=draft, actor=note.actor, now=note.now)


def _cases_open(stop: Stop, said: Mapping[tuple[int, Cause], int], note: MoveNote) -> None:
    before = handover_cases(stop.drop_id)
    for (sku_id, cause), qty in sorted(said.items()):
        draft = CaseDraft(
            stage=Stage.HANDOVER,
            cause=ExceptionCause(cause),
            qty=qty,
            sku_id=sku_id,
            drop_id=stop.drop_id,
            note=note.reason,
            event_id=uuid5(note.key, f"{sku_id} {cause} after {before.get((sku_id, cause), 0)}"),
        )
        case_open(run_id=stop.drop.wave.run_id, draft=draft, actor=note.actor, now=note.now)
