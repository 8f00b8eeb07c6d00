"""Log-ins and their roles: for administrators, who never make a superuser, and superusers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_static import admin as recovery_pages
from django_otp.plugins.otp_totp import admin as phone_pages

from leaders.errors import DomainError
from leaders.models.accounts import User
from leaders.services.logins import (
    login_change,
    login_link_make,
    login_make,
    login_password_given,
)
from leaders.services.second_factors import factor_reset

# The groups are the roles, and `sync_roles` writes them from a table. The pages
# of second factors show their secrets; nobody needs to see one.
admin.site.unregister([Group, phone_pages.TOTPDevice, recovery_pages.StaticDevice])

if TYPE_CHECKING:
    _UserAdmin = UserAdmin[User]
    _Form = ModelForm[User]
else:
    _UserAdmin = UserAdmin
    _Form = ModelForm


@admin.register(User)
class LoginAdmin(_UserAdmin):
    """A log-in has one role; the role brings its pages and its permissions."""

    list_display = (
        "username",
        "full_name",
        "role",
        "is_active",
        "has_second_factor",
        "is_superuser",
        "last_login",
    )
    list_filter = ("role", "is_active", "is_superuser")
    search_fields = ("username", "first_name", "last_name")
    readonly_fields = ("is_staff", "is_superuser", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "role")}),
        (gettext_lazy("Person"), {"fields": ("last_name", "first_name", "email")}),
        (gettext_lazy("Access"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (gettext_lazy("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "role", "usable_password", "password1", "password2"),
            },
        ),
    )
    actions = ("make_link", "reset_second_factor")
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Look for second factors in the same query."""
        phones = phone_pages.TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        return super().get_queryset(request).annotate(has_factor=Exists(phones))

    def get_readonly_fields(
        self, request: HttpRequest, obj: User | None = None
    ) -> list[str] | tuple[str, ...]:
        """Nobody changes their own rights."""
        kept = tuple(super().get_readonly_fields(request, obj))
        is_own = obj is not None and obj.pk == request.user.pk
        return (*kept, "role", "is_active") if is_own else kept

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only superusers touch the log-in of a superuser."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody deletes a log-in; it is switched off."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: _Form, change: bool) -> None:
        """Have the services store it: the rights follow, and the audit log tells."""
        store = login_change if change else login_make
        store(login=obj, actor=_actor(request), now=timezone.now())

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Set a password, and write down that it was."""
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == 302:
                login = User.objects.get(pk=id)
                login_password_given(login=login, actor=_actor(request), now=timezone.now())
        return response

    @admin.action(description=gettext_lazy("Make a link to set a password"), permissions=["change"])
    def make_link(self, request: HttpRequest, logins: QuerySet[User]) -> None:
        """Show links that work once; whoever has one becomes that person."""

        def make(login: User) -> None:
            link = login_link_make(login=login, actor=_actor(request), now=timezone.now())
            messages.warning(
                request,
                _("For %(login)s alone, once: %(link)s") % {"login": login.username, "link": link},
            )

        self._each(request, logins, make)

    @admin.action(description=gettext_lazy("Reset the second factor"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, logins: QuerySet[User]) -> None:
        """Let people set up a new phone; until then their sessions open nothing."""

        def reset(login: User) -> None:
            factor_reset(login=login, actor=_actor(request), now=timezone.now())

        count = self._each(request, logins, reset)
        if count:
            said = _("Second factors reset: %(count)d.")
            messages.success(request, said % {"count": count})

    def _each(
        self, request: HttpRequest, logins: QuerySet[User], deed: Callable[[User], None]
    ) -> int:
        """Do something to every log-in; say what is refused, and count what is not."""
        count = 0
        for login in logins:
            try:
                deed(login)
            except DomainError as error:
                messages.error(request, f"{login.username}: {_(error.message)}")
            else:
                count += 1
        return count

    @admin.display(description=gettext_lazy("name"))
    def full_name(self, user: User) -> str:
        """Chinese names are written surname first, without a space."""
        return f"{user.last_name}{user.first_name}"

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def has_second_factor(self, user: User) -> bool:
        """Whether a phone shows codes for this log-in."""
        return bool(vars(user)["has_factor"])


def _actor(request: HttpRequest) -> User:
    """Who acts; the administration opens to log-ins only."""
    return cast(User, request.user)
