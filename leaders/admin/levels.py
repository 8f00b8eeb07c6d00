"""Levels, which a buyer sets, and the changes of level, only shown."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import figure, moment, percent
from leaders.admin.records import KeptAdmin, ShownAdmin
from leaders.models.level_reviews import LevelReview
from leaders.models.levels import LeaderLevel


@admin.register(LeaderLevel)
class LeaderLevelAdmin(KeptAdmin[LeaderLevel]):
    """What every level asks and gives, and how many leaders stand on it."""

    num_rank = figure("rank", _("rank"))
    num_rate_bp = percent("commission_plan__rate_bp", _("rate"))
    num_min_orders = figure("min_orders", _("orders in 30 days"))
    num_min_buyers = figure("min_buyers", _("buyers in 30 days"))
    num_max_claim_bp = percent("max_claim_bp", _("claims at most"))
    num_min_on_time_bp = percent("min_on_time_bp", _("counted in time at least"))
    num_leader_count = figure("leader_count", _("leaders"))
    list_display = (
        "code",
        "name",
        "num_rank",
        "num_rate_bp",
        "num_min_orders",
        "num_min_buyers",
        "num_max_claim_bp",
        "num_min_on_time_bp",
        "num_leader_count",
    )
    list_select_related = ("commission_plan",)
    search_fields = ("code", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LeaderLevel]:
        """Count the leaders in the same query."""
        return super().get_queryset(request).annotate(leader_count=Count("leaders"))


@admin.register(LevelReview)
class LevelReviewAdmin(ShownAdmin[LevelReview]):
    """Every change of level with the figures that led to it."""

    shown_noticed_at = moment("noticed_at", _("announced at"))
    list_display = (
        "leader",
        "from_level",
        "to_level",
        "state",
        "effective_on",
        "shown_noticed_at",
    )
    list_filter = ("state", "to_level", "effective_on")
    list_select_related = ("leader", "from_level", "to_level")
    search_fields = ("leader__code", "leader__name")
    fields = (
        "leader",
        "from_level",
        "to_level",
        "state",
        "figures",
        "noticed_at",
        "effective_on",
        "closed_at",
    )
    readonly_fields = fields
