"""Play one whole day from a bundle."""

import resource
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext
from tqdm import tqdm

from fulfillment.domain.bundle import DayBundle
from fulfillment.domain.cutoff_run import Step
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.services.day_bundle import bundle_notes, bundle_open
from fulfillment.services.day_export import DayMeasures, day_export
from fulfillment.services.day_import import day_import
from fulfillment.services.delivery import PlanBudget
from fulfillment.services.demo_fleet import demo_fleet_equip
from fulfillment.services.play_day import day_play
from leaders.errors import DomainError


class Command(BaseCommand):
    """`play_day`: resumable, and without effect on a day that is complete."""

    help = "Play a day bundle from its orders to its papers and checked books."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--data", type=Path, required=True, help="the day bundle")
        parser.add_argument("--out", type=Path, required=True, help="where to write the results")
        parser.add_argument("--solver-seconds", type=int, default=settings.SOLVER_SECONDS)
        parser.add_argument("--seed", type=int, default=settings.SOLVER_SEED)
        parser.add_argument(
            "--demo-fleet", action="store_true", help="give vehicles drivers, sizes and room first"
        )
        parser.add_argument("--no-prints", action="store_true", help="leave the papers out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, play and export the day; say in a sentence what stopped it."""
        try:
            bundle = bundle_open(options["data"])
            started = time.monotonic()
            imported = day_import(bundle=bundle, notes=bundle_notes(bundle), now=timezone.now())
            import_s = time.monotonic() - started if imported.is_new else None
            if options["demo_fleet"]:
                demo_fleet_equip()
            self._play(imported.run, bundle, options)
            summary = day_export(
                run=imported.run,
                directory=options["out"],
                measures=DayMeasures(
                    leaders=len(bundle.leaders),
                    import_s=import_s,
                    peak_memory_mb=_peak_memory_mb(),
                ),
            )
        except DomainError as error:
            details = ", ".join(f"{name}: {value}" for name, value in error.details.items())
            raise CommandError(f"{gettext(error.message)} ({details})") from error
        for name, value in summary.items():
            self.stdout.write(f"{name}: {value}")

    def _play(self, run: CutoffRun, bundle: DayBundle, options: dict[str, Any]) -> None:
        with tqdm(total=len(Step), unit="step", file=sys.stderr, disable=None) as bar:

            def show(step: Step, done: int, total: int) -> None:
                bar.n = list(Step).index(step)
                bar.set_postfix_str(f"{step} {done}/{total}")

            day_play(
                run=run,
                bundle=bundle,
                budget=PlanBudget(seconds=options["solver_seconds"], seed=options["seed"]),
                print_papers=not options["no_prints"],
                on_progress=show,
            )
            bar.n = len(Step)


def _peak_memory_mb() -> int:
    """The most this process held, plus the most any one of its helpers held."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    helpers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + helpers) // 1024
