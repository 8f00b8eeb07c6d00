"""Suppliers (供应商), what they offer, and purchase orders (采购单)."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from fulfillment.models.cutoff_run import CutoffRun
from orders.models.catalogue import Sku


class PurchaseOrderState(models.TextChoices):
    """Where a purchase order stands."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    CONFIRMED = "confirmed", _("Confirmed")
    CONFIRMED_SHORT = "confirmed_short", _("Confirmed short")
    RECEIVED = "received", _("Goods received")
    CANCELLED = "cancelled", _("Cancelled")


class Supplier(models.Model):
    """Who we buy from."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    min_order_fen = models.PositiveBigIntegerField(_("minimum order (fen)"), default=0)
    slot_start = models.TimeField(_("dock slot"), null=True, blank=True)
    is_market = models.BooleanField(
        _("wholesale market"),
        default=False,
        help_text=_("Bought there by hand from a shopping list; nothing is sent."),
    )
    confirm_minutes = models.PositiveSmallIntegerField(
        _("minutes to confirm"), default=15, help_text=_("After an order was sent.")
    )
    terms_days = models.PositiveSmallIntegerField(_("payment terms (days)"), default=7)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class SupplierOffer(models.Model):
    """A supplier's terms for a SKU; the lowest rank is asked first."""

    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, related_name="offers", verbose_name=_("supplier")
    )
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="supplier_offers", verbose_name=_("SKU")
    )
    pack_factor = models.PositiveIntegerField(_("pieces per pack"))
    cost_fen = models.PositiveIntegerField(_("cost per piece (fen)"))
    min_order_qty = models.PositiveIntegerField(_("minimum order (pieces)"), default=0)
    valid_from = models.DateField(
        _("valid from"), null=True, blank=True, help_text=_("Empty: since ever.")
    )
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day; empty: no end.")
    )
    rank = models.PositiveSmallIntegerField(_("rank"), default=1)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("supplier offer")
        verbose_name_plural = _("supplier offers")
        ordering = ["sku", "rank", "supplier"]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "sku"],
                name="supplier_offer_unique",
                violation_error_message=_("This supplier already offers this SKU."),
            ),
            models.CheckConstraint(
                condition=models.Q(pack_factor__gt=0),
                name="supplier_offer_pack_positive",
                violation_error_message=_("A pack holds at least one piece."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_from__lte=models.F("valid_until")),
                name="supplier_offer_valid_in_order",
                violation_error_message=_("An offer starts before it ends."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.sku_id}"


class PriceTier(models.Model):
    """A lower cost from so many pieces on, on one order."""

    offer = models.ForeignKey(
        SupplierOffer,
        on_delete=models.CASCADE,
        related_name="tiers",
        verbose_name=_("supplier offer"),
    )
    from_qty = models.PositiveIntegerField(_("from (pieces)"))
    cost_fen = models.PositiveIntegerField(_("cost per piece (fen)"))

    class Meta:
        verbose_name = _("price tier")
        verbose_name_plural = _("price tiers")
        ordering = ["offer", "from_qty"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "from_qty"],
                name="price_tier_unique",
                violation_error_message=_("This offer already has a tier from this quantity."),
            ),
            models.CheckConstraint(
                condition=models.Q(from_qty__gt=1),
                name="price_tier_from_two",
                violation_error_message=_("The first piece has the offer's own price."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} ≥{self.from_qty}"


class PurchaseOrder(models.Model):
    """What one supplier is to bring for one run."""

    po_no = models.CharField(_("purchase order no."), max_length=40, unique=True)
    run = models.ForeignKey(
        CutoffRun,
        on_delete=models.PROTECT,
        related_name="purchase_orders",
        verbose_name=_("cut-off run"),
    )
    supplier = models.ForeignKey(
        Supplier,
        on_delete=models.PROTECT,
        related_name="purchase_orders",
        verbose_name=_("supplier"),
    )
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=PurchaseOrderState,
        default=PurchaseOrderState.DRAFT,
    )
    amount_fen = models.PositiveBigIntegerField(_("amount (fen)"))
    min_order_gap_fen = models.PositiveBigIntegerField(
        _("below the supplier's minimum by (fen)"), default=0
    )
    seq = models.PositiveSmallIntegerField(
        _("number in the run"),
        default=1,
        help_text=_("1 for the order of the cut-off; later ones take over what others cannot."),
    )
    created_at = models.DateTimeField(_("created at"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approval_note = models.CharField(
        _("why approved"), max_length=200, blank=True, help_text=_("Needed when rules object.")
    )
    confirm_by = models.DateTimeField(_("to be confirmed by"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    slot_offered = models.TimeField(_("slot offered"), null=True, blank=True)
    supplier_note = models.CharField(_("supplier's note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        ordering = ["po_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "supplier", "seq"],
                name="purchase_order_unique_in_run",
                violation_error_message=_("This run already has this order to this supplier."),
            ),
        ]

    def __str__(self) -> str:
        return self.po_no


class LineEnd(models.TextChoices):
    """Why a purchase line is no longer bought from its supplier."""

    MOVED = "moved", _("Moved to another supplier")
    GIVEN_UP = "given_up", _("Not bought; residents are refunded")


class PurchaseOrderLine(models.Model):
    """One SKU of a purchase order: what was sold, and the packs that cover it.

    The need of a moved line stands again on the line it moved to; the needs of
    all others add up to the demand less what lies left over.
    """

    purchase_order = models.ForeignKey(
        PurchaseOrder,
        on_delete=models.PROTECT,
        related_name="lines",
        verbose_name=_("purchase order"),
    )
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="purchase_lines", verbose_name=_("SKU")
    )
    need_qty = models.PositiveIntegerField(_("needed"))
    pack_factor = models.PositiveIntegerField(_("pieces per pack"))
    packs = models.PositiveIntegerField(_("packs"))
    unit_cost_fen = models.PositiveIntegerField(_("cost per piece (fen)"))
    confirmed_qty = models.PositiveIntegerField(_("confirmed"), null=True, blank=True)
    ended_as = models.CharField(
        _("no longer bought"), max_length=16, choices=LineEnd, blank=True, default=""
    )
    ended_reason = models.CharField(_("why no longer bought"), max_length=200, blank=True)
    ordered_qty = models.GeneratedField(
        expression=models.F("packs") * models.F("pack_factor"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    surplus_qty = models.GeneratedField(
        expression=models.F("packs") * models.F("pack_factor") - models.F("need_qty"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    amount_fen = models.GeneratedField(
        expression=Cast("packs", models.BigIntegerField())
        * models.F("pack_factor")
        * models.F("unit_cost_fen"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("purchase order line")
        verbose_name_plural = _("purchase order lines")
        ordering = ["purchase_order", "sku"]
        constraints = [
            models.UniqueConstraint(
                fields=["purchase_order", "sku"],
                name="purchase_line_unique",
                violation_error_message=_("This order already has a line of this SKU."),
            ),
            models.CheckConstraint(
                condition=models.Q(need_qty__gt=0, packs__gt=0, pack_factor__gt=0),
                name="purchase_line_positive",
                violation_error_message=_("Need, packs and pack size must be positive."),
            ),
            models.CheckConstraint(
                condition=models.Q(need_qty__lte=models.F("packs") * models.F("pack_factor")),
                name="purchase_line_covers_need",
                violation_error_message=_("The packs must cover what was sold."),
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_qty__isnull=True)
                | models.Q(confirmed_qty__lte=models.F("packs") * models.F("pack_factor")),
                name="purchase_line_confirmed_within_ordered",
                violation_error_message=_("Nobody confirms more than was ordered."),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_as="") | ~models.Q(ended_reason=""),
                name="purchase_line_end_has_reason",
                violation_error_message=_("Say why this is no longer bought."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purchase_order_id} {self.sku_id}"
