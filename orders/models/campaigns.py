"""Campaigns (团购活动) with their clocks, and the offers (团品) they sell."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.domain.cutoff import Timeline
from orders.domain.offer_rules import OfferLimits
from orders.models.catalogue import Sku


class CampaignState(models.TextChoices):
    """Where a campaign stands; the legal moves are in `orders.domain.lifecycle`."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    CLOSING = "closing", _("Closing")
    FROZEN = "frozen", _("Cut off")
    FULFILLING = "fulfilling", _("Fulfilling")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


# Taking orders, or still taking the money of orders.
SELLING_STATES = (CampaignState.OPEN, CampaignState.CLOSING)


class ShortageRuleChoice(models.TextChoices):
    """Who gets less when the dock counts less than was sold."""

    PAID_TIME = "paid_time", _("Earliest payment first")
    LEADER_QUOTA = "leader_quota", _("Quota per leader, then earliest payment")


class Campaign(models.Model):
    """One sales window: one demand, one truth for every paper and refund."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    city = models.CharField(_("city"), max_length=60)
    state = models.CharField(
        _("state"), max_length=16, choices=CampaignState, default=CampaignState.DRAFT
    )
    shortage_rule = models.CharField(
        _("shortage rule"),
        max_length=16,
        choices=ShortageRuleChoice,
        default=ShortageRuleChoice.PAID_TIME,
    )
    opens_at = models.DateTimeField(_("opens at"))
    orders_close_at = models.DateTimeField(_("orders close at"))
    payments_close_at = models.DateTimeField(_("payments close at"))
    freeze_at = models.DateTimeField(
        _("freezes at"), help_text=_("Payments unknown at this moment stay out.")
    )
    delivery_date = models.DateField(_("delivery date"))
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("orders_close_at"))
                & models.Q(orders_close_at__lt=models.F("payments_close_at"))
                & models.Q(payments_close_at__lte=models.F("freeze_at")),
                name="campaign_clocks_in_order",
                violation_error_message=_(
                    "A campaign opens, closes for orders, closes for payments and "
                    "freezes in this order."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=CampaignState.values),
                name="campaign_state_known",
                violation_error_message=_("Unknown campaign state."),
            ),
            models.CheckConstraint(
                condition=models.Q(shortage_rule__in=ShortageRuleChoice.values),
                name="campaign_shortage_rule_known",
                violation_error_message=_("Unknown shortage rule."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def timeline(self) -> Timeline:
        """The campaign's clocks; raises `ClocksOutOfOrder` if nobody could keep them."""
        return Timeline(
            opens_at=self.opens_at,
            orders_close_at=self.orders_close_at,
            payments_close_at=self.payments_close_at,
            freeze_at=self.freeze_at,
        )


class StrikeMeaning(models.TextChoices):
    """What a struck-through price is; the law asks that it be said."""

    FORMER = "former", _("Our own lowest price of the last days")
    SUGGESTED = "suggested", _("The maker's suggested price")
    MARKET = "market", _("The price at a named market")


class BelowCostReason(models.TextChoices):
    """Why goods may be sold for less than they cost (Price Law, article 14)."""

    MARKDOWN = "markdown", _("Fresh goods that must be sold")
    SEASONAL = "seasonal", _("Seasonal goods")
    OVERSTOCK = "overstock", _("Overstock")
    CLOSING = "closing", _("The line is given up")


