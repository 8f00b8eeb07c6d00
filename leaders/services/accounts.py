"""Log-ins: the permissions that come with a role."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from leaders.domain.role_permissions import PERMISSIONS_BY_ROLE, STAFF_ROLES
from leaders.errors import RolePermissionMissing, RoleUnknown
from leaders.models.accounts import User


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
