"""Handovers (交接): what driver and leader agree on, whoever says it first.

A handover comes into being by the driver's word, by the leader's, or by the
papers that come back, and is complete when the delivery is entered. From then
on the leader may report differences; without one it is accepted by itself.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from fulfillment.domain.handover import (
    NOTE_LENGTH,
    OPEN_TO_DIFFERENCES,
    TOTES_MAX,
    HandoverMethod,
    stronger,
)
from fulfillment.domain.lifecycle import HANDOVER_LIFECYCLE
from fulfillment.domain.lifecycle import HandoverState as Agreed
from fulfillment.domain.trip_returns import StopResult
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop
from fulfillment.models.exceptions import ExceptionCase, ExceptionCaseState, Stage
from fulfillment.models.handover import Handover, HandoverState
from fulfillment.models.totes import LoadCheck
from fulfillment.models.warehouse import Tote
from fulfillment.route_errors import HandoverNotPossible
from fulfillment.selectors.handover import claim_hours
from fulfillment.selectors.leader_arrivals import drops_minded_by
from fulfillment.services.day_guard import run_locked, run_open_locked
from leaders.models.accounts import User
from leaders.models.leaders import Leader
from orders.domain.storage import StorageClass


@transaction.atomic
def received_tap(*, stop_id: int, leader: Leader, totes: int, now: datetime) -> Handover:
    """Say as the leader that the goods are there, with the number of totes; safe to repeat.

    Before the driver's word it waits for it; after a delivery that was left
    without a signature it is the signature, and the claim window starts anew.

    Raises
    ------
    HandoverNotPossible
        For somebody else's delivery, one that has not left the warehouse, one
        that did not take place, or a number of totes nobody can mean.
    DayClosed
        After the day.
    """
    stop = (
        Stop.objects.select_related("trip__delivery_run", "drop")
        .filter(pk=stop_id, drop__in=drops_minded_by(leader))
        .first()
    )
    if stop is None or leader.user is None:
        raise HandoverNotPossible(_("This delivery is not yours."))
    run_open_locked(stop.trip.delivery_run.cutoff_run_id)
    if not 1 <= totes <= TOTES_MAX:
        raise HandoverNotPossible(_("So many totes are not possible."), totes=totes)
    known = Handover.objects.filter(stop=stop).first()
    if known is None:
        return _tap_first(stop, leader.user, totes, now)
    if known.state == HandoverState.COUNTED:
        raise HandoverNotPossible(_("By the driver's word nothing was handed over here."))
    if known.state == HandoverState.PENDING:
        Handover.objects.filter(pk=known.pk, state=HandoverState.PENDING).update(
            totes_delivered=totes, confirmed_at=now
        )
    else:
        _tap_second(known, leader.user, totes, now)
    known.refresh_from_db()
    return known


def handover_complete(
    *, stop: Stop, result: StopResult, totes: Sequence[Tote], actor: User, now: datetime
) -> Handover:
    """Write down how a delivery was handed over; a leader's word that came first joins in.

    Called in the transaction that enters the stop and holds its run. `totes`
    are those the leader has now; the claim window begins with them.
    """
    handover, is_new = Handover.objects.get_or_create(
        stop=stop,
        defaults={
            "method": result.method,
            "totes_delivered": len(totes),
            "confirmed_at": now,
            "confirmed_by": actor,
        },
    )
    note, agreed = result.note.strip(), result.handover_state
    if not is_new:
        note = _with_totes_said(note, handover.totes_delivered, len(totes))
        agreed = Agreed.SIGNED if agreed is Agreed.UNSIGNED else agreed
    method = stronger(HandoverMethod(handover.method), result.method)
    taken = not result.is_nothing_taken
    storages = {StorageClass(tote.storage) for tote in totes} or {StorageClass.AMBIENT}
    # Who types a signed paper in has seen it; a driver alone releases nobody.
    is_released = agreed is Agreed.UNSIGNED and method is HandoverMethod.PAPER
    Handover.objects.filter(pk=handover.pk).update(
        method=method,
        totes_delivered=len(totes),
        empties_returned=result.empties,
        note=note[:NOTE_LENGTH],
        claim_until=claim_hours().until(storages, now) if taken else None,
        released_at=now if is_released else None,
        released_by=actor if is_released else None,
    )
    way = (agreed,) if agreed is Agreed.UNSIGNED else (Agreed.COUNTED, agreed)
    for state in way:
        _move(handover, state)
    handover.refresh_from_db()
    return handover


@transaction.atomic
def handover_release(*, handover_id: int, actor: User, now: datetime) -> Handover:
    """Approve that a driver left goods without the leader; safe to repeat.

    Raises `HandoverNotPossible` for goods that were not left unsigned, and
    `DayClosed` after the day.
    """
    handover = Handover.objects.select_related("stop__trip__delivery_run").get(pk=handover_id)
    run_open_locked(handover.stop.trip.delivery_run.cutoff_run_id)
    released = Handover.objects.filter(
        pk=handover_id, state=HandoverState.UNSIGNED, released_at__isnull=True
    ).update(released_at=now, released_by=actor)
    handover.refresh_from_db()
    if not released and handover.released_at is None:
        raise HandoverNotPossible(_("These goods were not left without a signature."))
    return handover


def handovers_accept_silent(*, now: datetime) -> int:
    """Accept every handover whose claim window is over; return how many.

    Goods left unsigned wait for their release, goods with differences until
    each of these is decided.
    """
    due = _acceptable().filter(claim_until__lte=now)
    run_ids = due.order_by().values_list("stop__trip__delivery_run__cutoff_run_id", flat=True)
    return sum(_accept_of_run(run_id, now) for run_id in sorted(set(run_ids)))


def handovers_accept_all(*, run: CutoffRun, now: datetime) -> int:
    """Accept what is open of a run because its day is being closed; return how many.

    Called in the transaction that closes the day and holds the run.
    """
    of_run = Handover.objects.filter(
        stop__trip__delivery_run__cutoff_run=run, state__in=OPEN_TO_DIFFERENCES
    )
    return _accept(of_run.order_by("pk"), now, _("Accepted when the day was closed."))


def _tap_first(stop: Stop, user: User, totes: int, now: datetime) -> Handover:
    """Keep the leader's word until the driver's comes, or the papers'."""
    if not LoadCheck.objects.filter(trip=stop.trip).exists():
        raise HandoverNotPossible(_("These goods have not left the warehouse yet."))
    return Handover.objects.create(
        stop=stop,
        method=HandoverMethod.TAP,
        totes_delivered=totes,
        confirmed_at=now,
        confirmed_by=user,
    )


