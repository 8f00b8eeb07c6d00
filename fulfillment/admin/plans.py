"""Plans under work, line hauls and what driven trips say about the roads; all only shown."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from fulfillment.admin.measures import kg_text
from fulfillment.models.delivery import Linehaul
from fulfillment.models.plan_drafts import PlanDraft, TravelCalibration
from leaders.admin.columns import Column, figure, moment
from leaders.admin.records import ShownAdmin


@admin.register(PlanDraft)
class PlanDraftAdmin(ShownAdmin[PlanDraft]):
    """Plans that were searched or changed by hand, and what became of each."""

    campaign = Column("cutoff_run__campaign__code", _("campaign"), str)
    num_seconds = figure("solver_seconds", _("solver seconds"))
    num_progress = figure("progress_percent", _("progress (%)"))
    shown_created_at = moment("created_at", _("created at"))
    shown_started_at = moment("started_at", _("started at"))
    shown_finished_at = moment("finished_at", _("finished at"))
    shown_decided_at = moment("decided_at", _("decided at"))
    list_display = (
        "shown_created_at",
        "campaign",
        "warehouse",
        "origin",
        "state",
        "num_progress",
        "engine",
        "num_seconds",
        "shown_decided_at",
    )
    list_filter = ("state", "origin", "warehouse")
    list_select_related = ("cutoff_run__campaign", "warehouse")
    search_fields = ("cutoff_run__campaign__code",)
    fields = (
        ("campaign", "warehouse", "origin", "state", "based_on_revision"),
        ("engine", "seed", "num_seconds", "num_progress"),
        ("shown_created_at", "created_by", "shown_started_at", "shown_finished_at"),
        ("shown_decided_at", "decided_by"),
        "error",
        "request",
        "figures",
        "details",
    )


@admin.register(Linehaul)
class LinehaulAdmin(ShownAdmin[Linehaul]):
    """Calls of a hub's vehicles at grid warehouses."""

    campaign = Column("cutoff_run__campaign__code", _("campaign"), str)
    num_totes = figure("totes", _("totes"))
    num_weight = Column("weight_g", _("weight"), kg_text, "weight_g")
    shown_leaves_at = moment("leaves_at", _("leaves the hub at"))
    shown_arrive_at = moment("arrive_at", _("arrives at"))
    shown_depart_at = moment("depart_at", _("departs at"))
    list_display = (
        "campaign",
        "vehicle",
        "trip_no",
        "stop_seq",
        "warehouse",
        "num_totes",
        "num_weight",
        "shown_leaves_at",
        "shown_arrive_at",
    )
    list_filter = ("warehouse",)
    list_select_related = ("cutoff_run__campaign", "vehicle", "warehouse")
    search_fields = ("cutoff_run__campaign__code", "vehicle__code")
    fields = (
        ("campaign", "vehicle", "trip_no", "stop_seq"),
        ("warehouse", "num_totes", "num_weight"),
        ("shown_leaves_at", "shown_arrive_at", "shown_depart_at"),
    )

    def page_title(self, row: Linehaul) -> str:
        """The vehicle and where it goes."""
        return f"{row.vehicle} → {row.warehouse}"


@admin.register(TravelCalibration)
class TravelCalibrationAdmin(ShownAdmin[TravelCalibration]):
    """How roads and speeds were measured, the newest first; the newest of a warehouse holds."""

    num_road_factor = figure("road_factor_percent", _("road over straight line (%)"))
    num_speed = Column("speed_m_per_h", _("speed"), lambda speed: f"{speed / 1000:g} km/h")
    num_legs = figure("legs", _("legs driven"))
    shown_applied_at = moment("applied_at", _("applied at"))
    list_display = (
        "warehouse",
        "num_road_factor",
        "num_speed",
        "num_legs",
        "measured_from",
        "measured_until",
        "shown_applied_at",
        "applied_by",
    )
    list_filter = ("warehouse",)
    list_select_related = ("warehouse", "applied_by")
    fields = (
        ("warehouse", "num_road_factor", "num_speed"),
        "hour_percents",
        ("num_legs", "measured_from", "measured_until"),
        ("shown_applied_at", "applied_by"),
    )
