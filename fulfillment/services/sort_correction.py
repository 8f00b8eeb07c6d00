"""What turned out to be different on a card that is entered: another event, never an edit."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.sort_entry import Difference, too_many
from fulfillment.errors import CountNegative, SortEventUnknown, StepOutOfOrder
from fulfillment.models.sorting import SortStage
from fulfillment.models.warehouse import SortTask
from fulfillment.selectors.sort_cards import Card, card_read
from fulfillment.services.sort_card import (
    Line,
    Sorter,
    card_locked,
    events_write,
    is_repeated,
    require_room,
    tasks_take_up,
)
from fulfillment.services.sort_settlement import card_settle, pieces_take_back


@transaction.atomic
def sort_correct(
    *,
    task_id: int,
    drop_id: int,
    qty: int,
    cause: Cause | None,
    sorter: Sorter,
    now: datetime,
) -> SortTask:
    """Put more into an entered slot, or take some out (`qty` below 0).

    What is put in comes from what is left over, or turned up again and takes
    its case back. What is taken out goes back to what is left over; with a
    cause it is gone, and a case says so. A card that was settled is settled
    again.

    Raises `SortedMoreThanAllocated` where more would lie than is planned,
    `CountNegative` where less than nothing would, `StepOutOfOrder` for a slot
    nobody entered, `SortEventUnknown` for a slot that is not on the card, and
    `DayClosed`.
    """
    card = card_locked(task_id)
    return _lines_add(card, [Line(SortStage.SLOT, drop_id, qty, cause)], sorter, now)


@transaction.atomic
def sort_recount(
    *, task_id: int, figures: Mapping[int, Difference], sorter: Sorter, now: datetime
) -> SortTask:
    """Set entered slots to what lies there now: drop id → pieces and cause.

    The difference to what was entered becomes an event; a slot that agrees
    gets none. Raises what `sort_correct` raises.
    """
    card = card_locked(task_id)
    if any(figure.qty < 0 for figure in figures.values()):
        raise CountNegative(_("Pieces are counted from zero."))
    lines = [
        Line(SortStage.SLOT, drop_id, figure.qty - card.sown.get(drop_id, 0), figure.cause)
        for drop_id, figure in figures.items()
    ]
    return _lines_add(card, lines, sorter, now)


@transaction.atomic
def sort_move(
    *, task_id: int, from_drop_id: int, to_drop_id: int, qty: int, sorter: Sorter, now: datetime
) -> SortTask:
    """Move pieces that lay in the wrong slot: one event takes, one gives.

    Raises what `sort_correct` raises; neither slot ends with more than planned.
    """
    if qty < 1 or from_drop_id == to_drop_id:
        raise SortEventUnknown(_("Move one piece or more from one slot to another."))
    card = card_locked(task_id)
    lines = [
        Line(SortStage.SLOT, from_drop_id, -qty, Cause.WRONG),
        Line(SortStage.SLOT, to_drop_id, qty, Cause.WRONG),
    ]
    return _lines_add(card, lines, sorter, now)


def _lines_add(card: Card, lines: list[Line], sorter: Sorter, now: datetime) -> SortTask:
    if is_repeated(sorter, card.task, SortStage.SLOT, [line.place for line in lines]):
        return card.task
    lines = [line for line in lines if line.qty]
    if not lines:
        return card.task
    _require_entered(card, lines)
    card, found = _room_make(card, lines, sorter, now)
    left_over = card.task.left_over_qty
    tasks_take_up(card.task.pk)
    events_write(card, lines, sorter, now)
    card = card.grown([(line.place, line.qty, line.cause) for line in lines])
    if left_over is None or card.routes_open:
        return SortTask.objects.select_related("wave", "sku").get(pk=card.task.pk)
    return card_settle(card, max(0, left_over - _from_left_over(lines, found)), sorter, now)


def _from_left_over(lines: list[Line], found: int) -> int:
    """Pieces that come from what is left over; below 0 they go back to it.

    Pieces taken out with a cause are gone, those of a wrong slot are in
    another; pieces that turned up were not left over.
    """
    put = sum(line.qty for line in lines if line.qty > 0)
    back = sum(line.qty for line in lines if line.qty < 0 and line.cause is None)
    moved = -sum(line.qty for line in lines if line.qty < 0 and line.cause is Cause.WRONG)
    return max(0, put - max(found, moved)) + back


def _require_entered(card: Card, lines: list[Line]) -> None:
    for line in lines:
        if line.place not in card.slots:
            raise SortEventUnknown(_("This slot is not on the card."), drop_id=line.place)
        route_no = card.slots[line.place].route_no
        if line.place not in card.sown and (SortStage.SLOT, route_no) not in card.entered:
            raise StepOutOfOrder(
                _("%(slot)s is not entered yet; enter its block first.")
                % {"slot": card.slots[line.place]}
            )
        if card.sown.get(line.place, 0) + line.qty < 0:
            raise CountNegative(
                _("%(slot)s holds only %(qty)d.")
                % {"slot": card.slots[line.place], "qty": card.sown.get(line.place, 0)}
            )


def _room_make(card: Card, lines: list[Line], sorter: Sorter, now: datetime) -> tuple[Card, int]:
    """Take back the cases of pieces that turned up; raise if there is still no room."""
    excess = _excess(card, lines)
    found = 0
    if excess:
        found = pieces_take_back(card, excess, sum(excess.values()), sorter, now)
        card = card_read(card.run, card.task.pk)
    require_room(card, _excess(card, lines))
    return card, found


def _excess(card: Card, lines: list[Line]) -> dict[int, int]:
    after = dict(card.sown)
    for line in lines:
        after[line.place] = after.get(line.place, 0) + line.qty
    return too_many(card.planned, {line.place: after[line.place] for line in lines})
