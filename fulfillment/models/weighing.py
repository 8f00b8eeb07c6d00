"""Catch weight (称重): scales and the portions weighed on them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.allocation import Allocation
from fulfillment.models.warehouse import Warehouse


class Scale(models.Model):
    """A scale of the warehouse; trade scales need a valid verification (计量法 art. 9)."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, related_name="scales", verbose_name=_("warehouse")
    )
    certificate_no = models.CharField(_("verification no."), max_length=60)
    verified_until = models.DateField(_("verified until"))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("scale")
        verbose_name_plural = _("scales")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class WeighedPortion(models.Model):
    """One portion on the scale, in grams; rows are only added.

    A wrong weighing is undone by a row of its own (`undoes`), which counts
    nothing and takes the other out of every sum.
    """

    event_id = models.UUIDField(_("event"), unique=True, default=uuid.uuid4)
    allocation = models.ForeignKey(
        Allocation, on_delete=models.PROTECT, related_name="portions", verbose_name=_("allocation")
    )
    portion_no = models.PositiveIntegerField(_("portion"))
    nominal_g = models.PositiveIntegerField(
        _("sold as (g)"),
        help_text=_("What a piece was sold as; a later change of the SKU changes no settlement."),
    )
    gross_g = models.PositiveIntegerField(_("gross (g)"))
    tare_g = models.PositiveIntegerField(_("tare (g)"), default=0)
    net_g = models.GeneratedField(
        expression=models.F("gross_g") - models.F("tare_g"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    undoes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_by",
        verbose_name=_("undoes"),
    )
    approval_note = models.CharField(_("why outside the band"), max_length=200, blank=True)
    scale = models.ForeignKey(
        Scale, on_delete=models.PROTECT, related_name="portions", verbose_name=_("scale")
    )
    weighed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("weighed by"),
    )
    weighed_at = models.DateTimeField(_("weighed at"))

    class Meta:
        verbose_name = _("weighed portion")
        verbose_name_plural = _("weighed portions")
        ordering = ["allocation", "portion_no", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(nominal_g__gt=0),
                name="weighed_portion_was_sold_as_something",
                violation_error_message=_("A piece is sold as some weight."),
            ),
            models.CheckConstraint(
                condition=models.Q(gross_g__gt=models.F("tare_g")),
                name="weighed_portion_weighs_something",
                violation_error_message=_("The gross weight is above the tare."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.allocation_id}/{self.portion_no}"
