"""Supplier claims (供应商索赔) out of exceptions, and supplier statements (对账单)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.purchasing import PurchaseOrderLine, Supplier


class SupplierClaimState(models.TextChoices):
    """Where a claim stands; the moves are in `fulfillment.domain.lifecycle`."""

    RAISED = "raised", _("Raised")
    OBJECTED = "objected", _("Objected to")
    ACCEPTED = "accepted", pgettext_lazy("supplier claim", "Accepted")
    DROPPED = "dropped", _("Dropped")
    DEDUCTED = "deducted", _("Deducted")


class SupplierStatementState(models.TextChoices):
    """Where a statement stands."""

    DRAFT = "draft", _("Draft")
    CLOSED = "closed", _("Closed")
    PAID = "paid", _("Paid")


class SupplierStatement(models.Model):
    """What a supplier is owed for the days from `from_on` to `until_on`, both included."""

    statement_no = models.CharField(_("statement no."), max_length=40, unique=True)
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, related_name="statements", verbose_name=_("supplier")
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    goods_fen = models.PositiveBigIntegerField(_("goods accepted (fen)"))
    claims_fen = models.PositiveBigIntegerField(_("claims deducted (fen)"), default=0)
    due_fen = models.GeneratedField(
        expression=models.F("goods_fen") - models.F("claims_fen"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    due_on = models.DateField(_("to be paid on"))
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=SupplierStatementState,
        default=SupplierStatementState.DRAFT,
    )
    made_at = models.DateTimeField(_("made at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("supplier statement")
        verbose_name_plural = _("supplier statements")
        ordering = ["-until_on", "supplier"]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "from_on"],
                name="supplier_statement_unique",
                violation_error_message=_("This supplier already has a statement from that day."),
            ),
            models.CheckConstraint(
                condition=models.Q(from_on__lte=models.F("until_on")),
                name="supplier_statement_days_in_order",
                violation_error_message=_("A statement starts before it ends."),
            ),
            models.CheckConstraint(
                condition=models.Q(claims_fen__lte=models.F("goods_fen")),
                name="supplier_statement_claims_within_goods",
                violation_error_message=_("No more is deducted than is owed."),
            ),
        ]

    def __str__(self) -> str:
        return self.statement_no


class SupplierClaim(models.Model):
    """Money asked back from a supplier for goods it was paid or will be paid for."""

    case = models.OneToOneField(
        ExceptionCase,
        on_delete=models.PROTECT,
        related_name="supplier_claim",
        verbose_name=_("exception"),
    )
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, related_name="claims", verbose_name=_("supplier")
    )
    purchase_line = models.ForeignKey(
        PurchaseOrderLine,
        on_delete=models.PROTECT,
        related_name="claims",
        verbose_name=_("purchase order line"),
    )
    qty = models.PositiveIntegerField(_("pieces"))
    amount_fen = models.PositiveBigIntegerField(_("amount (fen)"))
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=SupplierClaimState,
        default=SupplierClaimState.RAISED,
    )
    raised_at = models.DateTimeField(_("raised at"))
    object_by = models.DateTimeField(_("may be objected to until"))
    supplier_note = models.CharField(_("supplier's note"), max_length=200, blank=True)
    decision_note = models.CharField(_("decision"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    statement = models.ForeignKey(
        SupplierStatement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name=_("deducted in"),
    )

    class Meta:
        verbose_name = _("supplier claim")
        verbose_name_plural = _("supplier claims")
        ordering = ["-raised_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=SupplierClaimState.DEDUCTED)
                | models.Q(statement__isnull=False),
                name="supplier_claim_deducted_in_statement",
                violation_error_message=_("A deduction stands in a statement."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.amount_fen}"
