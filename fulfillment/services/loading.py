"""Loading: totes onto the vehicle by scan, checked against the sealed ones, signed for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from fulfillment.domain.lifecycle import DeliveryRunState
from fulfillment.domain.loading import Pieces
from fulfillment.errors import LoadNotSigned, LoadSigned, ToteNotExpected, TotesMissing
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Stop, Trip
from fulfillment.models.handover import Handover
from fulfillment.models.totes import LoadCheck, ToteCount
from fulfillment.models.warehouse import Drop, Tote, ToteState
from fulfillment.selectors.drop_parts import StopTotes, stop_totes, stops_totes
from fulfillment.selectors.tote_codes import require_of_trip, require_sealed, tote_by_code
from fulfillment.selectors.totes import drops_sealed
from fulfillment.services.day_guard import run_open_locked
from fulfillment.services.load_cases import missing_cases_open, missing_cases_settle
from fulfillment.services.tote_moves import (
    MoveNote,
    is_moved_already,
    plans_reach,
    totes_move,
)
from leaders.models.accounts import User
from orders.domain.storage import StorageClass

REASON_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a scan did: the tote, its slot, and how many of the slot are on the vehicle.

    `sealed` are those that go with the trip.

    `is_new` is False for a tote that was there already.
    """

    tote_id: int
    slot: str
    storage: StorageClass
    is_new: bool
    loaded: int
    sealed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingTotes:
    """Why totes are not on the vehicle, and what was in those that leave it open.

    `contents` says SKU → pieces for a missing tote that is not the only one
    of its class.
    """

    reason: str
    contents: Mapping[int, Pieces] = field(default_factory=dict)


@transaction.atomic
def tote_load(
    *, trip_id: int, code: str, event_id: UUID, device: str, actor: User | None, now: datetime
) -> Scan:
    """Put the tote of a label's code or of a plate onto a trip.

    A tote that is on it already is no mistake: the answer says so. Raises
    `ToteNotExpected` in words for any other tote, `LoadSigned` once the load
    is signed for, and `DayClosed` after the day.
    """
    trip, run = _trip_locked(trip_id)
    tote, stop = _tote_locked(code, trip, run)
    if is_moved_already(event_id, [tote.pk], [ToteState.LOADED]):
        return _scan(tote, stop, is_new=True)
    if tote.state == ToteState.LOADED and _is_on(tote, stop):
        return _scan(tote, stop, is_new=False)
    _require_unsigned(trip)
    require_sealed(tote)
    _require_room(tote, stop)
    note = MoveNote(key=event_id, actor=actor, now=now, trip_id=trip.pk, device=device)
    totes_move(totes=[tote], to_state=ToteState.LOADED, note=note)
    plans_reach(_plan_of(trip), DeliveryRunState.LOADING)
    return _scan(tote, stop, is_new=True)


@transaction.atomic
def tote_unload(
    *, trip_id: int, code: str, event_id: UUID, device: str, actor: User | None, now: datetime
) -> Scan:
    """Take a tote off a trip again; one that is not on it stays where it is.

    Raises as `tote_load` does.
    """
    trip, run = _trip_locked(trip_id)
    tote, stop = _tote_locked(code, trip, run)
    if is_moved_already(event_id, [tote.pk], [ToteState.SEALED]):
        return _scan(tote, stop, is_new=True)
    if tote.state == ToteState.SEALED:
        return _scan(tote, stop, is_new=False)
    _require_unsigned(trip)
    if tote.state != ToteState.LOADED or not _is_on(tote, stop):
        require_sealed(tote)
    note = MoveNote(key=event_id, actor=actor, now=now, trip_id=trip.pk, device=device)
    totes_move(totes=[tote], to_state=ToteState.SEALED, note=note)
    return _scan(tote, stop, is_new=True)


@transaction.atomic
def load_all(
    *, stop_id: int, count: int, event_key: UUID, device: str, actor: User | None, now: datetime
) -> int:
    """Put all totes of a stop onto its trip because somebody counted them there.

    Returns how many are on it. Raises `ToteNotExpected` if the count is not
    the number of sealed totes: then each has to be scanned.
    """
    stop = Stop.objects.select_related("drop").get(pk=stop_id)
    trip, _run = _trip_locked(stop.trip_id)
    rows = _totes_of([stop.drop_id])
    here = stop_totes(stop, rows)
    if is_moved_already(event_key, [row.pk for row in rows], [ToteState.LOADED]):
        return len(here.loaded)
    _require_unsigned(trip)
    if stop.drop_id not in drops_sealed([stop.drop_id]):
        raise ToteNotExpected(
            _("Not sealed: slot %(slot)s is still being packed.") % {"slot": stop.drop.slot_code}
        )
    if count != here.wanted:
        raise ToteNotExpected(
            _("You counted %(count)d; %(sealed)d are sealed for slot %(slot)s. Scan each tote.")
            % {"count": count, "sealed": here.wanted, "slot": stop.drop.slot_code}
        )
    if not here.is_certain:
        raise ToteNotExpected(
            _("Slot %(slot)s travels on several trips: scan each tote, so that we know which.")
            % {"slot": stop.drop.slot_code}
        )
    note = MoveNote(key=event_key, actor=actor, now=now, trip_id=trip.pk, device=device)
    totes_move(totes=here.waiting, to_state=ToteState.LOADED, note=note)
    plans_reach(_plan_of(trip), DeliveryRunState.LOADING)
    return count


