"""A leader's way between trial, work, suspension and the end; every move has its reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from leaders.domain.lifecycle import LEADER_LIFECYCLE
from leaders.errors import LeaderElsewhere
from leaders.models.accounts import User
from leaders.models.leaders import Leader, LeaderState
from leaders.selectors.leader_history import state_before_suspension
from leaders.services.audit import audit


@transaction.atomic
def leader_suspend(*, leader: Leader, reason: str, actor: User, now: datetime) -> None:
    """Stop a leader from selling; orders on their way are still handed out.

    Raises `LeaderElsewhere` unless the leader is on trial or active.
    """
    leader_move(
        leader=leader,
        to=LeaderState.SUSPENDED,
        action="leader.suspended",
        actor=actor,
        now=now,
        reason=reason,
    )


@transaction.atomic
def leader_resume(*, leader: Leader, reason: str, actor: User, now: datetime) -> None:
    """Let a suspended leader go on in the state they were suspended from.

    Raises `LeaderElsewhere` unless the leader is suspended.
    """
    locked = Leader.objects.select_for_update(no_key=True).get(pk=leader.pk)
    if locked.state != LeaderState.SUSPENDED:
        raise LeaderElsewhere(_("This leader is not suspended."))
    leader_move(
        leader=leader,
        to=state_before_suspension(leader),
        action="leader.resumed",
        actor=actor,
        now=now,
        reason=reason,
    )


@transaction.atomic
def leader_activate(*, leader: Leader, reason: str, actor: User, now: datetime) -> None:
    """End a trial well.

    Raises `LeaderElsewhere` unless the leader is on trial.
    """
    locked = Leader.objects.select_for_update(no_key=True).get(pk=leader.pk)
    if locked.state != LeaderState.TRIAL:
        raise LeaderElsewhere(_("This leader is not on trial."))
    leader_move(
        leader=leader,
        to=LeaderState.ACTIVE,
        action="leader.activated",
        actor=actor,
        now=now,
        reason=reason,
    )


def leader_move(
    *,
    leader: Leader,
    to: LeaderState,
    action: str,
    actor: User | None,
    now: datetime,
    reason: str,
) -> None:
    """Move a leader by a guarded UPDATE with its audit row, in the caller's transaction.

    Raises `LeaderElsewhere` if no move leads there from where the leader is.
    """
    before = Leader.objects.select_for_update(no_key=True).get(pk=leader.pk).state
    changed = Leader.objects.filter(pk=leader.pk, state__in=LEADER_LIFECYCLE.sources_of(to)).update(
        state=to
    )
    if not changed:
        raise LeaderElsewhere(
            _("This cannot be done while the leader is: %(state)s.")
            % {"state": LeaderState(before).label},
            state=before,
        )
    audit(
        action=action,
        about=leader,
        actor=actor,
        now=now,
        facts={"from": before, "to": to.value},
        reason=reason,
    )
