"""Writes the demo town as a day bundle."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from fulfillment.domain.demo_town.town import DEFAULT_DAY, DEFAULT_SEED, build_town
from fulfillment.integrations.bundle_files import bundle_write


class Command(BaseCommand):
    """``write_demo_town DIR [--seed N] [--day YYYY-MM-DD]``."""

    help = "Writes the built-in demo town as a day bundle; the same seed gives the same bytes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare where to write and which town."""
        parser.add_argument("directory", type=Path, help="directory to write the files into")
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
        parser.add_argument(
            "--day", type=date.fromisoformat, default=DEFAULT_DAY, help="sales day, YYYY-MM-DD"
        )

    def handle(
        self, *args: object, directory: Path, seed: int, day: date, **options: object
    ) -> None:
        """Build the town and write it."""
        town = build_town(seed, day)
        bundle_write(directory, campaign=town.campaign, tables=town.tables)
        self.stdout.write(_("The demo town is in %(directory)s.") % {"directory": directory})
