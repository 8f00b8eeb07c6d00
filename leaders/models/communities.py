"""Residential communities, the neighbourhoods that leaders serve."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Community(models.Model):
    """A residential community (小区)."""

    name = models.CharField(_("name"), max_length=120)
    district = models.CharField(_("district"), max_length=60, blank=True)
    city = models.CharField(
        _("city"),
        max_length=60,
        blank=True,
        db_default="",
        help_text=_("Its points sell the campaigns of this city only. Empty: of every city."),
    )
    households = models.PositiveIntegerField(_("households"), default=0)

    class Meta:
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        ordering = ["district", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "name"],
                name="community_unique_in_district",
                violation_error_message=_("This district already has a community of that name."),
            )
        ]

    def __str__(self) -> str:
        return self.name
