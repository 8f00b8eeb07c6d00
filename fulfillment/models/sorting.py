"""What sorters did, as events: a figure is the sum of its events."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.exceptions import Cause
from fulfillment.models.warehouse import Drop, SortTask


class SortStage(models.TextChoices):
    """To the routes first, then to the slots; small waves only know the second."""

    ROUTE = "route", _("To the routes")
    SLOT = "slot", _("To the slots")


class SortEvent(models.Model):
    """Pieces of a SKU put to a route or a slot, or taken back; rows are only added."""

    event_id = models.UUIDField(_("event"), unique=True, default=uuid.uuid4)
    sort_task = models.ForeignKey(
        SortTask, on_delete=models.PROTECT, related_name="events", verbose_name=_("sort task")
    )
    stage = models.CharField(_("stage"), max_length=16, choices=SortStage, default=SortStage.SLOT)
    drop = models.ForeignKey(
        Drop,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sort_events",
        verbose_name=_("drop"),
    )
    route_no = models.PositiveSmallIntegerField(_("route"), null=True, blank=True)
    qty = models.IntegerField(_("pieces"), help_text=_("Below 0: taken back."))
    cause = models.CharField(_("cause of a difference"), max_length=16, choices=Cause, blank=True)
    device = models.CharField(_("device"), max_length=60, blank=True)
    sorter_name = models.CharField(_("sorter"), max_length=60, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("sort event")
        verbose_name_plural = _("sort events")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage=SortStage.SLOT, drop__isnull=False, route_no__isnull=True)
                | models.Q(stage=SortStage.ROUTE, drop__isnull=True, route_no__isnull=False),
                name="sort_event_goes_to_slot_or_route",
                violation_error_message=_("Pieces go to a slot or to a route."),
            ),
        ]
        indexes = [
            models.Index(fields=["sort_task", "stage", "drop"], name="sort_event_by_task_and_drop"),
            models.Index(fields=["drop"], name="sort_event_by_drop"),
        ]

    def __str__(self) -> str:
        return f"{self.sort_task_id} {self.qty:+d}"


class RouteBlock(models.Model):
    """One route's slots of a sort task, entered as done; rows are only added.

    Until a card is entered, its figures are unknown, not zero.
    """

    sort_task = models.ForeignKey(
        SortTask, on_delete=models.PROTECT, related_name="blocks", verbose_name=_("sort task")
    )
    stage = models.CharField(_("stage"), max_length=16, choices=SortStage)
    route_no = models.PositiveSmallIntegerField(
        _("route"), help_text=_("0 for a stage that covers all routes at once.")
    )
    sorter_name = models.CharField(_("sorter"), max_length=60)
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )

    class Meta:
        verbose_name = _("route block")
        verbose_name_plural = _("route blocks")
        ordering = ["sort_task", "stage", "route_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["sort_task", "stage", "route_no"],
                name="route_block_entered_once",
                violation_error_message=_("This block is entered already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sort_task_id} R{self.route_no:02d}"


class SlotCheck(models.Model):
    """A slot sorted by one person and counted again by another; rows are only added."""

    event_id = models.UUIDField(_("event"), unique=True)
    drop = models.ForeignKey(
        Drop, on_delete=models.PROTECT, related_name="checks", verbose_name=_("drop")
    )
    sorter_name = models.CharField(_("sorter"), max_length=60)
    checker_name = models.CharField(_("checker"), max_length=60)
    differences = models.PositiveIntegerField(
        _("differences"), help_text=_("How many SKUs lay there otherwise than entered.")
    )
    checked_at = models.DateTimeField(_("checked at"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )

    class Meta:
        verbose_name = _("slot check")
        verbose_name_plural = _("slot checks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.drop_id} {self.checker_name}"
