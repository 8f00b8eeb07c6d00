"""Decisions about what is short: who goes without, and when that is final."""

import logging
from datetime import datetime

from django.db import transaction

from fulfillment.domain.allocation import ShortageRule
from fulfillment.domain.cutoff_run import Step
from fulfillment.errors import ShortagesFinal, StepOutOfOrder
from fulfillment.models.allocation import ShortageChoice
from fulfillment.models.cutoff_run import CutoffRun, StepState
from fulfillment.services.day_guard import run_open_locked
from leaders.models.accounts import User
from orders.models.catalogue import Sku

logger = logging.getLogger(__name__)


@transaction.atomic
def shortages_finalize(*, run: CutoffRun, actor: User | None, now: datetime) -> bool:
    """Say that what is short now is refunded; return whether it was not said before.

    From here on nobody is given more of what he lacks; a line may still lose.
    Raises `StepOutOfOrder` before the goods are shared out and `DayClosed`
    once the day is closed.
    """
    locked = run_open_locked(run.pk)
    if locked.shortages_final_at is not None:
        return False
    if not locked.steps.filter(name=Step.ALLOCATE, state=StepState.DONE).exists():
        raise StepOutOfOrder(
            "The goods are not shared out yet.", step=Step.REFUND, missing=[Step.ALLOCATE]
        )
    CutoffRun.objects.filter(pk=run.pk).update(shortages_final_at=now)
    logger.info("shortages of run %s are final, said by %s", run.pk, actor or "the clock")
    return True


@transaction.atomic
def shortage_choose(
    *, run: CutoffRun, sku_id: int | None, rule: ShortageRule, actor: User, now: datetime
) -> ShortageChoice:
    """Choose who goes without of a SKU, or of every SKU without a choice of its own.

    A choice counts when the goods are shared out the next time. Raises
    `ShortagesFinal` when nothing is shared out any more, and `DayClosed`.
    """
    locked = run_open_locked(run.pk)
    if locked.shortages_final_at is not None:
        raise ShortagesFinal("What is short is being refunded; the rule cannot change any more.")
    choice, _made = ShortageChoice.objects.update_or_create(
        run=locked,
        sku=None if sku_id is None else Sku.objects.get(pk=sku_id),
        defaults={"rule": rule, "chosen_at": now, "chosen_by": actor},
    )
    return choice
