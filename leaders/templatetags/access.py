"""What the acting user may open, for menus that show nothing else."""

from django import template
from django.contrib.auth.models import AnonymousUser
from django.urls import Resolver404, resolve

from leaders.domain.elevations import Borrowed
from leaders.models.accounts import Role, User
from leaders.selectors.access import borrowed_by, roles_of

register = template.Library()


@register.filter
def opened_by(path: str, user: User | AnonymousUser) -> bool:
    """Whether the page at this path opens to somebody: `{% if link|opened_by:user %}`."""
    try:
        view = resolve(path.partition("?")[0]).func
    except Resolver404:
        return False
    roles = vars(view).get("opens_to")
    return roles is None or (isinstance(user, User) and not roles.isdisjoint(roles_of(user)))


@register.filter
def acts_as(user: User | AnonymousUser, role: str) -> bool:
    """Whether somebody works in a role now, by their own or by borrowed rights."""
    return isinstance(user, User) and role in roles_of(user)


@register.filter
def role_name(role: str) -> str:
    """A role in the reader's words."""
    return str(Role(role).label)


@register.filter
def borrowed(user: User | AnonymousUser) -> Borrowed | None:
    """The rights somebody borrows now, if any."""
    return borrowed_by(user) if isinstance(user, User) else None
