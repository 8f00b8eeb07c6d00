"""Pickup helpers: a leader lets somebody hand out goods, and ends it again."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from leaders.errors import HelperRefused
from leaders.models.access import PickupHelper
from leaders.models.accounts import Role, User
from leaders.models.leaders import Leader, LeaderState
from leaders.selectors.access import helpers_of
from leaders.services.accounts import login_link, role_group_join
from leaders.services.audit import audit


@transaction.atomic
def helper_invite(*, leader: Leader, name: str, actor: User, now: datetime) -> PickupHelper:
    """Make a log-in that hands out this leader's goods and opens nothing else.

    Raises `HelperRefused` where `HELPERS_MAX` help already, where one of them
    has this name, and once the leader has left.
    """
    locked = Leader.objects.select_for_update(no_key=True).get(pk=leader.pk)
    if locked.state == LeaderState.QUIT:
        raise HelperRefused(_("This leader has left."))
    helping = list(helpers_of(locked))
    if any(helper.user.first_name == name for helper in helping):
        raise HelperRefused(_("Somebody of this name helps already."))
    if len(helping) >= settings.HELPERS_MAX:
        raise HelperRefused(
            _("There are %(most)d helpers already; end the help of one first.")
            % {"most": settings.HELPERS_MAX}
        )
    user = User(username=_username(locked), role=Role.HELPER, first_name=name)
    user.set_unusable_password()
    user.save(force_insert=True)
    role_group_join(user)
    helper = PickupHelper.objects.create(leader=locked, user=user, since=now)
    facts = {"leader": locked.code, "user": user.pk}
    audit(action="helper.invited", about=helper, actor=actor, now=now, facts=facts)
    return helper


@transaction.atomic
def helper_link_make(*, helper: PickupHelper, actor: User, now: datetime) -> str:
    """Return the address where a helper sets a password.

    It works once. Whoever has it becomes the helper, so it is stored nowhere.
    Raises `HelperRefused` once the help has ended.
    """
    locked = _locked(helper)
    if locked.ended_at is not None or not locked.user.is_active:
        raise HelperRefused(_("This help has ended."))
    facts = {"user": locked.user_id}
    audit(action="helper.login_link_made", about=locked, actor=actor, now=now, facts=facts)
    return login_link(locked.user)


@transaction.atomic
def helper_end(*, helper: PickupHelper, actor: User, now: datetime) -> None:
    """End the help; the log-in is switched off with it, open sessions too. Safe to call again."""
    locked = _locked(helper)
    if locked.ended_at is not None:
        return
    PickupHelper.objects.filter(pk=locked.pk).update(ended_at=now)
    User.objects.filter(pk=locked.user_id).update(is_active=False)
    facts = {"user": locked.user_id}
    audit(action="helper.ended", about=locked, actor=actor, now=now, facts=facts)


def _locked(helper: PickupHelper) -> PickupHelper:
    rows = PickupHelper.objects.select_related("user").select_for_update(of=("self",))
    return rows.get(pk=helper.pk)


def _username(leader: Leader) -> str:
    """The leader's code with a running number; nobody's name stands in it."""
    number = PickupHelper.objects.filter(leader=leader).count() + 1
    while User.objects.filter(username=f"{leader.code.lower()}-h{number}").exists():
        number += 1
    return f"{leader.code.lower()}-h{number}"
