"""Goods receipts (收货单): what arrived, what was rejected, and the batches."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderLine


class GoodsReceipt(models.Model):
    """One arrival on one purchase order."""

    receipt_no = models.CharField(_("receipt no."), max_length=40, unique=True)
    purchase_order = models.ForeignKey(
        PurchaseOrder,
        on_delete=models.PROTECT,
        related_name="receipts",
        verbose_name=_("purchase order"),
    )
    received_at = models.DateTimeField(_("received at"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("received by"),
    )

    class Meta:
        verbose_name = _("goods receipt")
        verbose_name_plural = _("goods receipts")
        ordering = ["receipt_no"]

    def __str__(self) -> str:
        return self.receipt_no


class ReceiptLineQuerySet(models.QuerySet["GoodsReceiptLine"]):
    """Counts, and those of them that still count."""

    def standing(self) -> Self:
        """Counts that nobody took back: what every sum is made of."""
        return self.filter(void__isnull=True)


class GoodsReceiptLine(models.Model):
    """One count of one purchase line; zero is a count, a missing row is not.

    Rows are only added. A wrong count is voided by a row of its own, and a
    line that came in several batches has a row for each.
    """

    receipt = models.ForeignKey(
        GoodsReceipt,
        on_delete=models.PROTECT,
        related_name="lines",
        verbose_name=_("goods receipt"),
    )
    purchase_line = models.ForeignKey(
        PurchaseOrderLine,
        on_delete=models.PROTECT,
        related_name="receipt_lines",
        verbose_name=_("purchase order line"),
    )
    event_id = models.UUIDField(
        _("event"),
        unique=True,
        default=uuid.uuid4,
        help_text=_("Made on the phone: the same count is stored once, however often it is sent."),
    )
    packs = models.PositiveIntegerField(_("full packs"), default=0)
    loose_qty = models.PositiveIntegerField(_("loose pieces"), default=0)
    arrived_qty = models.PositiveIntegerField(_("arrived"))
    rejected_qty = models.PositiveIntegerField(
        _("rejected"), default=0, help_text=_("All that is not accepted, whatever the reason.")
    )
    damaged_qty = models.PositiveIntegerField(_("of which damaged"), default=0)
    excess_qty = models.PositiveIntegerField(_("of which more than ordered"), default=0)
    reject_note = models.CharField(_("why rejected"), max_length=200, blank=True)
    weight_g = models.PositiveIntegerField(_("net weight (g)"), null=True, blank=True)
    temperature_dc = models.SmallIntegerField(_("temperature (0.1 °C)"), null=True, blank=True)
    photo = models.ImageField(_("photo"), upload_to="receipts/", blank=True)
    counted_at = models.DateTimeField(_("counted at"))
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("counted by"),
    )
    accepted_qty = models.GeneratedField(
        expression=models.F("arrived_qty") - models.F("rejected_qty"),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    objects = ReceiptLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("goods receipt line")
        verbose_name_plural = _("goods receipt lines")
        ordering = ["receipt", "purchase_line"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rejected_qty__lte=models.F("arrived_qty")),
                name="receipt_line_rejects_within_arrived",
                violation_error_message=_("No more can be rejected than arrived."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    rejected_qty__gte=models.F("damaged_qty") + models.F("excess_qty")
                ),
                name="receipt_line_damage_within_rejects",
                violation_error_message=_("Damaged and surplus pieces are rejected pieces."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id} {self.purchase_line_id}"


class ReceiptLineVoid(models.Model):
    """A count taken back: it no longer counts, and stays to be read."""

    receipt_line = models.OneToOneField(
        GoodsReceiptLine,
        on_delete=models.PROTECT,
        related_name="void",
        verbose_name=_("goods receipt line"),
    )
    reason = models.CharField(_("reason"), max_length=200)
    voided_at = models.DateTimeField(_("taken back at"))
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("taken back by"),
    )

    class Meta:
        verbose_name = _("voided count")
        verbose_name_plural = _("voided counts")
        ordering = ["-voided_at"]

    def __str__(self) -> str:
        return f"{self.receipt_line_id}"


class Batch(models.Model):
    """The batch a receipt line belongs to, for trace and recall."""

    receipt_line = models.OneToOneField(
        GoodsReceiptLine,
        on_delete=models.PROTECT,
        related_name="batch",
        verbose_name=_("goods receipt line"),
    )
    batch_no = models.CharField(_("batch no."), max_length=60)
    origin = models.CharField(_("origin"), max_length=60, blank=True)
    certificate_no = models.CharField(_("certificate no."), max_length=60, blank=True)
    expires_on = models.DateField(_("best before"), null=True, blank=True)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["batch_no"]
        indexes = [models.Index(fields=["batch_no"], name="batch_by_no")]

    def __str__(self) -> str:
        return self.batch_no
