"""Applications of people who want to become leaders."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import moment
from leaders.admin.records import ShownAdmin
from leaders.domain.phones import mask_phone
from leaders.models.applications import LeaderApplication


@admin.register(LeaderApplication)
class LeaderApplicationAdmin(ShownAdmin[LeaderApplication]):
    """The applications there were; they are decided on the recruiters' board."""

    shown_submitted_at = moment("submitted_at", _("submitted at"))
    shown_reviewed_at = moment("reviewed_at", _("reviewed at"))
    list_display = (
        "applicant_name",
        "masked_phone",
        "community_name",
        "district",
        "point_kind",
        "state",
        "shown_submitted_at",
        "shown_reviewed_at",
    )
    list_filter = ("state", "point_kind", "district")
    search_fields = ("applicant_name", "phone", "community_name", "address")
    date_hierarchy = "submitted_at"
    ordering = ("-state", "-submitted_at")
    fieldsets = (
        (_("Applicant"), {"fields": ("applicant_name", "phone", "submitted_at")}),
        (
            _("Place"),
            {"fields": ("community_name", "district", "address", "point_kind", ("lng", "lat"))},
        ),
        (
            _("Review"),
            {"fields": ("state", "reviewed_at", "reviewed_by", "review_note", "leader")},
        ),
    )

    @admin.display(description=_("phone"))
    def masked_phone(self, application: LeaderApplication) -> str:
        """Lists show the last four digits; the page shows the number."""
        return mask_phone(application.phone)
