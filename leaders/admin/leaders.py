"""Leaders and their commission plans."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import figure, moment, percent
from leaders.admin.records import KeptAdmin, ShownInline
from leaders.domain.phones import mask_phone
from leaders.models.accounts import Role, User
from leaders.models.commission_plans import CommissionPlan
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint


class PickupPointInline(ShownInline[PickupPoint, Leader]):
    """The leader's points; each is changed on its own page."""

    model = PickupPoint
    fields = ("code", "name", "community", "address", "opens_at", "closes_at", "is_open")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[PickupPoint]:
        """Fetch the communities in the same query."""
        return super().get_queryset(request).select_related("community")


@admin.register(Leader)
class LeaderAdmin(KeptAdmin[Leader]):
    """Leaders; the state changes through services only, so the form just shows it."""

    num_points = figure("points", _("pickup points"))
    shown_joined_at = moment("joined_at", _("joined at"))
    list_display = (
        "code",
        "name",
        "masked_phone",
        "state",
        "level",
        "commission_plan",
        "num_points",
        "shown_joined_at",
    )
    list_filter = ("state", "level", "commission_plan", "pickup_points__community__district")
    list_select_related = ("commission_plan", "level")
    search_fields = ("code", "name", "phone", "pickup_points__name")
    date_hierarchy = "joined_at"
    readonly_fields = ("code", "masked_phone", "state", "level", "user", "joined_at")
    fieldsets = (
        (None, {"fields": ("code", "name", "phone", "state")}),
        (_("Terms"), {"fields": ("level", "commission_plan", "joined_at", "user")}),
    )
    inlines = (PickupPointInline,)

    def get_fieldsets(self, request: HttpRequest, obj: Leader | None = None) -> Any:
        """Auditors read no whole number."""
        user = cast(User, request.user)
        if user.is_superuser or user.role != Role.COMPLIANCE:
            return super().get_fieldsets(request, obj)
        return [
            (None, {"fields": ("code", "name", "masked_phone", "state")}),
            *super().get_fieldsets(request, obj)[1:],
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A leader comes from an approved application or an import."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Leader]:
        """Count the points in the same query."""
        counted = Count("pickup_points", distinct=True)
        return super().get_queryset(request).annotate(points=counted)

    @admin.display(description=_("phone"))
    def masked_phone(self, leader: Leader) -> str:
        """Lists show the last four digits; the form shows the number."""
        return mask_phone(leader.phone)


@admin.register(CommissionPlan)
class CommissionPlanAdmin(KeptAdmin[CommissionPlan]):
    """Rates in per cent with how many leaders earn by each plan."""

    num_rate_bp = percent("rate_bp", _("rate"))
    num_hold_days = figure("hold_days", _("days held after arrival"))
    num_leader_count = figure("leader_count", _("leaders"))
    list_display = (
        "code",
        "name",
        "num_rate_bp",
        "num_hold_days",
        "num_leader_count",
    )
    search_fields = ("code", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CommissionPlan]:
        """Count the leaders in the same query."""
        return super().get_queryset(request).annotate(leader_count=Count("leaders"))
