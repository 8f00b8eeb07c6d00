"""The end of a day: counts that were never made, and who said so."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Trip
from fulfillment.models.exceptions import Stage
from fulfillment.models.warehouse import Drop, SortTask


class UnrecordedCount(models.Model):
    """A count nobody entered and nobody will; rows are only added.

    From here on the pieces of the count before it stand for it, less the
    exceptions that were found. A count that is entered after all wins over it.
    """

    run = models.ForeignKey(
        CutoffRun,
        on_delete=models.PROTECT,
        related_name="unrecorded_counts",
        verbose_name=_("cut-off run"),
    )
    stage = models.CharField(_("count of"), max_length=16, choices=Stage)
    sort_task = models.ForeignKey(
        SortTask,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="unrecorded_counts",
        verbose_name=_("sort task"),
    )
    trip = models.ForeignKey(
        Trip,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="unrecorded_counts",
        verbose_name=_("trip"),
    )
    drop = models.ForeignKey(
        Drop,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="unrecorded_counts",
        verbose_name=_("drop"),
        help_text=_("A drop without a trip."),
    )
    reason = models.CharField(_("reason"), max_length=200)
    declared_at = models.DateTimeField(_("declared at"))
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("declared by"),
    )

    class Meta:
        verbose_name = _("count not recorded")
        verbose_name_plural = _("counts not recorded")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "stage", "sort_task", "trip", "drop"],
                nulls_distinct=False,
                name="unrecorded_count_once",
                violation_error_message=_("This is declared already."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    stage=Stage.SORT,
                    sort_task__isnull=False,
                    trip__isnull=True,
                    drop__isnull=True,
                )
                | models.Q(
                    stage__in=[Stage.LOAD, Stage.HANDOVER],
                    sort_task__isnull=True,
                    trip__isnull=False,
                    drop__isnull=True,
                )
                | models.Q(
                    stage__in=[Stage.LOAD, Stage.HANDOVER],
                    sort_task__isnull=True,
                    trip__isnull=True,
                    drop__isnull=False,
                ),
                name="unrecorded_count_has_one_place",
                violation_error_message=_("Name the card that was sorted, or the trip."),
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="unrecorded_count_has_reason",
                violation_error_message=_("Say why there is no count."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.stage}"
