"""Communities and the pickup points that serve them."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import figure
from leaders.admin.records import KeptAdmin
from leaders.models.communities import Community
from leaders.models.pickup_points import PickupPoint


@admin.register(Community)
class CommunityAdmin(KeptAdmin[Community]):
    """Residential communities with how many points serve each."""

    num_households = figure("households", _("households"))
    num_points = figure("points", _("pickup points"))
    list_display = (
        "name",
        "district",
        "city",
        "num_households",
        "num_points",
    )
    list_filter = ("city", "district")
    search_fields = ("name", "district", "city")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Community]:
        """Count the points in the same query."""
        return super().get_queryset(request).annotate(points=Count("pickup_points"))


@admin.register(PickupPoint)
class PickupPointAdmin(KeptAdmin[PickupPoint]):
    """Where goods land; coordinates are WGS-84."""

    list_display = (
        "code",
        "name",
        "leader",
        "community",
        "opens_at",
        "closes_at",
        "unload_minutes",
        "is_priority",
        "is_open",
    )
    list_filter = ("is_open", "is_priority", "community__district")
    list_select_related = ("leader", "community")
    search_fields = ("code", "name", "address", "leader__code", "leader__name")
    autocomplete_fields = ("leader", "community")
    fieldsets = (
        (None, {"fields": ("code", "name", "leader", "community", "is_open")}),
        (_("Place"), {"fields": ("address", ("lng", "lat"))}),
        (_("Hours"), {"fields": (("opens_at", "closes_at"), "prefers_until", "is_bagged")}),
        (
            _("Delivery"),
            {
                "fields": (
                    ("unload_minutes", "stair_floors"),
                    ("largest_vehicle", "trucks_from"),
                    "is_priority",
                )
            },
        ),
    )
