"""Who asks: request types, decorators and limits for the views of every app."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from leaders.models.accounts import Role, User
from leaders.models.leaders import Leader
from leaders.selectors.access import has_role, helped_leader
from leaders.selectors.leaders import leader_of_user


class UserRequest(HttpRequest):
    """A request of somebody who has logged in."""

    user: User
    htmx: HtmxDetails


class LeaderRequest(UserRequest):
    """A request of a leader, or of somebody who helps one; `leader` is that leader."""

    leader: Leader


P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
UserView = Callable[Concatenate[UserRequest, P], HttpResponseBase]
LeaderView = Callable[Concatenate[LeaderRequest, P], HttpResponseBase]


def role_required(*roles: Role) -> Callable[[UserView[P]], View[P]]:
    """Open a view to log-ins of these roles, to who borrows one of them, and to superusers.

    Strangers are sent to the log-in page; other roles get the 403 page. The
    view carries its roles as `opens_to`: menus and tests read them.
    """

    def decorate(view: UserView[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = request.user
            if not user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not has_role(user, *roles):
                raise PermissionDenied(_("This page belongs to another role."))
            response = view(cast(UserRequest, request), *args, **kwargs)
            # A phone is handed on; the next person must not page back into names.
            add_never_cache_headers(response)
            return response

        vars(guarded)["opens_to"] = frozenset(roles)
        return guarded

    return decorate


def leader_page(view: LeaderView[P]) -> View[P]:
    """Open a view to leaders and put the acting leader on the request."""

    @role_required(Role.LEADER)
    @wraps(view)
    def guarded(request: UserRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        leader = leader_of_user(request.user)
        if leader is None:
            raise PermissionDenied(_("This log-in does not belong to a leader."))
        leader_request = cast(LeaderRequest, request)
        leader_request.leader = leader
        return view(leader_request, *args, **kwargs)

    return guarded


def pickup_page(view: LeaderView[P]) -> View[P]:
    """Open a view to leaders and to those who hand out goods for one of them."""

    @role_required(Role.LEADER, Role.HELPER)
    @wraps(view)
    def guarded(request: UserRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        leader = leader_handing_out(request.user)
        if leader is None:
            raise PermissionDenied(_("This log-in hands out goods for nobody."))
        leader_request = cast(LeaderRequest, request)
        leader_request.leader = leader
        return view(leader_request, *args, **kwargs)

    return guarded


def leader_handing_out(user: User) -> Leader | None:
    """The leader whose goods this log-in hands out: themselves, or the one they help."""
    return helped_leader(user) if user.role == Role.HELPER else leader_of_user(user)


def is_verified(user: User) -> bool:
    """Whether a second factor was shown in this session; the middleware of django-otp notes it."""
    return getattr(user, "otp_device", None) is not None


def client_ip(request: HttpRequest) -> str:
    """The address of the phone: what our own outermost proxy saw, whatever others wrote."""
    proxies = int(settings.REST_FRAMEWORK.get("NUM_PROXIES") or 0)
    seen = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    if proxies and seen[0]:
        return seen[-min(proxies, len(seen))].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def is_too_often(what: str, who: str, *, most: int, period_s: int) -> bool:
    """Count an attempt and return whether it is one too many; each process counts for itself."""
    key = f"often:{what}:{who}"
    cache.add(key, 0, period_s)
    try:
        return cache.incr(key) > most
    except ValueError:
        # It ran out between the two lines: a new period begins.
        return False
