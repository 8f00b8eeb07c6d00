"""A sort card under lock: what is planned, what lies there, and its events.

Whoever sorts holds the run, then the card: what is shared out again waits for
him, so nothing is put where it is no longer planned.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.lifecycle import SORT_TASK_LIFECYCLE
from fulfillment.errors import SortedMoreThanAllocated
from fulfillment.models.sorting import SortEvent, SortStage
from fulfillment.models.warehouse import SortTask, SortTaskState
from fulfillment.selectors.sort_cards import Card, card_read
from fulfillment.services.day_guard import run_open_locked
from leaders.models.accounts import User

ALL_ROUTES = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorter:
    """Who put the goods there, and where it was typed.

    `name` is the person at the slots, who has no log-in; `actor` typed it in.
    The event key is made with the page: the same page sent twice counts once.
    """

    name: str
    actor: User | None
    event_key: UUID
    device: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One event to write: pieces to a drop, or to a route in the first stage."""

    stage: SortStage
    place: int
    qty: int
    cause: Cause | None = None


def card_locked(task_id: int) -> Card:
    """Lock a sort task after its run and read its card; call it in a transaction.

    Raises `DayClosed` after the day and `StepOutOfOrder` while the routes, and
    with them the slots, are not planned.
    """
    run_id = SortTask.objects.values_list("wave__run_id", flat=True).get(pk=task_id)
    run = run_open_locked(run_id)
    SortTask.objects.select_for_update(no_key=True).get(pk=task_id)
    return card_read(run, task_id)


def event_id_of(sorter: Sorter, task_id: int, stage: SortStage, place: int) -> UUID:
    """The id of an event: the same page gives the same place of a card the same one."""
    return uuid5(sorter.event_key, f"{task_id}:{stage}:{place}")


def is_repeated(sorter: Sorter, task: SortTask, stage: SortStage, places: Iterable[int]) -> bool:
    """Whether the page was stored before."""
    ids = [event_id_of(sorter, task.pk, stage, place) for place in places]
    return SortEvent.objects.filter(event_id__in=ids).exists()


def events_write(card: Card, lines: Iterable[Line], sorter: Sorter, now: datetime) -> None:
    """Add events of a card in one statement."""
    SortEvent.objects.bulk_create(
        SortEvent(
            event_id=event_id_of(sorter, card.task.pk, line.stage, line.place),
            sort_task=card.task,
            stage=line.stage,
            drop_id=line.place if line.stage == SortStage.SLOT else None,
            route_no=line.place if line.stage == SortStage.ROUTE else None,
            qty=line.qty,
            cause=line.cause or "",
            device=sorter.device,
            sorter_name=sorter.name,
            actor=sorter.actor,
            at=now,
        )
        for line in lines
    )


def tasks_take_up(*task_ids: int) -> None:
    """Let cards be worked on: for the first time, after a recount, or for late goods."""
    SortTask.objects.filter(
        pk__in=task_ids, state__in=SORT_TASK_LIFECYCLE.sources_of(SortTaskState.SORTING)
    ).update(state=SortTaskState.SORTING, left_over_qty=None, finished_at=None, finished_by=None)


def require_room(card: Card, excess: Mapping[int, int]) -> None:
    """Raise `SortedMoreThanAllocated` in the sorter's words if a slot has too many."""
    if not excess:
        return
    places = ", ".join(f"{card.slots[place]} +{qty}" for place, qty in excess.items())
    raise SortedMoreThanAllocated(
        _("Too many lie there: %(places)s. Take them out, or look what the slot gets now.")
        % {"places": places},
        places=dict(excess),
    )
