"""The fulfillment app as Django knows it."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from fulfillment.checks import check_fonts, check_templates, check_travel


class FulfillmentConfig(AppConfig):
    name = "fulfillment"
    verbose_name = _("Buying, receiving and delivery")

    def ready(self) -> None:
        """Have what papers and plans need checked with Django's own checks."""
        register(check_fonts)
        register(check_templates)
        register(check_travel)
