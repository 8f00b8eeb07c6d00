"""What the admin pages of all three apps share: how much a page may change.

Rows of this platform are kept: nothing is deleted in the admin. Rows that a
rule wrote (money, counts, plans) are only shown.
"""

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

Row = TypeVar("Row", bound=Model)
Parent = TypeVar("Parent", bound=Model)

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline
else:
    # Django's admin classes take their type parameters in the stubs only.
    class ModelAdmin(Generic[Row], admin.ModelAdmin):
        """Django's admin page, with its row type as a parameter."""

    class TabularInline(Generic[Row, Parent], admin.TabularInline):
        """Django's inline table, with its row and parent types as parameters."""


class KeptAdmin(ModelAdmin[Row]):
    """Rows may be added and changed, never deleted."""

    list_per_page = 50
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """Nobody deletes; rows are switched off or end in a state."""
        return False

    def page_title(self, row: Row) -> str:
        """What the row's page calls it."""
        return str(row)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Put the row's title over its page."""
        if (row := context.get("original")) is not None:
            context["subtitle"] = self.page_title(row)
        return super().render_change_form(request, context, *args, **kwargs)


class ShownAdmin(KeptAdmin[Row]):
    """Rows are only shown; services write them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """Nobody changes by hand."""
        return False


class KeptInline(TabularInline[Row, Parent]):
    """Rows of another row, added and changed, never deleted."""

    extra = 0
    can_delete = False

    def has_delete_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        """Nobody deletes."""
        return False


class ShownInline(KeptInline[Row, Parent]):
    """Rows of another row, only shown: who may see the whole may see its parts."""

    template = "admin/shown_inline.html"
    max_num = 0

    def has_view_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        """The page of the whole has asked already."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        """Nobody changes by hand."""
        return False
