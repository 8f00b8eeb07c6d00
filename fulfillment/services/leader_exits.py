"""A leader leaves (团长退出): a notice, nothing left open, and a last day.

Until the last day the leader works on, sees their residents and takes their
list along; after it the log-in is closed. Residents are never moved to
somebody else: each chooses a leader on their own.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.selectors.leader_exits import open_matters
from leaders.domain.lifecycle import LEADER_EXIT_LIFECYCLE
from leaders.errors import ExitBlocked, ExitNoticedAlready, ExitOver
from leaders.models.accounts import User
from leaders.models.care import LeaderExit, LeaderExitState, Substitution
from leaders.models.leaders import Leader, LeaderState
from leaders.models.pickup_points import PickupPoint
from leaders.selectors.invites import invites_open
from leaders.selectors.resales import resales_made_by, resales_offered_to
from leaders.services.audit import audit
from leaders.services.leader_states import leader_move
from leaders.services.points import point_close, point_hand_over, substitutions_stop
from leaders.services.resales import resale_end


@transaction.atomic
def exit_notice(
    *, leader: Leader, is_by_operator: bool, reason: str, actor: User, now: datetime
) -> LeaderExit:
    """Give notice: the operator a month ahead, a leader a week.

    Raises `ExitNoticedAlready` if a notice runs, or the leader has left.
    """
    if Leader.objects.filter(pk=leader.pk, state=LeaderState.QUIT).exists():
        raise ExitNoticedAlready(_("This leader has left already."))
    days = (
        settings.EXIT_NOTICE_DAYS_OPERATOR if is_by_operator else settings.EXIT_NOTICE_DAYS_LEADER
    )
    leaving = LeaderExit(
        leader=leader,
        is_by_operator=is_by_operator,
        reason=reason,
        noticed_at=now,
        noticed_by=actor,
        leaves_on=timezone.localdate(now) + timedelta(days=days),
    )
    try:
        with transaction.atomic():
            leaving.save(force_insert=True)
    except IntegrityError as error:
        if "leader_exit_one_open" not in str(error):
            raise
        raise ExitNoticedAlready(_("Notice has been given already.")) from error
    facts = {"leaves_on": leaving.leaves_on.isoformat(), "by_operator": is_by_operator}
    audit(action="exit.noticed", about=leader, actor=actor, now=now, facts=facts, reason=reason)
    return leaving


@transaction.atomic
def exit_withdraw(*, leader: Leader, actor: User, now: datetime) -> None:
    """Take the notice back; the leader stays.

    Raises `ExitOver` if none runs.
    """
    _close(leader, LeaderExitState.WITHDRAWN, now)
    audit(action="exit.withdrawn", about=leader, actor=actor, now=now)


@transaction.atomic
def exit_complete(*, leader: Leader, successor: Leader | None, actor: User, now: datetime) -> None:
    """Let a leader go: points to the successor or closed, no more log-in.

    Raises `ExitOver` if no notice runs, and `ExitBlocked` before the last day
    or while anything is open between the leader and us.
    """
    # Whoever inserts an order of this leader waits here, so what is open is all there is.
    locked = Leader.objects.select_for_update().get(pk=leader.pk)
    leaving = LeaderExit.objects.filter(leader=locked, state=LeaderExitState.NOTICED).first()
    if leaving is None:
        raise ExitOver(_("No notice runs."))
    if timezone.localdate(now) < leaving.leaves_on:
        raise ExitBlocked(
            _("The notice runs until %(day)s.") % {"day": leaving.leaves_on.isoformat()}
        )
    if matters := open_matters(locked):
        raise ExitBlocked(
            _("Something is still open; settle it first."),
            matters=[matter.kind.value for matter in matters],
        )
    _points_leave(locked, successor, leaving.reason, actor, now)
    _ties_end(locked, actor, now)
    _close(locked, LeaderExitState.DONE, now)
    leader_move(
        leader=locked,
        to=LeaderState.QUIT,
        action="leader.quit",
        actor=actor,
        now=now,
        reason=leaving.reason,
    )
    User.objects.filter(leader=locked).update(is_active=False)
    audit(action="exit.done", about=locked, actor=actor, now=now)


def _points_leave(
    leader: Leader, successor: Leader | None, reason: str, actor: User, now: datetime
) -> None:
    for point in PickupPoint.objects.filter(leader=leader, is_open=True).order_by("pk"):
        if successor is None:
            point_close(point=point, reason=reason, actor=actor, now=now)
        else:
            point_hand_over(point=point, to=successor, reason=reason, actor=actor, now=now)


def _ties_end(leader: Leader, actor: User, now: datetime) -> None:
    """What the leader agreed to do for others, and unused codes, end with them."""
    substitutions_stop(Substitution.objects.filter(substitute=leader), now)
    for resale in (*resales_made_by(leader), *resales_offered_to(leader)):
        resale_end(leader=leader, resale_id=resale.pk, actor=actor, now=now)
    invites_open(now).filter(inviter=leader).update(expires_at=now)


def _close(leader: Leader, state: LeaderExitState, now: datetime) -> None:
    changed = LeaderExit.objects.filter(
        leader=leader, state__in=LEADER_EXIT_LIFECYCLE.sources_of(state)
    ).update(state=state, closed_at=now)
    if not changed:
        raise ExitOver(_("No notice runs."))
