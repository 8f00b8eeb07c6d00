"""Recompute every invariant from the rows."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fulfillment.selectors.books import books_check
from fulfillment.services.books import books_check_record


class Command(BaseCommand):
    """`check_books [--json] [--record]`: exit status 1 on any violation."""

    help = "Recompute every invariant of money, goods and papers from the rows."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--record", action="store_true", help="keep the result; payouts go by the last kept one"
        )

    def handle(self, *args: object, **options: object) -> None:
        """Print a table, or JSON, and fail when a law is broken."""
        if options["record"]:
            books_check_record(now=timezone.now())
        results = books_check()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(result) for result in results], indent=1))
        else:
            for result in results:
                verdict = "ok" if not result.violations else f"{result.violations} broken"
                self.stdout.write(f"{result.name:<18} {verdict:<12} {result.law}")
                for offender in result.offenders:
                    self.stdout.write(f"{'':<18} - {offender}")
        broken = [result.name for result in results if result.violations]
        if broken:
            raise CommandError(f"The books do not agree: {', '.join(broken)}")
