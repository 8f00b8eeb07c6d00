"""Write the rules a new operator starts with; safe to run again."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from orders.services.legal import default_rules_write


class Command(BaseCommand):
    """Publish terms, privacy notice and after-sales rules where there are none."""

    help = "Publish the default terms, privacy notice and after-sales rules where none exist."

    def handle(self, *args: object, **options: object) -> None:
        """Write what is missing and say how many pages that were."""
        written = default_rules_write(now=timezone.now())
        self.stdout.write(f"{written} pages of rules written")