@transaction.atomic
def load_sign(
    *,
    trip_id: int,
    driver_name: str,
    missing: MissingTotes | None,
    event_key: UUID,
    actor: User,
    now: datetime,
) -> LoadCheck:
    """Sign for the load of a trip: every sealed tote is on it, or somebody says why not.

    A missing tote stays sealed, and its goods become exceptions found at the
    loading. One of a drop in parts goes with another part instead, as long as
    that is still to be loaded. From here on the load stays, but for a tote that
    is found before the vehicle leaves (`load_resign`).

    Raises
    ------
    TotesMissing
        If totes are missing without a reason, or nobody says what was in one
        whose goods cannot be known.
    ToteNotExpected
        If a slot of the trip is not sealed.
    LoadSigned
        If somebody signed before; the same form sent again returns the check.
    DayClosed
        After the day.
    """
    trip, _run = _trip_locked(trip_id)
    if known := _signed_before(trip, event_key):
        return known
    if not driver_name.strip():
        raise LoadNotSigned(_("Write down who drives."))
    stops = list(trip.stops.select_related("drop__wave").order_by("drop__slot_code"))
    _require_all_sealed([stop.drop for stop in stops])
    rows = _totes_of([stop.drop_id for stop in stops])
    here = stops_totes(stops, rows).values()
    short = [of_stop for of_stop in here if of_stop.missing]
    reason = _reason(missing, short)
    left = [of_stop for of_stop in short if not _goes_with_another_part(of_stop)]
    loaded = sum(len(of_stop.loaded) for of_stop in here)
    check = LoadCheck.objects.create(
        trip=trip,
        loaded_totes=loaded,
        missing_totes=sum(of_stop.missing for of_stop in left),
        missing_reason=reason if short else "",
        driver_name=driver_name.strip(),
        signed_at=now,
        signed_by=actor,
    )
    note = MoveNote(key=event_key, actor=actor, now=now, trip_id=trip.pk, reason=reason)
    if missing:
        for of_stop in left:
            missing_cases_open(here=of_stop, totes=rows, named=missing.contents, note=note)
    _vehicle_takes(trip, loaded, note)
    _dock_is_on(trip)
    return check


@transaction.atomic
def load_resign(
    *, trip_id: int, code: str, driver_name: str, event_id: UUID, actor: User, now: datetime
) -> LoadCheck:
    """Load a missing tote that was found before the vehicle left, and sign again.

    Its exceptions are decided as found, with no piece missing any more.

    Raises
    ------
    LoadNotSigned
        If nobody has signed yet: then it is simply loaded.
    LoadSigned
        Once a stop of the trip has been entered: the vehicle has left.
    ToteNotExpected
        For a tote that is not a missing one of this trip.
    """
    trip, run = _trip_locked(trip_id)
    check = LoadCheck.objects.filter(trip=trip).first()
    if check is None:
        raise LoadNotSigned(_("Nobody has signed for this load yet: scan the tote as usual."))
    tote, stop = _tote_locked(code, trip, run)
    if is_moved_already(event_id, [tote.pk], [ToteState.LOADED]):
        return check
    if Handover.objects.filter(stop__trip=trip).exists():
        raise LoadSigned(_("The vehicle has left: its stops are being entered."))
    require_sealed(tote)
    _require_room(tote, stop)
    note = MoveNote(key=event_id, actor=actor, now=now, trip_id=trip.pk)
    totes_move(totes=[tote], to_state=ToteState.LOADED, note=note)
    LoadCheck.objects.filter(pk=check.pk).update(
        loaded_totes=check.loaded_totes + 1,
        missing_totes=check.missing_totes - 1,
        driver_name=driver_name.strip() or check.driver_name,
        signed_at=now,
        signed_by=actor,
    )
    _vehicle_takes(trip, 1, note)
    missing_cases_settle(tote=tote, actor=actor, now=now)
    check.refresh_from_db()
    return check


def _reason(missing: MissingTotes | None, short: Sequence[StopTotes]) -> str:
    reason = missing.reason.strip()[:REASON_LENGTH] if missing else ""
    if short and not reason:
        raise TotesMissing(
            _("%(count)d totes are not loaded. Say why before you sign.")
            % {"count": sum(of_stop.missing for of_stop in short)},
            totes=[row.pk for of_stop in short for row in of_stop.waiting],
        )
    return reason


def _trip_locked(trip_id: int) -> tuple[Trip, CutoffRun]:
    trip = Trip.objects.select_related("delivery_run").get(pk=trip_id)
    return trip, run_open_locked(trip.delivery_run.cutoff_run_id)


