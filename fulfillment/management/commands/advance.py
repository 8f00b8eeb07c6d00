"""Do everything that is due now."""

import logging

from django.core.management.base import BaseCommand, CommandError

from fulfillment.services.advance import (
    DueWork,
    due_work_begin,
    due_work_outward,
    run_advance_due,
    runs_unfinished,
)
from orders.selectors.clock import database_now

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """`advance`: safe to call twice, at once, or late; needs no broker."""

    help = "Do everything that is due now: cut-offs, runs, payments, refunds, messages, bills."

    def handle(self, *args: object, **options: object) -> None:
        """Work through what is due; what fails does not stop the rest, and is named at the end."""
        failed = [*self._told(due_work_begin(now=database_now()))]
        # Before the runs: payments in time still count when nobody called for an hour.
        failed += self._told(due_work_outward())
        failed += self._runs_advance()
        if failed:
            raise CommandError(f"Stopped: {', '.join(failed)}")

    def _told(self, work: DueWork) -> tuple[str, ...]:
        for name, count in work.figures.items():
            self.stdout.write(f"{name}: {count}")
        return work.failed

    def _runs_advance(self) -> list[str]:
        failed = []
        for run in runs_unfinished():
            try:
                step = run_advance_due(run=run, now=database_now())
            except Exception:  # the boundary: the next run must still be served
                logger.exception("The run of campaign %s stopped", run.campaign.code)
                failed.append(f"the run of {run.campaign.code}")
            else:
                state = f"waits at {step}" if step else "done"
                self.stdout.write(f"{run.campaign.code}: {state}")
        return failed
