"""Log-ins and their roles; only superusers reach this page."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from leaders.models.accounts import User

# The groups are the roles, and `sync_roles` writes them from a table.
admin.site.unregister(Group)

if TYPE_CHECKING:
    _UserAdmin = UserAdmin[User]
else:
    _UserAdmin = UserAdmin


@admin.register(User)
class LoginAdmin(_UserAdmin):
    """A log-in has one role; the role brings its pages and its permissions."""

    list_display = ("username", "full_name", "role", "is_active", "is_staff", "last_login")
    list_filter = ("role", "is_active", "is_staff")
    search_fields = ("username", "first_name", "last_name")
    readonly_fields = ("is_staff", "is_superuser", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "role")}),
        (_("Person"), {"fields": ("last_name", "first_name", "email")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
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
    list_per_page = 50
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody deletes a log-in; it is switched off."""
        return False

    @admin.display(description=_("name"))
    def full_name(self, user: User) -> str:
        """Chinese names are written surname first, without a space."""
        return f"{user.last_name}{user.first_name}"