def _tote_locked(code: str, trip: Trip, run: CutoffRun) -> tuple[Tote, Stop]:
    """The trip's tote of a code as it is now, held until the commit, and its stop there."""
    tote = tote_by_code(code, run_id=run.pk)
    stop = require_of_trip(tote, trip)
    locked = (
        Tote.objects.select_for_update(of=("self",))
        .select_related("drop__wave__run__campaign")
        .get(pk=tote.pk)
    )
    return locked, stop


def _is_on(tote: Tote, stop: Stop) -> bool:
    """Whether a loaded tote is on the trip of this stop, and not of another part of its drop."""
    return any(row.pk == tote.pk for row in _here(tote, stop).loaded)


def _here(tote: Tote, stop: Stop) -> StopTotes:
    return stop_totes(stop, Tote.objects.filter(drop_id=tote.drop_id).order_by("pk"))


def _require_room(tote: Tote, stop: Stop) -> None:
    """Refuse a tote of a drop in parts once its trip has as many as it takes."""
    here = _here(tote, stop)
    if not here.is_part or here.missing:
        return
    words = {
        "route": str(stop.trip),
        "count": here.wanted,
        "slot": tote.drop.slot_code,
        "others": " + ".join(str(part.trip) for part in here.others),
    }
    if not here.others:
        raise ToteNotExpected(
            _("%(route)s has its %(count)d totes of slot %(slot)s. This one stays here.") % words
        )
    raise ToteNotExpected(
        _("%(route)s has its %(count)d totes of slot %(slot)s. This one goes with %(others)s.")
        % words
    )


def _goes_with_another_part(of_stop: StopTotes) -> bool:
    """Let a part's missing totes go with one that is still to be loaded, if there is one."""
    signed = set(
        LoadCheck.objects.filter(trip_id__in=[part.trip_id for part in of_stop.others]).values_list(
            "trip_id", flat=True
        )
    )
    heirs = [part for part in of_stop.others if part.trip_id not in signed]
    if not heirs:
        return False
    Stop.objects.filter(pk=heirs[0].pk).update(totes=F("totes") + of_stop.missing)
    Stop.objects.filter(pk=of_stop.stop.pk).update(totes=len(of_stop.loaded))
    return True


def _totes_of(drop_ids: Sequence[int]) -> list[Tote]:
    return list(Tote.objects.select_for_update().filter(drop_id__in=drop_ids).order_by("pk"))


def _require_unsigned(trip: Trip) -> None:
    if LoadCheck.objects.filter(trip=trip).exists():
        raise LoadSigned(
            _("The load of %(route)s is signed for. A tote found now is signed for again.")
            % {"route": str(trip)}
        )


def _signed_before(trip: Trip, event_key: UUID) -> LoadCheck | None:
    """The check that the same form made; refused if another one made it."""
    known = LoadCheck.objects.filter(trip=trip).first()
    if known is None or ToteCount.objects.filter(event_id=_count_id(event_key)).exists():
        return known
    raise LoadSigned(
        _("This load is signed for already, by %(driver)s.") % {"driver": known.driver_name}
    )


def _require_all_sealed(drops: Sequence[Drop]) -> None:
    sealed = drops_sealed([drop.pk for drop in drops])
    if unsealed := [drop.slot_code for drop in drops if drop.pk not in sealed]:
        raise ToteNotExpected(
            _("Not sealed yet: slots %(slots)s.") % {"slots": ", ".join(unsealed)},
            slots=unsealed,
        )


def _scan(tote: Tote, stop: Stop, *, is_new: bool) -> Scan:
    here = _here(tote, stop)
    return Scan(
        tote_id=tote.pk,
        slot=tote.drop.slot_code,
        storage=StorageClass(tote.storage),
        is_new=is_new,
        loaded=len(here.loaded),
        sealed=here.wanted,
    )


def _vehicle_takes(trip: Trip, totes: int, note: MoveNote) -> None:
    if totes:
        ToteCount.objects.create(
            event_id=_count_id(note.key),
            vehicle_id=trip.vehicle_id,
            trip=trip,
            out_qty=totes,
            actor=note.actor,
            at=note.now,
        )


def _count_id(key: UUID) -> UUID:
    return uuid5(key, "vehicle takes totes")


def _dock_is_on(trip: Trip) -> None:
    """All trips of a plan that have stops signed for means that its vehicles leave."""
    plans_reach(_plan_of(trip), DeliveryRunState.LOADING)
    trips = Trip.objects.filter(delivery_run=trip.delivery_run_id, stops__isnull=False)
    if not trips.filter(load_check__isnull=True).exists():
        plans_reach(_plan_of(trip), DeliveryRunState.DEPARTED)


def _plan_of(trip: Trip) -> QuerySet[DeliveryRun]:
    return DeliveryRun.objects.filter(pk=trip.delivery_run_id)
