"""Clear away what is kept no longer, by hand or as a trial."""

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from fulfillment.services.retention import everything_clear


class Command(BaseCommand):
    """`retention_clear [--dry-run]`: what `advance` does once a night."""

    help = "Clear away what is older than its class is kept (docs/personal-data.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--dry-run", action="store_true", help="count what would go and change nothing"
        )

    def handle(self, *args: object, **options: object) -> None:
        """Clear, and print how many rows or files of each class went or would go."""
        figures = everything_clear(now=timezone.now(), is_dry_run=bool(options["dry_run"]))
        for name, rows in figures.items():
            self.stdout.write(f"{name:<14} {rows:>8}")
