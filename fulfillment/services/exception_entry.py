"""Exceptions typed in by hand: what no desk has found, or paper says."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.errors import CaseNotPlaced
from fulfillment.models.allocation import Allocation, AllocationCause
from fulfillment.models.exceptions import Cause, ExceptionCase, Stage
from fulfillment.models.warehouse import Drop
from fulfillment.services.allocation import allocation_rerun
from fulfillment.services.exceptions import CaseDraft, case_open
from leaders.models.accounts import User

# What is gone here was never put into a slot, so it comes out of the supply.
OUT_OF_SUPPLY = (Stage.SORT, Stage.WEIGH)


@transaction.atomic
def case_enter(*, run_id: int, draft: CaseDraft, actor: User, now: datetime) -> ExceptionCase:
    """Open a case that somebody typed in, and share the goods again if there are fewer now.

    Raises `CaseNotPlaced` without the figure it is about: goods from sorting
    on, and a slot of this day from loading on. `DayClosed`, `PhotoRefused`,
    and `LockedExceedsAccepted` if more lies in slots than there would be.
    """
    _require_place(run_id, draft)
    case = case_open(run_id=run_id, draft=draft, actor=actor, now=now)
    if draft.stage in OUT_OF_SUPPLY and draft.cause != Cause.OVER and draft.sku_id is not None:
        allocation_rerun(
            run=case.run,
            sku_id=draft.sku_id,
            cause=AllocationCause.SORT_GAP,
            reason=_("Exception %(number)d") % {"number": case.pk},
            actor=actor,
            now=now,
        )
    return case


def _require_place(run_id: int, draft: CaseDraft) -> None:
    if draft.sku_id is None and (draft.stage != Stage.RECEIVE or not draft.note.strip()):
        raise CaseNotPlaced(_("Say which goods; goods nobody ordered are described."))
    if draft.stage in (Stage.LOAD, Stage.HANDOVER) and draft.drop_id is None:
        raise CaseNotPlaced(_("Say which slot the goods were for."))
    if draft.drop_id is None:
        return
    drop = Drop.objects.filter(pk=draft.drop_id, wave__run_id=run_id).first()
    if drop is None:
        raise CaseNotPlaced(_("This slot is not of this day."))
    allocations = Allocation.objects.filter(
        run_id=run_id, order_line__order__pickup_point_id=drop.pickup_point_id
    )
    ordered = allocations.filter(order_line__sku_id=draft.sku_id or 0)
    instead = allocations.filter(substitute_sku_id=draft.sku_id or 0, substitute_qty__gt=0)
    if not (ordered.exists() or instead.exists()):
        raise CaseNotPlaced(_("This slot has none of these goods."))
