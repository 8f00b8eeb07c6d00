"""The cut-off run (截单批次) of a campaign: its steps and what they did."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.warehouse import Warehouse
from orders.models.campaigns import Campaign


class StepState(models.TextChoices):
    """Where a step stands; a waiting step waits for people or for a clock."""

    PENDING = "pending", _("Pending")
    RUNNING = "running", _("Running")
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class CutoffRun(models.Model):
    """Everything that happens to one campaign's demand, in one warehouse."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.PROTECT, related_name="run", verbose_name=_("campaign")
    )
    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, related_name="runs", verbose_name=_("warehouse")
    )
    bundle_hash = models.CharField(_("hash of the imported bundle"), max_length=64, blank=True)
    receiving_closed_at = models.DateTimeField(
        _("receiving closed at"),
        null=True,
        blank=True,
        help_text=_("From this moment shortages are shared; a late count shares again."),
    )
    shortages_final_at = models.DateTimeField(
        _("shortages final at"),
        null=True,
        blank=True,
        help_text=_("From this moment what is short is refunded."),
    )
    papers_basis = models.CharField(
        _("basis of the papers"),
        max_length=60,
        blank=True,
        help_text=_("How many events of each kind were in when the papers were last made."),
    )
    day_closed_at = models.DateTimeField(_("day closed at"), null=True, blank=True)
    day_closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("day closed by"),
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("cut-off run")
        verbose_name_plural = _("cut-off runs")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.campaign_id}"


class StepRecord(models.Model):
    """One step of a run: its state, attempts and figures."""

    run = models.ForeignKey(
        CutoffRun, on_delete=models.PROTECT, related_name="steps", verbose_name=_("cut-off run")
    )
    name = models.CharField(_("step"), max_length=20)
    position = models.PositiveSmallIntegerField(_("position"))
    state = models.CharField(
        _("state"), max_length=16, choices=StepState, default=StepState.PENDING
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    seconds = models.FloatField(_("seconds of work"), default=0)
    output_hash = models.CharField(_("hash of the output"), max_length=64, blank=True)
    figures = models.JSONField(_("figures"), default=dict, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["run", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "name"],
                name="step_record_unique",
                violation_error_message=_("This run already has this step."),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=StepState.values),
                name="step_record_state_known",
                violation_error_message=_("Unknown step state."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state=StepState.DONE) | models.Q(finished_at__isnull=False),
                name="step_record_done_has_moment",
                violation_error_message=_("A finished step carries its moment."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.name}"


class ImportNote(models.Model):
    """What an import met in a file, and what it did about it."""

    run = models.ForeignKey(
        CutoffRun,
        on_delete=models.PROTECT,
        related_name="import_notes",
        verbose_name=_("cut-off run"),
    )
    position = models.PositiveIntegerField(_("position"))
    severity = models.CharField(_("severity"), max_length=10)
    file = models.CharField(_("file"), max_length=60)
    row = models.PositiveIntegerField(_("row"), null=True, blank=True)
    code = models.CharField(_("code"), max_length=60)
    message = models.TextField(_("message"))

    class Meta:
        verbose_name = _("import note")
        verbose_name_plural = _("import notes")
        ordering = ["run", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "position"],
                name="import_note_unique",
                violation_error_message=_("This position is taken."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file}:{self.row} {self.code}"
