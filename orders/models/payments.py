"""Prepayments (预付款) and refunds (退款)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.orders import Order, OrderLine


class PaymentState(models.TextChoices):
    """Where a payment attempt stands."""

    CREATED = "created", _("Created")
    SUBMITTED = "submitted", _("Submitted")
    UNKNOWN = "unknown", _("Unknown")
    SUCCEEDED = "succeeded", _("Succeeded")
    CLOSED = "closed", _("Closed")
    FAILED = "failed", _("Failed")


class RefundState(models.TextChoices):
    """Where a refund stands; `requested` is due and booked, not yet paid out."""

    REQUESTED = "requested", _("Requested")
    SUBMITTED = "submitted", _("Submitted")
    SUCCEEDED = "succeeded", _("Succeeded")
    ABNORMAL = "abnormal", _("Abnormal")


class RefundReason(models.TextChoices):
    """Why money goes back."""

    SHORTAGE = "shortage", _("Shortage")
    LATE_PAYMENT = "late_payment", _("Late payment")
    AFTER_SALES = "after_sales", _("After-sales")


class Payment(models.Model):
    """One attempt to pay one order; an order has at most one live attempt."""

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="payments", verbose_name=_("order")
    )
    provider = models.CharField(_("provider"), max_length=20)
    out_trade_no = models.CharField(_("merchant order no."), max_length=50)
    state = models.CharField(
        _("state"), max_length=16, choices=PaymentState, default=PaymentState.CREATED
    )
    amount_fen = models.PositiveBigIntegerField(_("amount (fen)"))
    refund_reserved_fen = models.PositiveBigIntegerField(_("refunds (fen)"), default=0)
    created_at = models.DateTimeField(_("created at"))
    succeeded_at = models.DateTimeField(_("succeeded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-created_at", "out_trade_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "out_trade_no"],
                name="payment_unique_trade_no",
                violation_error_message=_("This merchant order number is taken."),
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(
                    state__in=[PaymentState.CREATED, PaymentState.SUBMITTED, PaymentState.UNKNOWN]
                ),
                name="payment_one_live_per_order",
                violation_error_message=_("This order is already being paid."),
            ),
            models.CheckConstraint(
                condition=models.Q(refund_reserved_fen__lte=models.F("amount_fen")),
                name="payment_refunds_within_amount",
                violation_error_message=_("Never refund more than was paid."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PaymentState.SUCCEEDED)
                | models.Q(succeeded_at__isnull=False),
                name="payment_succeeded_has_moment",
                violation_error_message=_("A successful payment carries its moment."),
            ),
        ]

    def __str__(self) -> str:
        return self.out_trade_no


class Refund(models.Model):
    """Money that goes back on one payment for one reason, as one batch of lines."""

    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("payment")
    )
    out_refund_no = models.CharField(_("refund no."), max_length=64, unique=True)
    reason = models.CharField(_("reason"), max_length=16, choices=RefundReason)
    state = models.CharField(
        _("state"), max_length=16, choices=RefundState, default=RefundState.REQUESTED
    )
    amount_fen = models.PositiveBigIntegerField(_("amount (fen)"))
    requested_at = models.DateTimeField(_("requested at"))
    succeeded_at = models.DateTimeField(_("succeeded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-requested_at", "out_refund_no"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0),
                name="refund_amount_positive",
                violation_error_message=_("A refund is a positive amount."),
            ),
        ]

    def __str__(self) -> str:
        return self.out_refund_no


class RefundLine(models.Model):
    """The pieces and fen of one order line in a refund."""

    refund = models.ForeignKey(
        Refund, on_delete=models.PROTECT, related_name="lines", verbose_name=_("refund")
    )
    order_line = models.ForeignKey(
        OrderLine,
        on_delete=models.PROTECT,
        related_name="refund_lines",
        verbose_name=_("order line"),
    )
    qty = models.PositiveIntegerField(_("quantity"))
    amount_fen = models.PositiveBigIntegerField(_("amount (fen)"))

    class Meta:
        verbose_name = _("refund line")
        verbose_name_plural = _("refund lines")
        ordering = ["refund", "order_line"]
        constraints = [
            models.UniqueConstraint(
                fields=["refund", "order_line"],
                name="refund_line_unique",
                violation_error_message=_("This refund already has this line."),
            ),
            models.CheckConstraint(
                condition=models.Q(qty__gt=0),
                name="refund_line_qty_positive",
                violation_error_message=_("The quantity must be positive."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.refund_id}/{self.order_line_id}"
