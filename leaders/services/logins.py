"""Log-ins of staff: made, changed, switched off; rights follow at once, and the log tells."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from leaders.domain.role_permissions import STAFF_ROLES
from leaders.errors import LoginGuarded
from leaders.models.accounts import User
from leaders.services.accounts import login_link, role_group_join
from leaders.services.audit import audit
from leaders.services.elevations import elevations_end

# What may change of a log-in beside its password; nobody is made a superuser here.
_DETAILS = ("username", "first_name", "last_name", "email")
_RIGHTS = ("role", "is_active")


@transaction.atomic
def login_make(*, login: User, actor: User, now: datetime) -> User:
    """Store a new log-in with the permissions of its role."""
    login.is_superuser = False
    login.is_staff = login.role in STAFF_ROLES
    login.save(force_insert=True)
    role_group_join(login)
    facts = {"role": login.role}
    audit(action="login.made", about=login, actor=actor, now=now, facts=facts)
    return login


@transaction.atomic
def login_change(*, login: User, actor: User, now: datetime) -> None:
    """Store what differs from the row: names, role, on or off.

    The permissions follow the role. Whoever is switched off or changes the
    role gives back what they borrow, and a request that is under way is the
    last of an old session.

    Raises `LoginGuarded` for one's own role or switch, and for a superuser's
    log-in by anybody who is none.
    """
    kept = User.objects.select_for_update(no_key=True).get(pk=login.pk)
    _guarded(kept, actor)
    changed = [name for name in _DETAILS + _RIGHTS if getattr(kept, name) != getattr(login, name)]
    rights = [name for name in _RIGHTS if name in changed]
    if rights and kept.pk == actor.pk:
        raise LoginGuarded(_("Nobody changes their own rights."))
    if not changed:
        return
    values = {name: getattr(login, name) for name in changed}
    if not kept.is_superuser:
        values["is_staff"] = login.role in STAFF_ROLES
    User.objects.filter(pk=kept.pk).update(**values)
    if rights:
        elevations_end(user=kept, actor=actor, now=now)
    if "role" in changed and not kept.is_superuser:
        role_group_join(login)
    _written_down(kept, login, changed, actor, now)


@transaction.atomic
def login_link_make(*, login: User, actor: User, now: datetime) -> str:
    """Return the address where somebody sets their own password; it is stored nowhere.

    Raises `LoginGuarded` for a superuser's log-in by anybody who is none, and
    for one that is switched off.
    """
    kept = User.objects.select_for_update(no_key=True).get(pk=login.pk)
    _guarded(kept, actor)
    if not kept.is_active:
        raise LoginGuarded(_("This log-in is switched off."))
    audit(action="login.link_made", about=kept, actor=actor, now=now)
    return login_link(kept)


@transaction.atomic
def login_password_given(*, login: User, actor: User, now: datetime) -> None:
    """Note that somebody set the password of a log-in in the administration."""
    audit(action="login.password_given", about=login, actor=actor, now=now)


def _guarded(login: User, actor: User) -> None:
    if login.is_superuser and not actor.is_superuser:
        raise LoginGuarded(_("Only a superuser changes the log-in of a superuser."))


def _written_down(kept: User, login: User, changed: list[str], actor: User, now: datetime) -> None:
    """One event for each kind of change; names of people stand in none of them."""
    if "role" in changed:
        facts = {"from": kept.role, "to": login.role}
        audit(action="login.role_changed", about=kept, actor=actor, now=now, facts=facts)
    if "is_active" in changed:
        action = "login.switched_on" if login.is_active else "login.switched_off"
        audit(action=action, about=kept, actor=actor, now=now)
    if details := [name for name in _DETAILS if name in changed]:
        facts = {"fields": " ".join(details)}
        audit(action="login.details_changed", about=kept, actor=actor, now=now, facts=facts)