class Offer(models.Model):
    """A SKU in a campaign at its price; without a cap it can be sold without end."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="offers", verbose_name=_("campaign")
    )
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="offers", verbose_name=_("SKU")
    )
    price_fen = models.PositiveIntegerField(_("price (fen)"))
    stock_cap = models.PositiveIntegerField(_("stock cap"), null=True, blank=True)
    per_resident_limit = models.PositiveIntegerField(_("limit per resident"), null=True, blank=True)
    min_group_qty = models.PositiveIntegerField(
        _("minimum group quantity"),
        null=True,
        blank=True,
        help_text=_("Fewer paid pieces than this at the freeze: every line goes back."),
    )
    sells_from = models.DateTimeField(
        _("sells from"), null=True, blank=True, help_text=_("Empty: from the opening.")
    )
    sells_until = models.DateTimeField(
        _("sells until"), null=True, blank=True, help_text=_("Empty: until orders close.")
    )
    stock_buckets = models.PositiveSmallIntegerField(
        _("stock buckets"),
        default=1,
        help_text=_("More than one lets a rush on capped goods through side by side."),
    )
    commission_rate_bp = models.PositiveIntegerField(
        _("commission rate (basis points)"),
        null=True,
        blank=True,
        help_text=_("Empty: the leader's plan decides."),
    )
    is_all_or_nothing = models.BooleanField(
        _("all or nothing"),
        default=False,
        help_text=_("A line of it comes whole or not at all, like a gift set."),
    )
    strike_price_fen = models.PositiveIntegerField(
        _("struck-through price (fen)"), null=True, blank=True
    )
    strike_meaning = models.CharField(
        _("what it is"), max_length=16, choices=StrikeMeaning, blank=True, db_default=""
    )
    strike_source = models.CharField(
        _("where it is from"),
        max_length=120,
        blank=True,
        db_default="",
        help_text=_("The maker's list, or the market and the day."),
    )
    below_cost_reason = models.CharField(
        _("reason to sell below cost"),
        max_length=16,
        choices=BelowCostReason,
        blank=True,
        db_default="",
    )
    below_cost_note = models.CharField(_("note"), max_length=200, blank=True, db_default="")
    below_cost_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    below_cost_approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["campaign", "sku"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "sku"],
                name="offer_unique_in_campaign",
                violation_error_message=_("This campaign already offers this SKU."),
            ),
            models.CheckConstraint(
                condition=models.Q(commission_rate_bp__isnull=True)
                | models.Q(commission_rate_bp__lte=3000),
                name="offer_commission_at_most_30_percent",
                violation_error_message=_("A commission rate is at most 30 %."),
            ),
            models.CheckConstraint(
                condition=models.Q(sells_from__isnull=True)
                | models.Q(sells_until__isnull=True)
                | models.Q(sells_from__lt=models.F("sells_until")),
                name="offer_slot_begins_before_it_ends",
                violation_error_message=_("A flash-sale slot begins before it ends."),
            ),
            models.CheckConstraint(
                condition=models.Q(strike_price_fen__isnull=True, strike_meaning="")
                | (
                    models.Q(strike_price_fen__gt=models.F("price_fen"))
                    & models.Q(strike_meaning__in=StrikeMeaning.values)
                ),
                name="offer_strike_price_has_meaning",
                violation_error_message=_(
                    "A struck-through price is above the price, and says what it is."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    below_cost_approved_by__isnull=True, below_cost_approved_at__isnull=True
                )
                | (
                    models.Q(
                        below_cost_approved_by__isnull=False, below_cost_approved_at__isnull=False
                    )
                    & ~models.Q(below_cost_reason="")
                ),
                name="offer_below_cost_approved_with_reason",
                violation_error_message=_("A price below cost is approved with its reason."),
            ),
            models.CheckConstraint(
                condition=models.Q(stock_buckets__range=(1, 32)),
                name="offer_stock_buckets_1_to_32",
                violation_error_message=_("Stock is kept in 1 to 32 buckets."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.sku_id}"

    @property
    def limits(self) -> OfferLimits:
        """What bounds its sale, for the rules of `orders.domain.offer_rules`."""
        return OfferLimits(
            stock_cap=self.stock_cap,
            stock_buckets=self.stock_buckets,
            per_resident_limit=self.per_resident_limit,
            min_group_qty=self.min_group_qty,
            sells_from=self.sells_from,
            sells_until=self.sells_until,
        )
