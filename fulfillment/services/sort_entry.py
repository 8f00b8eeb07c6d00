"""Sort cards typed in: only differences, then "no other differences".

A page nobody sent stays not entered. An entered block is never edited; what
turns out to be different becomes another event (`services.sort_correction`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.sort_entry import Difference, quantities_entered, too_many
from fulfillment.errors import (
    SortBlockEntered,
    SortedMoreThanAllocated,
    SortEventUnknown,
    StepOutOfOrder,
)
from fulfillment.models.sorting import RouteBlock, SortStage
from fulfillment.models.warehouse import SortMethod, SortTask
from fulfillment.selectors.sort_cards import Card
from fulfillment.services.sort_card import (
    ALL_ROUTES,
    Line,
    Sorter,
    card_locked,
    events_write,
    is_repeated,
    require_room,
    tasks_take_up,
)
from fulfillment.services.sort_settlement import card_settle


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockEntry:
    """One block of a card as the sorter left it.

    Attributes
    ----------
    stage
        To the routes (all at once), or to the slots.
    route_no
        The route of the slots; 0 for all routes of the card that are open.
    differences
        Drop id, or route in the first stage → what lies there instead of what
        the sorter saw, and why. Everything else is as he saw it.
    seen
        What his page or card said, by the same keys; None: what is planned now.
    left_over_qty
        What lies on the pallet after the last block; None: not counted yet.
    """

    stage: SortStage
    route_no: int
    differences: Mapping[int, Difference]
    seen: Mapping[int, int] | None = None
    left_over_qty: int | None = None


@transaction.atomic
def sort_block_enter(*, task_id: int, entry: BlockEntry, sorter: Sorter, now: datetime) -> SortTask:
    """Store a block as events, one per slot; settle the card if it was the last.

    Raises `SortBlockEntered` if somebody was first, `SortedMoreThanAllocated`
    where more would lie than is planned now, `StepOutOfOrder` for slots before
    the routes got their pieces, and `DayClosed`.
    """
    card = card_locked(task_id)
    planned = card.by_route() if entry.stage == SortStage.ROUTE else _slots_of(card, entry)
    if is_repeated(sorter, card.task, entry.stage, planned):
        return card.task
    if not any(planned.values()) and not entry.differences:
        raise SortEventUnknown(_("Nothing of it goes to this route."), route_no=entry.route_no)
    route_nos = _blocks_of(card, entry)
    if entry.stage == SortStage.SLOT:
        # A check list may have entered single slots before their block.
        planned = {place: qty for place, qty in planned.items() if place not in card.sown}
    quantities = quantities_entered(planned, entry.seen, entry.differences)
    lines = [
        Line(entry.stage, place, qty, _cause(entry, place))
        for place, qty in quantities.items()
        if qty or planned[place] or place in entry.differences
    ]
    _require_stage(card, entry)
    if entry.stage == SortStage.SLOT:
        require_room(card, too_many(planned, quantities))
        _require_routed(card, quantities)
    else:
        _require_planned(too_many(planned, quantities))
    tasks_take_up(task_id)
    events_write(card, lines, sorter, now)
    RouteBlock.objects.bulk_create(
        RouteBlock(
            sort_task=card.task,
            stage=entry.stage,
            route_no=route_no,
            sorter_name=sorter.name,
            entered_at=now,
            entered_by=sorter.actor,
        )
        for route_no in route_nos
    )
    if entry.stage == SortStage.SLOT and entry.left_over_qty is not None:
        card = card.grown([(line.place, line.qty, line.cause) for line in lines], route_nos)
        if not card.routes_open:
            return card_settle(card, entry.left_over_qty, sorter, now)
    return SortTask.objects.select_related("wave", "sku").get(pk=task_id)


@transaction.atomic
def left_over_state(*, task_id: int, left_over_qty: int, sorter: Sorter, now: datetime) -> SortTask:
    """Say what is left over of a card whose blocks are all entered, and settle it.

    Stated again after a recount it may end a short card. Raises
    `StepOutOfOrder` while blocks are open, and `DayClosed`.
    """
    card = card_locked(task_id)
    if card.routes_open:
        raise StepOutOfOrder(
            _("Enter the other blocks of this card first."), routes=list(card.routes_open)
        )
    tasks_take_up(task_id)
    return card_settle(card, left_over_qty, sorter, now)


def _slots_of(card: Card, entry: BlockEntry) -> dict[int, int]:
    return card.of_block([entry.route_no] if entry.route_no else card.routes)


def _cause(entry: BlockEntry, place: int) -> Cause | None:
    return entry.differences[place].cause if place in entry.differences else None


def _blocks_of(card: Card, entry: BlockEntry) -> tuple[int, ...]:
    """The blocks this entry closes; raise if one of them is closed already."""
    if entry.stage == SortStage.ROUTE:
        route_nos: tuple[int, ...] = (ALL_ROUTES,)
    elif entry.route_no == ALL_ROUTES:
        route_nos = card.routes
    else:
        route_nos = (entry.route_no,)
    block = RouteBlock.objects.filter(
        sort_task=card.task, stage=entry.stage, route_no__in=route_nos
    ).first()
    if block is None:
        return route_nos
    raise SortBlockEntered(
        _("%(name)s entered this at %(time)s already. Nothing of yours was stored.")
        % {
            "name": block.sorter_name,
            "time": f"{timezone.localtime(block.entered_at):%H:%M}",
        },
        route_no=block.route_no,
    )


def _require_stage(card: Card, entry: BlockEntry) -> None:
    """In a wave of two stages, goods put to leaders come to the routes first."""
    is_two_stage = card.task.wave.is_two_stage and card.task.method == SortMethod.PUT_TO_LEADER
    if entry.stage == SortStage.ROUTE and not is_two_stage:
        raise StepOutOfOrder(_("These goods go straight to the slots."))
    if (
        entry.stage == SortStage.SLOT
        and is_two_stage
        and (SortStage.ROUTE, ALL_ROUTES) not in card.entered
    ):
        raise StepOutOfOrder(_("Enter first what every route got."))


def _require_routed(card: Card, quantities: Mapping[int, int]) -> None:
    """Nothing reaches a slot that did not come to its route first."""
    if not card.routed:
        return
    into: dict[int, int] = {}
    for drop_id, qty in quantities.items():
        route_no = card.slots[drop_id].route_no
        into[route_no] = into.get(route_no, 0) + qty
    for route_no, qty in into.items():
        if qty > card.routed.get(route_no, 0):
            raise SortedMoreThanAllocated(
                _("Route %(route)d got %(routed)d pieces, its slots would hold %(qty)d.")
                % {"route": route_no, "routed": card.routed.get(route_no, 0), "qty": qty},
                route_no=route_no,
            )


def _require_planned(excess: Mapping[int, int]) -> None:
    if excess:
        places = ", ".join(f"R{route_no:02d} +{qty}" for route_no, qty in excess.items())
        raise SortedMoreThanAllocated(
            _("Too many for the route: %(places)s.") % {"places": places}, places=dict(excess)
        )
