"""Exceptions of all nights in the admin, and counts that were never made: to be read."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from fulfillment.models.day_close import UnrecordedCount
from fulfillment.models.exceptions import ExceptionCase
from leaders.admin.columns import Column, figure, moment
from leaders.admin.records import ShownAdmin


@admin.register(ExceptionCase)
class ExceptionCaseAdmin(ShownAdmin[ExceptionCase]):
    """Every exception; it is decided on the pages of its night."""

    campaign = Column("run__campaign__code", _("campaign"), str)
    num_qty = figure("qty", _("pieces"))
    shown_found_at = moment("found_at", _("found at (time)"))
    shown_decided_at = moment("decided_at", _("decided at"))
    list_display = (
        "campaign",
        "stage",
        "cause",
        "sku",
        "drop",
        "num_qty",
        "proposed_bearer",
        "bearer",
        "state",
        "shown_found_at",
    )
    list_filter = ("state", "stage", "cause", "bearer", "run__campaign")
    list_select_related = ("run__campaign", "sku", "drop")
    search_fields = ("sku__code", "sku__name", "drop__slot_code", "note")
    date_hierarchy = "found_at"
    ordering = ("-found_at", "-pk")
    fields = (
        "campaign",
        "stage",
        "cause",
        "sku",
        "drop",
        "num_qty",
        "note",
        "proposed_bearer",
        "bearer",
        "state",
        "shown_found_at",
        "found_by",
        "shown_decided_at",
        "decided_by",
        "decision_note",
    )
    readonly_fields = fields


@admin.register(UnrecordedCount)
class UnrecordedCountAdmin(ShownAdmin[UnrecordedCount]):
    """Who said of which count that it was never made."""

    campaign = Column("run__campaign__code", _("campaign"), str)
    shown_declared_at = moment("declared_at", _("declared at"))
    list_display = (
        "campaign",
        "stage",
        "sort_task",
        "trip",
        "drop",
        "reason",
        "declared_by",
        "shown_declared_at",
    )
    list_filter = ("stage", "run__campaign")
    list_select_related = ("run__campaign", "sort_task", "trip", "drop", "declared_by")
    ordering = ("-declared_at", "-pk")
    fields = list_display
    readonly_fields = fields
