"""Recalls (召回): goods of a batch are called back from everybody who has them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import Supplier
from orders.models.catalogue import Sku
from orders.models.orders import OrderLine


class Recall(models.Model):
    """One calling back of the goods of a batch, or of all of a SKU in some runs."""

    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="recalls", verbose_name=_("SKU")
    )
    supplier = models.ForeignKey(
        Supplier,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recalls",
        verbose_name=_("supplier"),
    )
    batch_no = models.CharField(
        _("batch"), max_length=60, blank=True, help_text=_("Empty: every batch of these days.")
    )
    from_on = models.DateField(_("delivered from"))
    until_on = models.DateField(_("delivered until"))
    reason = models.CharField(_("reason"), max_length=300)
    advice = models.CharField(
        _("what residents should do"), max_length=300, help_text=_("Do not eat it; bring it back.")
    )
    started_at = models.DateTimeField(_("started at"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("started by"),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_on__lte=models.F("until_on")),
                name="recall_days_in_order",
                violation_error_message=_("The first day is not after the last."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.batch_no}".strip()


class RecallLine(models.Model):
    """One order line a recall concerns, and what came back of it."""

    recall = models.ForeignKey(
        Recall, on_delete=models.PROTECT, related_name="lines", verbose_name=_("recall")
    )
    run = models.ForeignKey(
        CutoffRun, on_delete=models.PROTECT, related_name="+", verbose_name=_("cut-off run")
    )
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, related_name="recalls", verbose_name=_("order line")
    )
    qty = models.PositiveIntegerField(_("pieces"))
    returned_qty = models.PositiveIntegerField(_("brought back"), default=0)

    class Meta:
        verbose_name = _("recall line")
        verbose_name_plural = _("recall lines")
        ordering = ["recall", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recall", "order_line"],
                name="recall_line_unique",
                violation_error_message=_("This line is called back already."),
            ),
            models.CheckConstraint(
                condition=models.Q(returned_qty__lte=models.F("qty")),
                name="recall_line_returns_within_pieces",
                violation_error_message=_("No more comes back than was handed out."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recall_id} {self.order_line_id}"
