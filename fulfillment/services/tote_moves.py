"""One door for the moves of totes: a guarded update and an event for each.

Called inside the caller's transaction, which holds the run and the rows of
the totes, in the order of their keys.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fulfillment.domain.lifecycle import (
    DELIVERY_RUN_LIFECYCLE,
    TOTE_LIFECYCLE,
    DeliveryRunState,
)
from fulfillment.errors import ToteNotExpected
from fulfillment.models.delivery import DeliveryRun
from fulfillment.models.totes import ToteEvent
from fulfillment.models.warehouse import Tote, ToteState
from leaders.models.accounts import User

# The states of a delivery run that the dock moves it through, in their order.
_OUT_AND_BACK = (
    DeliveryRunState.RELEASED,
    DeliveryRunState.LOADING,
    DeliveryRunState.DEPARTED,
    DeliveryRunState.RETURNED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveNote:
    """Who moves totes, when, and what is noted with the move.

    `key` is the event id of what the person did; the events of its moves have
    ids of their own that follow from it, so doing it again finds them.
    """

    key: UUID
    actor: User | None
    now: datetime
    trip_id: int | None = None
    reason: str = ""
    device: str = ""


def move_id(key: UUID, tote_id: int, to_state: str) -> UUID:
    """The id of the event by which one doing moves one tote into a state."""
    return uuid5(key, f"tote {tote_id} {to_state}")


def is_moved_already(key: UUID, tote_ids: Iterable[int], states: Iterable[str]) -> bool:
    """Whether a doing has left events at any of these totes: it is sent a second time."""
    ids = [move_id(key, tote_id, state) for tote_id in tote_ids for state in states]
    return ToteEvent.objects.filter(event_id__in=ids).exists()


def totes_locked(*, drop_id: int) -> list[Tote]:
    """All totes of a drop as they are now, held until the commit."""
    return list(Tote.objects.select_for_update().filter(drop_id=drop_id).order_by("pk"))


def totes_move(*, totes: Sequence[Tote], to_state: ToteState, note: MoveNote) -> None:
    """Move totes into a state, with an event each; their rows in hand follow.

    Raises `ToteNotExpected` if one of them stands where no move leads there,
    or has been moved by somebody else since it was read; then none is moved.
    """
    if not totes:
        return
    sources = TOTE_LIFECYCLE.sources_of(to_state)
    moved = Tote.objects.filter(
        pk__in=[tote.pk for tote in totes if tote.state in sources], state__in=sources
    ).update(state=to_state)
    if moved != len(totes):
        raise ToteNotExpected(
            _("Somebody has just moved this tote; look again."), totes=len(totes), moved=moved
        )
    ToteEvent.objects.bulk_create(
        ToteEvent(
            event_id=move_id(note.key, tote.pk, to_state),
            tote=tote,
            from_state=tote.state,
            to_state=to_state,
            trip_id=note.trip_id,
            reason=note.reason,
            device=note.device,
            actor=note.actor,
            at=note.now,
        )
        for tote in totes
    )
    for tote in totes:
        tote.state = to_state


def plans_reach(plans: QuerySet[DeliveryRun], state: DeliveryRunState) -> None:
    """Move plans on to a state that the dock has reached for them.

    A state on the way there is passed through; one that is behind is left alone.
    """
    keys = list(plans.values_list("pk", flat=True))
    for step in _OUT_AND_BACK[: _OUT_AND_BACK.index(state) + 1]:
        DeliveryRun.objects.filter(
            pk__in=keys, state__in=DELIVERY_RUN_LIFECYCLE.sources_of(step)
        ).update(state=step)
