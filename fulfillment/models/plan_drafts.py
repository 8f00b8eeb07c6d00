"""Plans under work (排线方案): searched, changed by hand, compared, accepted or dropped."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.warehouse import Warehouse


class PlanOrigin(models.TextChoices):
    """Why a plan was drafted."""

    FIRST = "first", _("First plan")
    BOARD = "board", _("Changed by hand")
    REPLAN = "replan", _("Planned again")
    WHAT_IF = "what_if", _("What if")


class PlanDraftState(models.TextChoices):
    """Where a draft stands; the moves are in `fulfillment.domain.lifecycle`."""

    QUEUED = "queued", _("Waiting")
    SOLVING = "solving", _("Searching")
    READY = "ready", _("Ready")
    ACCEPTED = "accepted", pgettext_lazy("plan draft", "Accepted")
    DROPPED = "dropped", _("Dropped")
    FAILED = "failed", _("Failed")


class PlanDraft(models.Model):
    """A plan of one warehouse for one run that is not, or not yet, the accepted one.

    `request` says what was asked (`fulfillment.domain.plan_request`), `duties`
    is the plan as sequences: a list of ``{"vehicle": code, "trips": [[part
    key, …], …]}``. Times and costs follow from it and are never stored as
    truth; `figures` keeps what a list of drafts shows.
    """

    cutoff_run = models.ForeignKey(
        CutoffRun,
        on_delete=models.PROTECT,
        related_name="plan_drafts",
        verbose_name=_("cut-off run"),
    )
    warehouse = models.ForeignKey(
        Warehouse,
        on_delete=models.PROTECT,
        related_name="plan_drafts",
        verbose_name=_("warehouse"),
    )
    origin = models.CharField(_("origin"), max_length=16, choices=PlanOrigin)
    state = models.CharField(
        _("state"), max_length=16, choices=PlanDraftState, default=PlanDraftState.QUEUED
    )
    based_on_revision = models.PositiveSmallIntegerField(
        _("based on revision"), default=0, help_text=_("Of the accepted plan; 0 without one.")
    )
    request = models.JSONField(_("what was asked"), default=dict)
    duties = models.JSONField(_("trips"), default=list)
    undo_steps = models.JSONField(_("steps to undo"), default=list)
    redo_steps = models.JSONField(_("steps to redo"), default=list)
    figures = models.JSONField(_("figures"), default=dict)
    details = models.JSONField(_("versions, parameters and trajectory"), default=dict)
    engine = models.CharField(_("engine"), max_length=60, blank=True)
    seed = models.PositiveIntegerField(_("seed"), default=0)
    solver_seconds = models.PositiveIntegerField(_("solver seconds"), default=0)
    progress_percent = models.PositiveSmallIntegerField(_("progress (%)"), default=0)
    cancel_asked_at = models.DateTimeField(_("cancelling asked for at"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    class Meta:
        verbose_name = _("plan draft")
        verbose_name_plural = _("plan drafts")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cutoff_run", "warehouse"],
                condition=models.Q(origin=PlanOrigin.FIRST)
                & ~models.Q(state__in=[PlanDraftState.DROPPED, PlanDraftState.FAILED]),
                name="plan_draft_one_first",
                violation_error_message=_("The first plan is being searched already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cutoff_run_id}/{self.warehouse_id} {self.origin} {self.pk}"


class TravelCalibration(models.Model):
    """What driven trips say about the roads around a warehouse; rows are only added."""

    warehouse = models.ForeignKey(
        Warehouse,
        on_delete=models.PROTECT,
        related_name="calibrations",
        verbose_name=_("warehouse"),
    )
    road_factor_percent = models.PositiveSmallIntegerField(_("road over straight line (%)"))
    speed_m_per_h = models.PositiveIntegerField(_("speed (m/h)"))
    hour_percents = models.JSONField(
        _("driving time by the hour (%)"),
        default=list,
        help_text=_("Pairs of second of the day and per cent."),
    )
    legs = models.PositiveIntegerField(_("legs driven"))
    measured_from = models.DateField(_("measured from"))
    measured_until = models.DateField(_("measured until"))
    applied_at = models.DateTimeField(_("applied at"))
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("applied by"),
    )

    class Meta:
        verbose_name = _("travel calibration")
        verbose_name_plural = _("travel calibrations")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(road_factor_percent__gte=100, speed_m_per_h__gte=1000),
                name="travel_calibration_plausible",
                violation_error_message=_("A road is no shorter than the straight line."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.warehouse_id} {self.applied_at:%Y-%m-%d}"
