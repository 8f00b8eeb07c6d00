"""Deeds that two people stand for: asked for by one, signed or refused by another.

Nothing is done here. The deed's own service asks, and after it has signed does
the deed in the same transaction; so a deed stands with its signature or not at
all. Call these after the locks of the deed's own rows.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from leaders.domain.crashpoints import crashpoint
from leaders.domain.lifecycle import COUNTERSIGNATURE_LIFECYCLE
from leaders.errors import (
    CountersignatureOver,
    CountersignatureWaits,
    CountersignatureWordsMissing,
    SecondPersonNeeded,
)
from leaders.models.accounts import User
from leaders.models.countersignatures import Countersignature, CountersignatureState
from leaders.services.audit import audit


@transaction.atomic
def countersignature_ask(
    *,
    deed: str,
    about: Model,
    facts: Mapping[str, object],
    reason: str,
    actor: User,
    now: datetime,
) -> Countersignature:
    """Ask for a second person's signature under a deed; it lapses after `COUNTERSIGN_HOURS`.

    Parameters
    ----------
    deed
        What is to be done, as the registry of deeds names it: `ledger.adjust`.
    about
        The row it is to be done to.
    facts
        Everything the deed needs, in plain values; ids and masked values only.
        A deed about money has an `amount_fen`.

    Raises
    ------
    CountersignatureWordsMissing
        Without a reason.
    CountersignatureWaits
        While the same deed to the same thing waits.
    """
    if not reason.strip():
        raise CountersignatureWordsMissing(_("Say why it has to be done."))
    amount_fen = facts.get("amount_fen")
    object_type, object_id = str(about._meta.model_name), str(about.pk)
    _lapse(deed=deed, object_type=object_type, object_id=object_id, now=now)
    crashpoint("countersignature.asking")
    asked, is_new = Countersignature.objects.get_or_create(
        deed=deed,
        object_type=object_type,
        object_id=object_id,
        state=CountersignatureState.WAITING,
        defaults={
            "amount_fen": amount_fen if isinstance(amount_fen, int) else None,
            "facts": dict(facts),
            "reason": reason.strip(),
            "asked_by": actor,
            "asked_at": now,
            "lapses_at": now + timedelta(hours=settings.COUNTERSIGN_HOURS),
        },
    )
    if not is_new:
        raise CountersignatureWaits(_("This waits for a second person already."), asked_id=asked.pk)
    _written_down(asked, "asked", actor, now, reason=asked.reason)
    return asked


@transaction.atomic
def countersignature_sign(
    *, countersignature: Countersignature, actor: User, now: datetime, note: str = ""
) -> Countersignature:
    """Sign what somebody else asked for, and return it as it is then.

    The caller does the deed in the same transaction.

    Raises
    ------
    SecondPersonNeeded
        If the actor asked for it.
    CountersignatureOver
        If somebody decided before, or its time has run out.
    """
    return _decide(countersignature, CountersignatureState.SIGNED, actor, now, note=note.strip())


@transaction.atomic
def countersignature_refuse(
    *, countersignature: Countersignature, actor: User, now: datetime, note: str
) -> Countersignature:
    """Refuse what somebody else asked for, with the reason, and return it as it is then.

    Raises `CountersignatureWordsMissing` without a reason, `SecondPersonNeeded`
    and `CountersignatureOver` as `countersignature_sign` does.
    """
    if not note.strip():
        raise CountersignatureWordsMissing(_("Say why you refuse it."))
    return _decide(countersignature, CountersignatureState.REFUSED, actor, now, note=note.strip())


@transaction.atomic
def countersignatures_lapse_due(*, now: datetime) -> int:
    """Note that the time of what nobody decided has run out; return how many."""
    return _lapse(now=now)


def _decide(
    asked: Countersignature,
    decision: CountersignatureState,
    actor: User,
    now: datetime,
    *,
    note: str,
) -> Countersignature:
    if asked.asked_by_id == actor.pk:
        raise SecondPersonNeeded(_("You asked for this; somebody else decides about it."))
    crashpoint("countersignature.read")
    changed = Countersignature.objects.filter(
        pk=asked.pk,
        state__in=COUNTERSIGNATURE_LIFECYCLE.sources_of(decision),
        lapses_at__gt=now,
    ).update(state=decision, decided_by=actor, decided_at=now, decision_note=note)
    if not changed:
        raise CountersignatureOver(
            _("Somebody has decided about this already, or its time has run out.")
        )
    decided = Countersignature.objects.get(pk=asked.pk)
    _written_down(decided, decision.value, actor, now, reason=note)
    return decided


def _lapse(*, now: datetime, **of: str) -> int:
    """Lapse what waits past its time, all of it or that of one thing; return how many."""
    lapsed = CountersignatureState.LAPSED
    late = Countersignature.objects.filter(
        state__in=COUNTERSIGNATURE_LIFECYCLE.sources_of(lapsed), lapses_at__lte=now, **of
    )
    rows = list(late.select_for_update().order_by("pk"))
    Countersignature.objects.filter(pk__in=[row.pk for row in rows]).update(state=lapsed)
    for row in rows:
        _written_down(row, lapsed.value, None, now)
    return len(rows)


def _written_down(
    asked: Countersignature, verb: str, actor: User | None, now: datetime, *, reason: str = ""
) -> None:
    facts: dict[str, object] = {
        "deed": asked.deed,
        "object_type": asked.object_type,
        "object_id": asked.object_id,
    }
    if asked.amount_fen is not None:
        facts["amount_fen"] = asked.amount_fen
    audit(
        action=f"countersignature.{verb}",
        about=asked,
        actor=actor,
        now=now,
        facts=facts,
        reason=reason,
    )
