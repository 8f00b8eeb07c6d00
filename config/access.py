"""Who gets through before any view is asked: second factors, and borrowed permissions."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from leaders.domain.role_permissions import PERMISSIONS_BY_ROLE
from leaders.http import is_verified
from leaders.models.accounts import User
from leaders.selectors.access import borrowed_by
from leaders.selectors.second_factors import needs_second_factor, phone_factor_of

# Open without a second factor: the way to it, and the way out.
OPEN_VIEWS = ("access-totp", "access-totp-verify", "logout")


class SecondFactorMiddleware:
    """Lets nobody who needs a second factor see any page before they showed it.

    It stands before every view, the administration's own log-in included, so
    that no page can forget to ask. Phones that ask for data get JSON.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STAFF_TOTP_REQUIRED and _must_verify(request):
            return _shown_the_way(request)
        return self.get_response(request)


class BorrowedRightsBackend(BaseBackend):
    """Permissions of the role that somebody borrows, on top of their own. Logs nobody in."""

    def get_user_permissions(
        self, user_obj: User | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        """Those of the borrowed role, as the table of roles has them."""
        if obj is not None or not isinstance(user_obj, User) or not user_obj.is_active:
            return set()
        borrowed = borrowed_by(user_obj)
        return set(PERMISSIONS_BY_ROLE[borrowed.role]) if borrowed else set()

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        """Whether the borrowed role has anything to do in an app."""
        names = self.get_user_permissions(user_obj)
        return any(name.startswith(f"{app_label}.") for name in names)


def _must_verify(request: HttpRequest) -> bool:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    user = request.user
    if not isinstance(user, User) or not needs_second_factor(user) or is_verified(user):
        return False
    return request.path_info not in {reverse(view) for view in OPEN_VIEWS}


def _shown_the_way(request: HttpRequest) -> HttpResponse:
    if "/api/" in request.path_info:
        message = _("Show your second factor first.")
        body = {"code": "second_factor_needed", "message": message, "details": {}}
        return JsonResponse(body, status=403)
    view = "access-totp-verify" if phone_factor_of(cast(User, request.user)) else "access-totp"
    way = reverse(view)
    if request.method == "GET":
        way = f"{way}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(reverse(view))
    return HttpResponseRedirect(way)
