"""Prepayments (预付款) and refunds (退款)."""

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from orders.models.orders import Order, OrderLine


class PaymentState(models.TextChoices):
    """Where a payment attempt stands."""

    CREATED = "created", _("Created")
    SUBMITTED = "submitted", _("Waiting for the resident")
    UNKNOWN = "unknown", _("Unknown")
    SUCCEEDED = "succeeded", _("Succeeded")
    CLOSED = "closed", _("Closed")
    FAILED = "failed", _("Failed")


class PayMethod(models.TextChoices):
    """How a resident is brought to the provider."""

    PAGE = "page", _("Payment page")
    JSAPI = "jsapi", _("Inside WeChat")
    H5 = "h5", _("Mobile browser")
    NATIVE = "native", _("QR code")


class Verdict(models.TextChoices):
    """What became of money that came in; the rule is `orders.domain.cutoff.judge_payment`."""

    PAID = "paid", _("Paid")
    REFUND_LATE = "refund_late", _("Too late, refunded")
    REFUND_AFTER_FREEZE = "refund_after_freeze", _("Known after the freeze, refunded")
    REFUND_DUPLICATE = "refund_duplicate", _("Not needed, refunded")
    HOLD_IN_SUSPENSE = "hold_in_suspense", _("Wrong amount, to be cleared up")


class RefundState(models.TextChoices):
    """Where a refund stands; `requested` is due and booked, not yet paid out."""

    REQUESTED = "requested", _("Requested")
    SUBMITTED = "submitted", _("Sent to the provider")
    SUCCEEDED = "succeeded", _("Succeeded")
    ABNORMAL = "abnormal", _("Abnormal")
    CLOSED = "closed", _("Closed by the provider")


class RefundReason(models.TextChoices):
    """Why money goes back."""

    SHORTAGE = "shortage", _("Shortage")
    LATE_PAYMENT = "late_payment", _("Late payment")
    DUPLICATE_PAYMENT = "duplicate_payment", _("Payment not needed")
    CANCELLATION = "cancellation", _("Cancelled by the resident")
    GROUP_NOT_REACHED = "group_not_reached", _("Minimum group quantity not reached")
    AFTER_SALES = "after_sales", _("After-sales")
    SHORT_WEIGHT = "short_weight", _("Short weight")


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
    method = models.CharField(_("method"), max_length=16, choices=PayMethod, default=PayMethod.PAGE)
    verdict = models.CharField(_("verdict"), max_length=24, choices=Verdict, blank=True)
    amount_fen = models.PositiveBigIntegerField(_("amount (fen)"))
    received_fen = models.PositiveBigIntegerField(
        _("received (fen)"), null=True, blank=True, help_text=_("What the provider says came in.")
    )
    refund_reserved_fen = models.PositiveBigIntegerField(_("refunds (fen)"), default=0)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    succeeded_at = models.DateTimeField(_("succeeded at"), null=True, blank=True)
    transaction_id = models.CharField(_("provider's no."), max_length=64, blank=True)
    handle = models.JSONField(
        _("payment handle"),
        default=dict,
        blank=True,
        help_text=_("What the resident's phone needs to open the provider's cashier."),
    )
    queries = models.PositiveIntegerField(_("queries"), default=0)
    next_query_at = models.DateTimeField(_("next query at"), null=True, blank=True)

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
                condition=models.Q(refund_reserved_fen__lte=Coalesce("received_fen", "amount_fen")),
                name="payment_refunds_within_received",
                violation_error_message=_("Never refund more than was paid."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PaymentState.SUCCEEDED)
                | models.Q(succeeded_at__isnull=False),
                name="payment_succeeded_has_moment",
                violation_error_message=_("A successful payment carries its moment."),
            ),
            models.CheckConstraint(
                condition=models.Q(state=PaymentState.SUCCEEDED, verdict__in=Verdict.values)
                | (~models.Q(state=PaymentState.SUCCEEDED) & models.Q(verdict="")),
                name="payment_succeeded_has_verdict",
                violation_error_message=_("A successful payment, and no other, has a verdict."),
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(verdict=Verdict.PAID),
                name="payment_one_counts_per_order",
                violation_error_message=_("This order is paid already."),
            ),
            models.UniqueConstraint(
                fields=["provider", "transaction_id"],
                condition=~models.Q(transaction_id=""),
                name="payment_unique_transaction",
                violation_error_message=_("This transaction is known already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_query_at"],
                condition=models.Q(next_query_at__isnull=False),
                name="payment_by_next_query",
            ),
        ]

    def __str__(self) -> str:
        return self.out_trade_no

    @property
    def came_in_fen(self) -> int:
        """What came in: by the provider's word, or as asked where nobody was asked."""
        return self.amount_fen if self.received_fen is None else self.received_fen


class Refund(models.Model):
    """Money that goes back on one payment for one reason, as one batch of lines."""

    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("payment")
    )
    out_refund_no = models.CharField(_("refund no."), max_length=64, unique=True)
    reason = models.CharField(_("reason"), max_length=24, choices=RefundReason)
    state = models.CharField(
        _("state"), max_length=16, choices=RefundState, default=RefundState.REQUESTED
    )
    amount_fen = models.PositiveBigIntegerField(_("amount (fen)"))
    requested_at = models.DateTimeField(_("requested at"))
    succeeded_at = models.DateTimeField(_("succeeded at"), null=True, blank=True)
    provider_refund_id = models.CharField(_("provider's no."), max_length=64, blank=True)
    billed_on = models.DateField(
        _("billed on"),
        null=True,
        blank=True,
        help_text=_("The day of the provider's bill that lists it: when it was accepted."),
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(
        _("next attempt at"),
        null=True,
        blank=True,
        help_text=_("Empty: nothing to do, or the provider takes no orders from us."),
    )
    error = models.CharField(_("error"), max_length=200, blank=True)

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
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(next_attempt_at__isnull=False),
                name="refund_by_next_attempt",
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


class PaymentNotice(models.Model):
    """The inbox: one row per notice of a provider that was genuine, kept for good.

    The row and what the notice changed are committed together, so a notice
    that is known has had its effect.
    """

    provider = models.CharField(_("provider"), max_length=20)
    notice_id = models.CharField(_("notice no."), max_length=64)
    body_hash = models.CharField(_("hash"), max_length=64)
    result = models.CharField(_("result"), max_length=40)
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("payment notice")
        verbose_name_plural = _("payment notices")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "notice_id"],
                name="payment_notice_unique",
                violation_error_message=_("This notice has been counted already."),
            ),
        ]

    def __str__(self) -> str:
        return self.notice_id


class SandboxTrade(models.Model):
    """The memory of the sandbox provider, as a real one would keep it on its side."""

    out_trade_no = models.CharField(_("merchant order no."), max_length=50, unique=True)
    amount_fen = models.PositiveBigIntegerField(_("amount (fen)"))
    description = models.CharField(_("description"), max_length=120)
    expires_at = models.DateTimeField(_("expires at"))
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("sandbox trade")
        verbose_name_plural = _("sandbox trades")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.out_trade_no


class SandboxRefund(models.Model):
    """A refund on the sandbox provider's side."""

    trade = models.ForeignKey(
        SandboxTrade, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("trade")
    )
    out_refund_no = models.CharField(_("refund no."), max_length=64, unique=True)
    amount_fen = models.PositiveBigIntegerField(_("amount (fen)"))
    refunded_at = models.DateTimeField(_("refunded at"))

    class Meta:
        verbose_name = _("sandbox refund")
        verbose_name_plural = _("sandbox refunds")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.out_refund_no
