"""Prepaid orders and their lines, with what was true when they were placed."""

from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from orders.models.campaigns import Campaign, Offer
from orders.models.catalogue import Sku
from orders.models.residents import Resident


class OrderState(models.TextChoices):
    """Where an order stands; the legal moves are in `orders.domain.lifecycle`."""

    PENDING_PAYMENT = "pending_payment", _("Waiting for payment")
    PAID = "paid", _("Paid")
    FROZEN = "frozen", _("Being prepared")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    LATE_PAID = "late_paid", _("Paid too late")
    REFUNDING = "refunding", _("Being refunded")
    REFUNDED = "refunded", _("Refunded")


class OrderSource(models.TextChoices):
    """How the order came in."""

    STOREFRONT = "storefront", _("Storefront")
    IMPORT = "import", _("Import")
    PROXY = "proxy", _("Placed by the leader")
    JIELONG = "jielong", _("From a group chain")


class Order(models.Model):
    """One resident's order with one leader; name, phone and door are snapshots."""

    order_no = models.CharField(_("order no."), max_length=50, unique=True)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="orders", verbose_name=_("campaign")
    )
    leader = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="orders", verbose_name=_("leader")
    )
    pickup_point = models.ForeignKey(
        PickupPoint,
        on_delete=models.PROTECT,
        related_name="orders",
        verbose_name=_("pickup point"),
    )
    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, related_name="orders", verbose_name=_("resident")
    )
    state = models.CharField(
        _("state"), max_length=16, choices=OrderState, default=OrderState.PENDING_PAYMENT
    )
    source = models.CharField(
        _("source"), max_length=16, choices=OrderSource, default=OrderSource.STOREFRONT
    )
    source_no = models.CharField(
        _("number at the source"),
        max_length=60,
        blank=True,
        help_text=_("The order's number in the system it was imported from."),
    )
    resident_name = models.CharField(_("resident"), max_length=60)
    resident_phone = models.CharField(_("phone"), max_length=20)
    building = models.CharField(_("building"), max_length=30, blank=True)
    room = models.CharField(_("room"), max_length=30, blank=True)
    pickup_no = models.PositiveIntegerField(
        _("pickup no."),
        null=True,
        blank=True,
        help_text=_("Running number at the pickup point, given at the freeze."),
    )
    total_fen = models.PositiveBigIntegerField(_("total (fen)"))
    placed_at = models.DateTimeField(_("placed at"))
    pay_by = models.DateTimeField(
        _("pay by"), null=True, blank=True, help_text=_("Goods are held until then.")
    )
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    payer_leader = models.ForeignKey(
        Leader,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders_paid",
        verbose_name=_("paid by the leader"),
        help_text=_("Set when a leader pays for a neighbour: refunds go to the leader."),
    )
    request_key = models.CharField(
        _("request key"),
        max_length=64,
        blank=True,
        help_text=_("Made by the client: the same key places one order, however often sent."),
    )
    request_hash = models.CharField(_("request hash"), max_length=64, blank=True)
    reseller = models.ForeignKey(
        Leader,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders_resold",
        verbose_name=_("sold by"),
        help_text=_("Another leader who sold it for this one; one step, never two."),
    )
    resell_rate_bp = models.PositiveIntegerField(
        _("reseller's rate (basis points)"), null=True, blank=True
    )
    commission_plan_code = models.CharField(
        _("commission plan"),
        max_length=20,
        blank=True,
        help_text=_("As it was when the order was paid."),
    )
    commission_rate_bp = models.PositiveIntegerField(
        _("commission rate (basis points)"), null=True, blank=True
    )
    commission_hold_days = models.PositiveSmallIntegerField(
        _("days held after arrival"), null=True, blank=True
    )
    accepts_substitutes = models.BooleanField(
        _("accepts substitutes"),
        db_default=False,
        help_text=_("Like goods of no less worth may be given for what is short."),
    )

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["order_no"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=OrderState.values),
                name="order_state_known",
                violation_error_message=_("Unknown order state."),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[OrderState.PENDING_PAYMENT, OrderState.CANCELLED])
                | models.Q(paid_at__isnull=False),
                name="order_paid_has_paid_at",
                violation_error_message=_("A paid order carries the moment it was paid."),
            ),
            models.UniqueConstraint(
                fields=["campaign", "pickup_point", "pickup_no"],
                name="order_pickup_no_unique_at_point",
                violation_error_message=_("This pickup number is taken."),
            ),
            models.UniqueConstraint(
                fields=["resident", "request_key"],
                condition=~models.Q(request_key=""),
                name="order_once_per_request",
                violation_error_message=_("This request has placed an order already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(source="proxy") | models.Q(payer_leader__isnull=False),
                name="order_by_proxy_has_payer",
                violation_error_message=_("An order placed for a neighbour names who pays."),
            ),
            models.CheckConstraint(
                condition=models.Q(reseller__isnull=True, resell_rate_bp__isnull=True)
                | (
                    models.Q(reseller__isnull=False, resell_rate_bp__isnull=False)
                    & ~models.Q(reseller=models.F("leader"))
                ),
                name="order_resold_by_another_leader",
                violation_error_message=_("Who resells is another leader, at an agreed rate."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    commission_plan_code="",
                    commission_rate_bp__isnull=True,
                    commission_hold_days__isnull=True,
                )
                | (
                    ~models.Q(commission_plan_code="")
                    & models.Q(commission_rate_bp__isnull=False, commission_hold_days__isnull=False)
                ),
                name="order_commission_rule_whole",
                violation_error_message=_("An order keeps a whole commission rule or none."),
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "state"], name="order_by_campaign_state"),
            models.Index(fields=["leader", "campaign"], name="order_by_leader_campaign"),
            models.Index(
                fields=["pay_by"],
                condition=models.Q(state="pending_payment"),
                name="order_unpaid_by_pay_by",
            ),
        ]

    def __str__(self) -> str:
        return self.order_no


