"""`manage.py write_default_levels`: the levels a new operator starts with."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from leaders.services.levels import default_levels_write


class Command(BaseCommand):
    """Writes the default levels and their plans where there are none; safe to call again."""

    help = "Writes the default levels of leaders with their commission plans where none exist."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write what is missing and say how many levels that were."""
        written = default_levels_write()
        self.stdout.write(_("{count} levels written").format(count=written))
