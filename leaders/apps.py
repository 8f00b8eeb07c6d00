"""The leaders app as Django knows it."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from leaders.checks import check_geocoder


class LeadersConfig(AppConfig):
    name = "leaders"
    verbose_name = _("Leaders")

    def ready(self) -> None:
        """Have the address search checked with Django's own checks."""
        register(check_geocoder)
