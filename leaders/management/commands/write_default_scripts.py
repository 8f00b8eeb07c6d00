"""Write the scripts a new operator starts with; safe to run again."""

from django.core.management.base import BaseCommand

from leaders.services.scripts import default_scripts_write


class Command(BaseCommand):
    """Fill an empty library of scripts."""

    help = "Write the default scripts where the library is empty."

    def handle(self, *args: object, **options: object) -> None:
        """Write what is missing and say how much."""
        self.stdout.write(f"{default_scripts_write()} scripts written")
