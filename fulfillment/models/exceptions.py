"""Exceptions (异常): what went wrong between two counts, and who bears it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.warehouse import Drop, Tote
from orders.models.catalogue import Sku
from orders.models.claims import Claim


class Stage(models.TextChoices):
    """Between which counts something was found."""

    RECEIVE = "receive", _("Receiving")
    SORT = "sort", _("Sorting")
    WEIGH = "weigh", _("Weighing")
    LOAD = "load", _("Loading")
    HANDOVER = "handover", _("Handover")
    AFTER_SALES = "after_sales", _("After-sales")


class Cause(models.TextChoices):
    """What went wrong; papers print the letter of `CAUSE_LETTERS`."""

    SHORT = "short", _("Short")
    DAMAGED = "damaged", _("Damaged")
    QUALITY = "quality", _("Bad quality")
    WEIGHT = "weight", _("Outside the weight band")
    WRONG = "wrong", _("Wrong goods or wrong place")
    RETURNED = "returned", _("Returned")
    OVER = "over", _("More than planned")


class Bearer(models.TextChoices):
    """Who bears the loss."""

    SUPPLIER = "supplier", _("Supplier")
    WAREHOUSE = "warehouse", _("Warehouse")
    DRIVER = "driver", _("Driver")
    LEADER = "leader", _("Leader")
    OPERATOR = "operator", _("Operator")


class ExceptionCaseState(models.TextChoices):
    """Where a case stands; the moves are in `fulfillment.domain.lifecycle`."""

    OPEN = "open", _("To decide")
    DECIDED = "decided", _("Decided")


class ExceptionCase(models.Model):
    """One thing that went wrong: how many pieces, where found, why, who bears it.

    `qty` counts pieces missing from the later count; pieces too many are of
    cause `over` and explain nothing missing.
    """

    event_id = models.UUIDField(_("event"), unique=True, default=uuid.uuid4)
    run = models.ForeignKey(
        CutoffRun, on_delete=models.PROTECT, related_name="cases", verbose_name=_("cut-off run")
    )
    stage = models.CharField(_("found at"), max_length=16, choices=Stage)
    cause = models.CharField(_("cause"), max_length=16, choices=Cause)
    sku = models.ForeignKey(
        Sku,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("SKU"),
        help_text=_("Empty: goods nobody ordered."),
    )
    drop = models.ForeignKey(
        Drop,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("drop"),
    )
    tote = models.ForeignKey(
        Tote,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("tote"),
    )
    purchase_line = models.ForeignKey(
        PurchaseOrderLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("purchase order line"),
    )
    claim = models.OneToOneField(
        Claim,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="case",
        verbose_name=_("claim"),
        help_text=_("The resident's claim that the supplier is asked to bear."),
    )
    qty = models.PositiveIntegerField(_("pieces"))
    weight_g = models.PositiveIntegerField(_("weight (g)"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    photo = models.ImageField(_("photo"), upload_to="cases/", blank=True)
    proposed_bearer = models.CharField(_("proposed bearer"), max_length=16, choices=Bearer)
    bearer = models.CharField(_("bearer"), max_length=16, choices=Bearer, blank=True)
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=ExceptionCaseState,
        default=ExceptionCaseState.OPEN,
    )
    found_at = models.DateTimeField(_("found at (time)"))
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("found by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decision_note = models.CharField(_("decision"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        ordering = ["run", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=ExceptionCaseState.OPEN, bearer="")
                | (
                    models.Q(state=ExceptionCaseState.DECIDED, decided_at__isnull=False)
                    & ~models.Q(bearer="")
                ),
                name="exception_decided_names_bearer",
                violation_error_message=_("A decision names who bears the loss."),
            ),
            models.CheckConstraint(
                condition=models.Q(sku__isnull=False) | ~models.Q(note=""),
                name="exception_without_sku_is_described",
                violation_error_message=_("Describe goods that nobody ordered."),
            ),
            models.CheckConstraint(
                condition=models.Q(stage=Stage.AFTER_SALES, claim__isnull=False)
                | (~models.Q(stage=Stage.AFTER_SALES) & models.Q(claim__isnull=True)),
                name="exception_after_sales_has_claim",
                violation_error_message=_("After-sales, an exception is of a claim."),
            ),
        ]
        indexes = [models.Index(fields=["run", "stage"], name="exception_by_run_and_stage")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.stage} {self.cause}"
