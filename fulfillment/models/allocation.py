"""The allocation (分配): what each order line gets. Every paper is a projection of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.cutoff_run import CutoffRun
from orders.models.catalogue import Sku
from orders.models.orders import OrderLine


class RuleChoice(models.TextChoices):
    """Who goes without; the rules are in `fulfillment.domain.allocation`."""

    PAID_TIME = "paid_time", _("First paid, first served")
    LEADER_QUOTA = "leader_quota", _("A quota for every leader")


class AllocationCause(models.TextChoices):
    """Why the pieces of a SKU were shared out."""

    FIRST = "first", _("First allocation")
    RECOUNT = "recount", _("Counted again or arrived late")
    SORT_GAP = "sort_gap", _("Missing or left over in sorting")
    OVERRIDE = "override", _("Changed by hand")
    SUBSTITUTION = "substitution", _("Substitute given")


class Allocation(models.Model):
    """Pieces of one order line that will be handed out, and those that will not.

    Changed only by an allocation run, and then with a row of what changed.
    """

    run = models.ForeignKey(
        CutoffRun,
        on_delete=models.PROTECT,
        related_name="allocations",
        verbose_name=_("cut-off run"),
    )
    order_line = models.OneToOneField(
        OrderLine,
        on_delete=models.PROTECT,
        related_name="allocation",
        verbose_name=_("order line"),
    )
    ordered_qty = models.PositiveIntegerField(_("ordered"))
    allocated_qty = models.PositiveIntegerField(_("allocated"))
    is_fixed = models.BooleanField(
        _("fixed by hand"), default=False, help_text=_("Later runs leave it alone.")
    )
    substitute_sku = models.ForeignKey(
        Sku,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="substitutions",
        verbose_name=_("substitute"),
    )
    substitute_qty = models.PositiveIntegerField(_("substitutes given"), default=0)
    short_qty = models.GeneratedField(
        expression=models.F("ordered_qty") - models.F("allocated_qty") - models.F("substitute_qty"),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["order_line"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    ordered_qty__gte=models.F("allocated_qty") + models.F("substitute_qty")
                ),
                name="allocation_within_ordered",
                violation_error_message=_("Nobody gets more than was ordered."),
            ),
            models.CheckConstraint(
                condition=models.Q(substitute_qty=0) | models.Q(substitute_sku__isnull=False),
                name="allocation_substitute_named",
                violation_error_message=_("Say what is given instead."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id}: {self.allocated_qty}/{self.ordered_qty}"


class AllocationRun(models.Model):
    """One sharing out: of the whole demand, or of one SKU again."""

    run = models.ForeignKey(
        CutoffRun,
        on_delete=models.PROTECT,
        related_name="allocation_runs",
        verbose_name=_("cut-off run"),
    )
    seq = models.PositiveIntegerField(_("number"))
    sku = models.ForeignKey(
        Sku,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="allocation_runs",
        verbose_name=_("SKU"),
        help_text=_("Empty: all of them."),
    )
    cause = models.CharField(_("cause"), max_length=16, choices=AllocationCause)
    rule = models.CharField(_("rule"), max_length=16, choices=RuleChoice, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    gained_qty = models.PositiveIntegerField(_("pieces gained"), default=0)
    lost_qty = models.PositiveIntegerField(_("pieces lost"), default=0)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        verbose_name = _("allocation run")
        verbose_name_plural = _("allocation runs")
        ordering = ["run", "seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "seq"],
                name="allocation_run_unique",
                violation_error_message=_("This allocation run already exists."),
            ),
            models.CheckConstraint(
                condition=~models.Q(cause=AllocationCause.OVERRIDE) | ~models.Q(reason=""),
                name="allocation_override_has_reason",
                violation_error_message=_("Say why the allocation is changed by hand."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.seq}"


class AllocationChange(models.Model):
    """What one line had before an allocation run and after it; rows are only added."""

    allocation_run = models.ForeignKey(
        AllocationRun,
        on_delete=models.PROTECT,
        related_name="changes",
        verbose_name=_("allocation run"),
    )
    allocation = models.ForeignKey(
        Allocation,
        on_delete=models.PROTECT,
        related_name="changes",
        verbose_name=_("allocation"),
    )
    before_qty = models.PositiveIntegerField(_("before"))
    after_qty = models.PositiveIntegerField(_("after"))

    class Meta:
        verbose_name = _("allocation change")
        verbose_name_plural = _("allocation changes")
        ordering = ["allocation_run", "allocation"]
        constraints = [
            models.UniqueConstraint(
                fields=["allocation_run", "allocation"],
                name="allocation_change_unique",
                violation_error_message=_("This run already changed this line."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.allocation_id}: {self.before_qty} → {self.after_qty}"


class ShortageChoice(models.Model):
    """Which rule the supervisor chose for a SKU before the counts were closed."""

    run = models.ForeignKey(
        CutoffRun,
        on_delete=models.PROTECT,
        related_name="shortage_choices",
        verbose_name=_("cut-off run"),
    )
    sku = models.ForeignKey(
        Sku,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("SKU"),
        help_text=_("Empty: the whole wave."),
    )
    rule = models.CharField(_("rule"), max_length=16, choices=RuleChoice)
    chosen_at = models.DateTimeField(_("chosen at"))
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("chosen by"),
    )

    class Meta:
        verbose_name = _("shortage choice")
        verbose_name_plural = _("shortage choices")
        ordering = ["run", "sku"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "sku"],
                nulls_distinct=False,
                name="shortage_choice_unique",
                violation_error_message=_("A rule is chosen for this already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.sku_id}: {self.rule}"
