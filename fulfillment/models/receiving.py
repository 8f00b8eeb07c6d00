"""Goods receipts (收货单): what arrived, what was rejected, and the batches."""

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


class GoodsReceiptLine(models.Model):
    """The count of one purchase line in one arrival; zero is a count, a missing row is not."""

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
    arrived_qty = models.PositiveIntegerField(_("arrived"))
    rejected_qty = models.PositiveIntegerField(_("rejected"), default=0)
    accepted_qty = models.GeneratedField(
        expression=models.F("arrived_qty") - models.F("rejected_qty"),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("goods receipt line")
        verbose_name_plural = _("goods receipt lines")
        ordering = ["receipt", "purchase_line"]
        constraints = [
            models.UniqueConstraint(
                fields=["receipt", "purchase_line"],
                name="receipt_line_unique",
                violation_error_message=_("This receipt already counts this line."),
            ),
            models.CheckConstraint(
                condition=models.Q(rejected_qty__lte=models.F("arrived_qty")),
                name="receipt_line_rejects_within_arrived",
                violation_error_message=_("No more can be rejected than arrived."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id} {self.purchase_line_id}"


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

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["batch_no"]
        indexes = [models.Index(fields=["batch_no"], name="batch_by_no")]

    def __str__(self) -> str:
        return self.batch_no
