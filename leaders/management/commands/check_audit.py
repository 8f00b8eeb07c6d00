"""Compute every seal of the audit log anew from its events."""

import json

from django.core.management.base import BaseCommand, CommandError, CommandParser

from leaders.selectors.audit_seals import chain_check


class Command(BaseCommand):
    """`check_audit [--json]`: exit status 1 and the first broken block, if any."""

    help = "Compute every seal of the audit log anew and name the first that does not hold."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: object, **options: object) -> None:
        """Print what holds, with the newest digest to be kept elsewhere."""
        check = chain_check()
        if options["json"]:
            told = {
                "seals": check.seals,
                "events": check.events,
                "digest": check.digest,
                "broken": str(check.broken) if check.broken else None,
            }
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(f"{check.seals} seals over {check.events} events hold")
            self.stdout.write(check.digest)
        if check.broken is not None:
            raise CommandError(f"The seal over events {check.broken} does not hold.")
