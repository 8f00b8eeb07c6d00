"""The balance of totes put right: somebody counted, and says why it differs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from fulfillment.errors import ToteCorrectionNotPossible
from fulfillment.models.delivery import Vehicle
from fulfillment.models.totes import ToteCount
from fulfillment.selectors.totes import Holder
from leaders.models.accounts import User
from leaders.models.leaders import Leader

COUNTED_MAX = 9999
REASON_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """How many totes somebody found with a holder, and why that is not the balance."""

    counted: int
    reason: str
    event_id: UUID


@transaction.atomic
def tote_balance_correct(
    *, holder: Holder, holder_id: int, recount: Recount, actor: User, now: datetime
) -> ToteCount | None:
    """Make a holder's balance what somebody counted; None if it was that already.

    The difference is a movement of its own without a trip; nothing is
    overwritten, and the same recount sent again moves nothing. Raises
    `ToteCorrectionNotPossible` without a reason, and for a count no holder
    can have.
    """
    reason = recount.reason.strip()[:REASON_LENGTH]
    if not reason:
        raise ToteCorrectionNotPossible(_("Say why the balance changes."))
    if not 0 <= recount.counted <= COUNTED_MAX:
        raise ToteCorrectionNotPossible(_("Nobody has so many totes."), counted=recount.counted)
    # Two people correct one balance one after the other, each seeing the last.
    model = Leader if holder is Holder.LEADER else Vehicle
    model._default_manager.select_for_update(no_key=True).get(pk=holder_id)
    if known := ToteCount.objects.filter(event_id=recount.event_id).first():
        return known
    sums = ToteCount.objects.filter(**{f"{holder}_id": holder_id}).aggregate(
        out=Sum("out_qty", default=0), back=Sum("in_qty", default=0)
    )
    difference = recount.counted - (sums["out"] - sums["back"])
    if not difference:
        return None
    return ToteCount.objects.create(
        event_id=recount.event_id,
        **{f"{holder}_id": holder_id},
        out_qty=max(difference, 0),
        in_qty=max(-difference, 0),
        reason=reason,
        actor=actor,
        at=now,
    )
