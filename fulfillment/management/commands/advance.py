"""Do everything that is due now."""

import logging

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fulfillment.services.advance import due_work_begin, run_advance_due, runs_unfinished

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """`advance`: safe to call twice, at once, or late."""

    help = "Do everything that is due now: cut-offs, the steps of runs, releases."

    def handle(self, *args: object, **options: object) -> None:
        """Work through what is due; one run's failure does not stop the others."""
        for name, count in due_work_begin(now=timezone.now()).items():
            self.stdout.write(f"{name}: {count}")
        failed = []
        for run in runs_unfinished():
            try:
                step = run_advance_due(run=run, now=timezone.now())
            except Exception:  # the boundary: the next run must still be served
                logger.exception("The run of campaign %s stopped", run.campaign.code)
                failed.append(run.campaign.code)
            else:
                state = f"waits at {step}" if step else "done"
                self.stdout.write(f"{run.campaign.code}: {state}")
        if failed:
            raise CommandError(f"Runs that stopped: {', '.join(failed)}")
