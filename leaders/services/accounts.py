"""Log-ins: the permissions that come with a role, and a new leader's first way in."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from leaders.domain.role_permissions import PERMISSIONS_BY_ROLE, STAFF_ROLES
from leaders.errors import LoginNotPossible, RolePermissionMissing, RoleUnknown
from leaders.models.accounts import Role, User
from leaders.models.leaders import Leader, LeaderState
from leaders.services.audit import audit


class LoginLinkTokens(PasswordResetTokenGenerator):
    """Tokens that are good until a password is set with one, for `LOGIN_LINK_HOURS` at most."""

    key_salt = "leaders.login_links"


LOGIN_LINK_TOKENS = LoginLinkTokens()


@transaction.atomic
def role_permissions_apply(role: str) -> Group:
    """Give the role's group exactly its permissions, and the role's people the group.

    Safe to call again: groups are found by name, people of other roles leave
    the group, and who may log in to the admin follows the role. Superusers
    keep what they have.
    """
    if role not in PERMISSIONS_BY_ROLE:
        raise RoleUnknown("There is no such role.", role=role)
    group, _ = Group.objects.get_or_create(name=role)
    group.permissions.set(_permissions_named(PERMISSIONS_BY_ROLE[role]))
    people = User.objects.filter(role=role, is_superuser=False)
    group.user_set.set(people)
    people.update(is_staff=role in STAFF_ROLES)
    return group


@transaction.atomic
def leader_login_make(*, leader: Leader, now: datetime, actor: User | None = None) -> str:
    """Return the address where a leader sets a password; a log-in is made if there is none.

    It works once and for `LOGIN_LINK_HOURS`. Whoever has it becomes the
    leader, so it is handed to nobody else and stored nowhere.

    Raises `LoginNotPossible` for somebody who has left, or whose log-in is closed.
    """
    row = Leader.objects.select_for_update(no_key=True).get(pk=leader.pk)
    if row.state == LeaderState.QUIT or (row.user and not row.user.is_active):
        raise LoginNotPossible(_("This leader may not log in."), leader=row.code)
    user = row.user or _login_of_new_leader(row)
    facts = {"user": user.pk}
    audit(action="leader.login_link_made", about=row, actor=actor, now=now, facts=facts)
    leader.user = user
    return login_link(user)


def login_link(user: User) -> str:
    """The address where a log-in gets its password, once and for `LOGIN_LINK_HOURS`."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("login-set", args=[uid, LOGIN_LINK_TOKENS.make_token(user)])
    return f"{settings.SITE_URL.rstrip('/')}{path}"


@transaction.atomic
def login_password_note(*, user: User, now: datetime) -> None:
    """Note that somebody has set their own password by a link."""
    audit(action="login.password_set", about=user, actor=user, now=now)


def _login_of_new_leader(leader: Leader) -> User:
    """A log-in named after the leader's code, which unlike a phone number may be seen."""
    username = leader.code.lower()
    if User.objects.filter(username=username).exists():
        username = f"{username}-{leader.pk}"
    user = User(username=username, role=Role.LEADER, first_name=leader.name)
    user.set_unusable_password()
    user.save(force_insert=True)
    role_group_join(user)
    Leader.objects.filter(pk=leader.pk).update(user=user)
    return user


def role_group_join(user: User) -> None:
    """Put a log-in into the group of its role, and into no other."""
    group, _is_new = Group.objects.get_or_create(name=user.role)
    user.groups.set([group])


def _permissions_named(names: frozenset[str]) -> list[Permission]:
    if not names:
        return []
    wanted = Q()
    for name in names:
        app_label, codename = name.split(".")
        wanted |= Q(content_type__app_label=app_label, codename=codename)
    found = list(Permission.objects.filter(wanted).select_related("content_type"))
    missing = names - {f"{row.content_type.app_label}.{row.codename}" for row in found}
    if missing:
        raise RolePermissionMissing(
            "The database lacks permissions; run the migrations first.", missing=sorted(missing)
        )
    return found
