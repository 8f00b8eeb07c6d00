"""The end of a sort card: what is left over, what is missing, who looks again."""

from datetime import datetime

from fulfillment.domain.lifecycle import SORT_TASK_LIFECYCLE
from fulfillment.domain.sort_entry import settle
from fulfillment.models.warehouse import SortTask, SortTaskState
from fulfillment.selectors.sorting import desk_supply_by_sku
from fulfillment.services.sort_card import Card, Sorter


def card_settle(card: Card, left_over_qty: int, sorter: Sorter, now: datetime) -> SortTask:
    """End a card that is being worked on as done or short.

    The caller holds the card and has all its blocks entered.
    """
    settlement = settle(
        supply_qty=desk_supply_by_sku(card.run)[card.task.sku_id],
        slots=card.figures,
        left_over_qty=left_over_qty,
    )
    state = SortTaskState.DONE if settlement.is_done else SortTaskState.SHORT
    SortTask.objects.filter(
        pk=card.task.pk, state__in=SORT_TASK_LIFECYCLE.sources_of(state)
    ).update(
        state=state,
        left_over_qty=left_over_qty,
        finished_at=now,
        finished_by=sorter.actor,
        sorter_name=sorter.name,
    )
    return SortTask.objects.get(pk=card.task.pk)
