"""Write the agreement a new operator starts with; safe to run again."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from leaders.services.agreements import default_agreement_write


class Command(BaseCommand):
    """Publish the default agreement with leaders where there is none."""

    help = "Publish the default agreement with leaders where none exists."

    def handle(self, *args: object, **options: object) -> None:
        """Write what is missing and say whether it was."""
        written = default_agreement_write(now=timezone.now())
        self.stdout.write("agreement written" if written else "there is an agreement already")
