"""Presets (开团模板): what a weekday usually sells, ready to become a draft."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.catalogue import Sku


class Weekday(models.IntegerChoices):
    """Days of the week as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class CampaignPreset(models.Model):
    """The clocks of a usual campaign, in the operator's time zone."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    city = models.CharField(_("city"), max_length=60)
    weekday = models.PositiveSmallIntegerField(
        _("weekday"),
        choices=Weekday,
        null=True,
        blank=True,
        help_text=_("The day it sells on. Empty: any day."),
    )
    opens_time = models.TimeField(_("opens at"))
    orders_close_time = models.TimeField(_("orders close at"))
    payment_minutes = models.PositiveSmallIntegerField(_("minutes to pay after that"), default=5)
    freeze_minutes = models.PositiveSmallIntegerField(
        _("minutes until the freeze after that"), default=5
    )
    delivery_days = models.PositiveSmallIntegerField(
        _("days until delivery"), default=1, help_text=_("More than one is a presale.")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("campaign preset")
        verbose_name_plural = _("campaign presets")
        ordering = ["city", "weekday", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekday__isnull=True) | models.Q(weekday__lte=6),
                name="campaign_preset_weekday_known",
                violation_error_message=_("Unknown weekday."),
            ),
            models.CheckConstraint(
                condition=models.Q(opens_time__lt=models.F("orders_close_time")),
                name="campaign_preset_opens_before_it_closes",
                violation_error_message=_("A campaign opens before it closes."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PresetLine(models.Model):
    """One SKU of a preset; without a price the newest one counts."""

    preset = models.ForeignKey(
        CampaignPreset,
        on_delete=models.CASCADE,
        related_name="lines",
        verbose_name=_("campaign preset"),
    )
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="preset_lines", verbose_name=_("SKU")
    )
    price_fen = models.PositiveIntegerField(_("price (fen)"), null=True, blank=True)
    stock_cap = models.PositiveIntegerField(_("stock cap"), null=True, blank=True)
    per_resident_limit = models.PositiveIntegerField(_("limit per resident"), null=True, blank=True)
    sells_from_time = models.TimeField(_("sells from"), null=True, blank=True)
    sells_until_time = models.TimeField(_("sells until"), null=True, blank=True)

    class Meta:
        verbose_name = _("preset line")
        verbose_name_plural = _("preset lines")
        ordering = ["preset", "sku"]
        constraints = [
            models.UniqueConstraint(
                fields=["preset", "sku"],
                name="preset_line_unique_sku",
                violation_error_message=_("This preset already has this SKU."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.preset_id} {self.sku_id}"
