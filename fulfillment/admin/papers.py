"""Who took which paper away."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fulfillment.models.papers import PaperOpening
from leaders.admin.columns import Column, moment
from leaders.admin.records import ShownAdmin


@admin.register(PaperOpening)
class PaperOpeningAdmin(ShownAdmin[PaperOpening]):
    """One row for each paper somebody opened or took in a pack."""

    shown_opened_at = moment("opened_at", _("opened at"))
    campaign = Column("paper__run__campaign__code", _("campaign"), str)
    file = Column("paper__file", _("file"), str)
    list_display = ("file", "campaign", "opened_by", "shown_opened_at")
    list_filter = ("paper__document",)
    search_fields = ("paper__file", "paper__run__campaign__code", "opened_by__username")
    date_hierarchy = "opened_at"
    fields = ("file", "campaign", "opened_by", "shown_opened_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[PaperOpening]:
        """Fetch papers, campaigns and people in the same query."""
        return super().get_queryset(request).select_related("paper__run__campaign", "opened_by")

    def page_title(self, row: PaperOpening) -> str:
        """The file that was taken."""
        return row.paper.file
