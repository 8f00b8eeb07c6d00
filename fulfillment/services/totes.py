"""Totes: sealed with what was really packed, changed until loaded, lost and found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.domain.drop_parts import shared_totes
from fulfillment.domain.lifecycle import DeliveryRunState
from fulfillment.domain.sealing import SealPlan, plan_seal
from fulfillment.errors import LoadSigned, SealNotPossible, ToteNotExpected
from fulfillment.models.delivery import DeliveryRun, Stop
from fulfillment.models.totes import LoadCheck
from fulfillment.models.warehouse import Drop, Tote, ToteState
from fulfillment.selectors.totes import IN_USE, skus_not_entered, tote_row
from fulfillment.services.day_guard import run_open_locked
from fulfillment.services.tote_moves import (
    MoveNote,
    is_moved_already,
    plans_reach,
    totes_locked,
    totes_move,
)
from leaders.models.accounts import User
from orders.domain.storage import StorageClass

# Where a tote may be lost from without a word at the loading: what is missing
# at the vehicle goes through its sign-off, which asks what was in it.
LOST_FROM = (ToteState.FREE, ToteState.ASSIGNED, ToteState.DELIVERED, ToteState.EMPTY)

Plates = Mapping[StorageClass, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealDetail:
    """What may be said beside the figures.

    Attributes
    ----------
    reason
        Why a drop that is sealed already changes.
    plates
        Numbers of permanent totes per class, in the order of the totes; a
        class left out keeps what it has.
    """

    reason: str = ""
    plates: Plates = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedDrop:
    """A drop as it is sealed.

    `is_changed` is False if it was sealed with exactly these figures before;
    `not_entered` names the SKUs whose sort card nobody has entered.
    """

    drop_id: int
    totes: int
    is_changed: bool
    not_entered: tuple[str, ...]


@transaction.atomic
def drop_seal(
    *,
    drop_id: int,
    totes: Mapping[StorageClass, int],
    event_key: UUID,
    actor: User | None,
    now: datetime,
    detail: SealDetail | None = None,
) -> SealedDrop:
    """Seal a drop with the totes really packed: they replace the estimate.

    Parameters
    ----------
    totes
        Packed totes per storage class; a class left out has none.
    event_key
        Of the person's doing: sent twice, it seals once.
    detail
        The reason of a change, and plate numbers.

    Raises
    ------
    SealNotPossible
        If totes are on the vehicle, the drop is sealed otherwise and nobody
        says why that changes, goods would be in no tote, or a plate is in use.
    LoadSigned
        Once the trip's load is signed for.
    DayClosed
        After the day.
    """
    drop = Drop.objects.select_related("wave").get(pk=drop_id)
    run_open_locked(drop.wave.run_id)
    rows = totes_locked(drop_id=drop.pk)
    said = detail or SealDetail()
    note = MoveNote(key=event_key, actor=actor, now=now, reason=said.reason.strip())
    if is_moved_already(event_key, [row.pk for row in rows], ToteState.values):
        return _sealed(drop, rows, is_changed=False)
    _require_unsigned(drop)
    if drop.pieces and not sum(totes.values()):
        raise SealNotPossible(
            _("Goods lie in this slot: seal at least one tote, big loose goods counted as one.")
        )
    plan = plan_seal([tote_row(row) for row in rows], totes)
    was_sealed = any(row.state == ToteState.SEALED for row in rows)
    if was_sealed and not plan.is_empty and not note.reason:
        raise SealNotPossible(_("This slot is sealed already. Say why that changes."))
    rows = _plan_apply(drop, rows, plan, note)
    is_plated = _plates_put(drop, rows, said.plates)
    _parts_follow(drop, sum(row.state == ToteState.SEALED for row in rows))
    plans_reach(DeliveryRun.objects.filter(trips__stops__drop=drop.pk), DeliveryRunState.RELEASED)
    return _sealed(drop, rows, is_changed=not plan.is_empty or is_plated)


@transaction.atomic
def tote_lose(
    *, tote_id: int, reason: str, event_id: UUID, actor: User | None, now: datetime
) -> Tote:
    """Write a tote down as lost: an empty one, or one that never came back.

    Raises `ToteNotExpected` for a tote that stands packed in the warehouse or
    on a vehicle: the load's sign-off and the trip's return ask for its goods.
    """
    return _tote_turn(tote_id, ToteState.LOST, LOST_FROM, reason, (event_id, actor, now))


@transaction.atomic
def tote_find(
    *, tote_id: int, reason: str, event_id: UUID, actor: User | None, now: datetime
) -> Tote:
    """Write a lost tote down as found; it is empty."""
    found = (ToteState.LOST,)
    return _tote_turn(tote_id, ToteState.EMPTY, found, reason, (event_id, actor, now))


def _tote_turn(
    tote_id: int,
    to_state: ToteState,
    sources: tuple[ToteState, ...],
    reason: str,
    doing: tuple[UUID, User | None, datetime],
) -> Tote:
    event_id, actor, now = doing
    # Totes come back, and are missed, long after their day is closed.
    tote = Tote.objects.select_for_update().get(pk=tote_id)
    if is_moved_already(event_id, [tote.pk], [to_state]):
        return tote
    if tote.state not in sources:
        raise ToteNotExpected(
            _("This tote is %(state)s; that cannot be written down for it.")
            % {"state": tote.get_state_display()},
            state=tote.state,
        )
    note = MoveNote(key=event_id, actor=actor, now=now, reason=reason)
    totes_move(totes=[tote], to_state=to_state, note=note)
    return tote


def _require_unsigned(drop: Drop) -> None:
    if LoadCheck.objects.filter(trip__stops__drop=drop).exists():
        raise LoadSigned(_("The load of this trip is signed for; its totes stay as they are."))


def _plan_apply(drop: Drop, rows: list[Tote], plan: SealPlan, note: MoveNote) -> list[Tote]:
    """Make the rows of a drop what the plan says; return all of them."""
    by_key = {row.pk: row for row in rows}
    released = [by_key[key] for key in plan.release]
    totes_move(
        totes=[row for row in released if row.state == ToteState.SEALED],
        to_state=ToteState.ASSIGNED,
        note=note,
    )
    totes_move(totes=released, to_state=ToteState.FREE, note=note)
    Tote.objects.filter(pk__in=plan.release).update(plate_no="")
    for row in released:
        row.plate_no = ""
    added = Tote.objects.bulk_create(
        Tote(drop=drop, storage=storage, seq=seq, state=ToteState.FREE) for storage, seq in plan.add
    )
    sealing = [by_key[key] for key in plan.seal] + added
    totes_move(
        totes=[row for row in sealing if row.state == ToteState.FREE],
        to_state=ToteState.ASSIGNED,
        note=note,
    )
    totes_move(totes=sealing, to_state=ToteState.SEALED, note=note)
    return [*rows, *added]


def _parts_follow(drop: Drop, sealed: int) -> None:
    """Share the totes really packed among the trips of a drop in parts."""
    parts = list(Stop.objects.select_for_update().filter(drop=drop).order_by("part_no"))
    planned = [part.totes for part in parts]
    # What no trip takes of a drop is a last part that stays here.
    stays = [1] if parts and drop.unserved_reason else []
    if len(planned + stays) > 1:
        for part, totes in zip(parts, shared_totes(planned + stays, sealed), strict=False):
            part.totes = totes
        Stop.objects.bulk_update(parts, ["totes"])


def _plates_put(drop: Drop, rows: Sequence[Tote], plates: Plates) -> bool:
    """Note which permanent totes were used; return whether any plate is new here."""
    named: dict[int, str] = {}
    for storage, numbers in plates.items():
        sealed = sorted(
            (row for row in rows if row.storage == storage and row.state == ToteState.SEALED),
            key=lambda row: row.seq,
        )
        if len(numbers) > len(sealed):
            raise SealNotPossible(_("There are more plates than totes of this class."))
        cleaned = [number.strip().upper() for number in numbers]
        named.update(zip([row.pk for row in sealed], cleaned, strict=False))
    used = [number for number in named.values() if number]
    if len(used) != len(set(used)):
        raise SealNotPossible(_("One plate stands here twice."))
    taken = Tote.objects.filter(plate_no__in=used, state__in=IN_USE).exclude(drop=drop)
    if other := taken.select_related("drop").first():
        raise SealNotPossible(
            _("Plate %(plate)s is on slot %(slot)s.")
            % {"plate": other.plate_no, "slot": other.drop.slot_code}
        )
    changed = [row for row in rows if row.pk in named and row.plate_no != named[row.pk]]
    for row in changed:
        row.plate_no = named[row.pk]
    Tote.objects.bulk_update(changed, ["plate_no"])
    return bool(changed)


def _sealed(drop: Drop, rows: Sequence[Tote], *, is_changed: bool) -> SealedDrop:
    return SealedDrop(
        drop_id=drop.pk,
        totes=sum(row.state == ToteState.SEALED for row in rows),
        is_changed=is_changed,
        not_entered=tuple(skus_not_entered(drop)),
    )