def _tap_second(known: Handover, user: User, totes: int, now: datetime) -> None:
    """Join the driver's word: it may lack a signature, or say other totes."""
    Handover.objects.filter(pk=known.pk).update(
        note=_with_totes_said(known.note, totes, known.totes_delivered)[:NOTE_LENGTH],
        method=stronger(HandoverMethod(known.method), HandoverMethod.TAP),
    )
    if known.state == HandoverState.UNSIGNED and known.claim_until is not None:
        Handover.objects.filter(pk=known.pk).update(
            confirmed_at=now,
            confirmed_by=user,
            claim_until=now + (known.claim_until - known.confirmed_at),
        )
        _move(known, Agreed.SIGNED)


def _with_totes_said(note: str, said: int, handed: int) -> str:
    """The note with the leader's figure, where it is another one; said once."""
    words = _("The leader counted %(totes)d totes.") % {"totes": said}
    return note if said == handed or words in note else f"{note} {words}".strip()


def _move(handover: Handover, state: Agreed) -> None:
    Handover.objects.filter(pk=handover.pk, state__in=HANDOVER_LIFECYCLE.sources_of(state)).update(
        state=state
    )


def _acceptable() -> "QuerySet[Handover]":
    """Handovers that silence may accept."""
    undecided = ExceptionCase.objects.filter(
        drop=OuterRef("stop__drop"), stage=Stage.HANDOVER, state=ExceptionCaseState.OPEN
    )
    return Handover.objects.filter(
        Q(state=HandoverState.SIGNED)
        | Q(state=HandoverState.UNSIGNED, released_at__isnull=False)
        | Q(state=HandoverState.DISPUTED) & ~Exists(undecided)
    )


@transaction.atomic
def _accept_of_run(run_id: int, now: datetime) -> int:
    run_locked(run_id)
    due = _acceptable().filter(stop__trip__delivery_run__cutoff_run_id=run_id, claim_until__lte=now)
    return _accept(due.order_by("pk"), now, _("Nobody reported a difference in time."))


def _accept(handovers: Iterable[Handover], now: datetime, words: str) -> int:
    """Accept handovers; those with differences keep their own note."""
    done = 0
    for handover in handovers:
        said = handover.note if handover.state == HandoverState.DISPUTED else ""
        done += Handover.objects.filter(
            pk=handover.pk, state__in=HANDOVER_LIFECYCLE.sources_of(Agreed.ACCEPTED)
        ).update(
            state=HandoverState.ACCEPTED,
            accepted_at=now,
            note=said or f"{handover.note} {words}".strip()[:NOTE_LENGTH],
        )
    return done