class OrderLine(models.Model):
    """One SKU of an order; name, unit and price are snapshots."""

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="lines", verbose_name=_("order")
    )
    line_no = models.PositiveSmallIntegerField(_("line no."))
    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, related_name="order_lines", verbose_name=_("offer")
    )
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="order_lines", verbose_name=_("SKU")
    )
    sku_name = models.CharField(_("name and spec"), max_length=120)
    unit = models.CharField(_("unit"), max_length=10)
    qty = models.PositiveIntegerField(_("quantity"))
    unit_price_fen = models.PositiveIntegerField(_("unit price (fen)"))
    commission_rate_bp = models.PositiveIntegerField(
        _("own commission rate (basis points)"),
        null=True,
        blank=True,
        help_text=_("The offer's own rate when it was placed; empty: the order's rule."),
    )
    is_void = models.BooleanField(
        _("fell out"),
        default=False,
        help_text=_("The minimum group quantity was not reached at the freeze."),
    )
    amount_fen = models.GeneratedField(
        expression=Cast("qty", models.BigIntegerField()) * models.F("unit_price_fen"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["order", "line_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "sku"],
                name="order_line_unique_sku",
                violation_error_message=_("This order already has a line of this SKU."),
            ),
            models.UniqueConstraint(
                fields=["order", "line_no"],
                name="order_line_unique_no",
                violation_error_message=_("This line number is taken."),
            ),
            models.CheckConstraint(
                condition=models.Q(qty__gt=0),
                name="order_line_qty_positive",
                violation_error_message=_("The quantity must be positive."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.line_no}"


class OrderEvent(models.Model):
    """One move of an order after it was placed; rows are only ever added.

    The freeze moves all paid orders of a campaign at once and is recorded on
    the campaign, not here.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="events", verbose_name=_("order")
    )
    from_state = models.CharField(_("from"), max_length=16, choices=OrderState)
    to_state = models.CharField(_("to"), max_length=16, choices=OrderState)
    actor = models.CharField(
        _("actor"), max_length=60, help_text=_("Who did it: resident:…, user:… or system.")
    )
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("order event")
        verbose_name_plural = _("order events")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "to_state"],
                name="order_event_once_per_state",
                violation_error_message=_("An order enters a state once."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.to_state}"
