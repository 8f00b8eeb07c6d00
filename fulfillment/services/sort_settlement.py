"""The end of a sort card: what is left over, what is missing, who looks again.

What is missing is written down as a case at once, and the goods are shared out
again: whoever loses is refunded before the truck leaves. A piece that turns up
takes its case back.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid5

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.lifecycle import SORT_TASK_LIFECYCLE
from fulfillment.domain.sort_entry import MissingPieces, settle
from fulfillment.models.allocation import AllocationCause
from fulfillment.models.exceptions import Cause as CaseCause
from fulfillment.models.exceptions import ExceptionCase, ExceptionCaseState, Stage
from fulfillment.models.warehouse import SortTask, SortTaskState
from fulfillment.selectors.sort_cards import Card, card_read
from fulfillment.selectors.sorting import desk_supply_by_sku
from fulfillment.services.allocation import allocation_rerun
from fulfillment.services.exceptions import CaseDraft, case_open
from fulfillment.services.sort_card import Sorter


def card_settle(card: Card, left_over_qty: int, sorter: Sorter, now: datetime) -> SortTask:
    """End a card that is being worked on: done, or short if somebody must look again.

    The caller holds the card and has all its blocks entered. A short card is
    settled again after the recount.
    """
    settlement = settle(
        supply_qty=desk_supply_by_sku(card.run)[card.task.sku_id],
        slots=card.figures,
        left_over_qty=left_over_qty,
    )
    after = card
    if settlement.found_qty:
        found = pieces_take_back(card, (), settlement.found_qty, sorter, now)
        _over_note(card, settlement.found_qty - found, sorter, now)
    for part in settlement.missing:
        _case_open(card, part, sorter, now)
    if settlement.missing:
        _share_again(card, sorter, now)
    if settlement.missing or settlement.found_qty:
        after = card_read(card.run, card.task.pk)
    is_full = all(figures.allocated_qty == figures.sown_qty for figures in after.figures.values())
    state = SortTaskState.DONE if settlement.is_done and is_full else SortTaskState.SHORT
    SortTask.objects.filter(
        pk=card.task.pk, state__in=SORT_TASK_LIFECYCLE.sources_of(state)
    ).update(
        state=state,
        left_over_qty=left_over_qty,
        finished_at=now,
        finished_by=sorter.actor,
        sorter_name=sorter.name,
    )
    return SortTask.objects.select_related("wave", "sku").get(pk=card.task.pk)


def pieces_take_back(
    card: Card, drop_ids: Iterable[int], qty: int, sorter: Sorter, now: datetime
) -> int:
    """Lower the open cases of pieces that turned up, and share the goods again.

    Takes what was missing in one of these drops first, whatever the cause; of
    other drops only what nobody could explain. Returns how many pieces.
    """
    cases = _cases_open(card).annotate(
        rank=Case(
            When(drop_id__in=list(drop_ids), then=Value(0)),
            When(cause__in=[CaseCause.SHORT, CaseCause.WRONG], then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
    )
    taken = 0
    for case in cases.filter(rank__lt=2).order_by("rank", "-pk"):
        part = min(case.qty, qty - taken)
        if not part:
            break
        note = _("%(count)d found again by %(name)s") % {"count": part, "name": sorter.name}
        taken += part * ExceptionCase.objects.filter(
            pk=case.pk, state=ExceptionCaseState.OPEN, qty__gte=part
        ).update(qty=F("qty") - part, note=f"{case.note} {note}".strip()[:200])
    if taken:
        _share_again(card, sorter, now)
    return taken


def _cases_open(card: Card) -> QuerySet[ExceptionCase]:
    return ExceptionCase.objects.filter(
        run=card.run,
        stage=Stage.SORT,
        sku=card.task.sku,
        state=ExceptionCaseState.OPEN,
        qty__gt=0,
    ).exclude(cause=CaseCause.OVER)


def _case_open(card: Card, part: MissingPieces, sorter: Sorter, now: datetime) -> None:
    case_open(
        run_id=card.run.pk,
        draft=CaseDraft(
            stage=Stage.SORT,
            cause=CaseCause(part.cause),
            qty=part.qty,
            sku_id=card.task.sku_id,
            drop_id=part.slot,
            event_id=uuid5(sorter.event_key, f"case:{card.task.pk}:{part.slot}:{part.cause}"),
        ),
        actor=sorter.actor,
        now=now,
    )


def _over_note(card: Card, qty: int, sorter: Sorter, now: datetime) -> None:
    """Note pieces that there are more than ever came; they stay at the desk as spare."""
    if qty:
        _case_open(card, MissingPieces(None, qty, Cause.OVER), sorter, now)


def _share_again(card: Card, sorter: Sorter, now: datetime) -> None:
    allocation_rerun(
        run=card.run,
        sku_id=card.task.sku_id,
        cause=AllocationCause.SORT_GAP,
        reason=_("Sort card, %(name)s") % {"name": sorter.name},
        actor=sorter.actor,
        now=now,
    )
