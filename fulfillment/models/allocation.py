"""The allocation (分配): what each order line gets. Every paper is a projection of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.cutoff_run import CutoffRun
from orders.models.orders import OrderLine


class Allocation(models.Model):
    """Pieces of one order line that will be handed out, and those that will not."""

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
    short_qty = models.GeneratedField(
        expression=models.F("ordered_qty") - models.F("allocated_qty"),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["order_line"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(allocated_qty__lte=models.F("ordered_qty")),
                name="allocation_within_ordered",
                violation_error_message=_("Nobody gets more than was ordered."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id}: {self.allocated_qty}/{self.ordered_qty}"
