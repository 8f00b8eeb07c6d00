"""Solve a benchmark instance with the engines that plan the day."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fulfillment.routing.checker import check_plan
from fulfillment.routing.instances import Instance, read_instance
from fulfillment.routing.search import SolveParams
from fulfillment.routing.solver import DEFAULT_ENGINE, ENGINES, SolveResult, solve
from leaders.errors import DomainError


class Command(BaseCommand):
    """Read, solve, check, print one JSON object, and write the routes if asked."""

    help = "Solve a CVRPLIB (.vrp) or Solomon (.txt) instance and print the result as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments operators' scripts rely on."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--seconds", type=float, required=True, metavar="N")
        parser.add_argument("--engine", default=DEFAULT_ENGINE, choices=sorted(ENGINES))
        parser.add_argument("--seed", type=int, default=0, metavar="N")
        parser.add_argument("--out", type=Path, metavar="FILE.sol")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the JSON object; a file that cannot be solved is an error of one sentence."""
        try:
            params = SolveParams(seconds=options["seconds"], seed=options["seed"])
            instance = read_instance(options["file"])
            result = solve(instance.problem, params, options["engine"])
        except DomainError as error:
            raise CommandError(error.message) from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(_summary(instance, result), ensure_ascii=False))
        if options["out"]:
            _write(options["out"], instance.solution_text(result.plan))


def _summary(instance: Instance, result: SolveResult) -> dict[str, object]:
    sound = not check_plan(instance.problem, result.plan)
    return {
        "instance": instance.name,
        "engine": result.engine,
        "seed": result.seed,
        "seconds": result.params.seconds,
        "feasible": sound and not result.plan.unserved,
        "cost": instance.cost(result.plan),
        "vehicles": len(result.plan.vehicle_keys),
        "best_known": instance.best_known.cost if instance.best_known else None,
        "gap_pct": instance.gap_pct(result.plan),
    }


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error
