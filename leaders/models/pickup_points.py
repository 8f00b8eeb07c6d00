"""Pickup points (自提点): where goods land, apart from who runs them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leaders.models.communities import Community
from leaders.models.leaders import Leader


class VehicleSize(models.IntegerChoices):
    """How large a vehicle is; a door or an hour may be closed to the larger."""

    MICRO_VAN = 1, _("Micro van")
    VAN = 2, _("Van")
    TRUCK = 3, _("Truck")


class PickupPoint(models.Model):
    """A place with opening hours; coordinates are WGS-84 degrees."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    leader = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="pickup_points", verbose_name=_("leader")
    )
    community = models.ForeignKey(
        Community,
        on_delete=models.PROTECT,
        related_name="pickup_points",
        verbose_name=_("community"),
    )
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=200)
    lng = models.FloatField(_("longitude (WGS-84)"))
    lat = models.FloatField(_("latitude (WGS-84)"))
    opens_at = models.TimeField(_("opens at"))
    closes_at = models.TimeField(_("closes at"))
    prefers_until = models.TimeField(
        _("should arrive by"),
        null=True,
        blank=True,
        help_text=_("A delivery after this is late, and still taken until the point closes."),
    )
    unload_minutes = models.PositiveSmallIntegerField(_("unloading minutes"), default=4)
    stair_floors = models.PositiveSmallIntegerField(
        _("floors without a lift"),
        default=0,
        help_text=_("Every tote is carried up or down so many floors."),
    )
    largest_vehicle = models.PositiveSmallIntegerField(
        _("largest vehicle that reaches the door"),
        choices=VehicleSize,
        null=True,
        blank=True,
    )
    trucks_from = models.TimeField(
        _("no trucks before"),
        null=True,
        blank=True,
        help_text=_("Where trucks may not drive or make noise early in the morning."),
    )
    is_priority = models.BooleanField(_("served first when vehicles run out"), default=False)
    is_open = models.BooleanField(_("open for business"), default=True)
    is_bagged = models.BooleanField(
        _("bagged in the warehouse"),
        default=False,
        help_text=_("The warehouse packs a bag per household and labels it."),
    )

    class Meta:
        verbose_name = _("pickup point")
        verbose_name_plural = _("pickup points")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lng__range=(73, 136), lat__range=(3, 54)),
                name="pickup_point_in_china",
                violation_error_message=_("The place lies outside China."),
            ),
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("closes_at")),
                name="pickup_point_opens_before_it_closes",
                violation_error_message=_("The point must open before it closes."),
            ),
            models.CheckConstraint(
                condition=models.Q(prefers_until__isnull=True)
                | models.Q(
                    prefers_until__gte=models.F("opens_at"),
                    prefers_until__lte=models.F("closes_at"),
                ),
                name="pickup_point_prefers_within_hours",
                violation_error_message=_("A delivery can be wished for within the hours only."),
            ),
            models.CheckConstraint(
                condition=models.Q(largest_vehicle__isnull=True)
                | models.Q(largest_vehicle__in=VehicleSize.values),
                name="pickup_point_vehicle_size_known",
                violation_error_message=_("Unknown vehicle size."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
