"""Scripts and agreements, which recruiters write, and the audit log, only shown."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import moment
from leaders.admin.records import KeptAdmin, ShownAdmin
from leaders.models.agreements import Agreement
from leaders.models.audit import AuditEvent
from leaders.models.care import Script


@admin.register(Script)
class ScriptAdmin(KeptAdmin[Script]):
    """Words that work; one that is out of date is hidden, not deleted."""

    list_display = ("title", "occasion", "rank", "is_active")
    list_filter = ("occasion", "is_active")
    search_fields = ("title", "body")


@admin.register(Agreement)
class AgreementAdmin(KeptAdmin[Agreement]):
    """Versions of the agreement: a new one is added, a published one stays as it is."""

    shown_published_at = moment("published_at", _("published at"))
    list_display = ("version", "title", "shown_published_at")
    search_fields = ("version", "title")

    def has_change_permission(self, request: HttpRequest, obj: Agreement | None = None) -> bool:
        """People have agreed to these words."""
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ShownAdmin[AuditEvent]):
    """Who did what to which thing, and why."""

    shown_at = moment("at", _("at"))
    list_display = ("shown_at", "actor", "action", "object_type", "object_id", "reason")
    list_filter = ("object_type",)
    list_select_related = ("actor",)
    search_fields = ("action", "object_id", "reason")
    date_hierarchy = "at"
