"""Plays a day in child processes that are killed, until one gets through.

It runs as a program of its own, because the children are forked from a process
that has loaded everything and opened nothing: `crash_program` is its command
line. DATABASE_URL names a migrated database that nobody else uses.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.core.management import call_command

from fulfillment.domain.cutoff_run import Step
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.services import cutoff_run, day_export, day_import
from fulfillment.services.cutoff_run import RunOptions, Store
from fulfillment.services.day_import_orders import orders_import

Sabotage = Callable[[], None]
MOMENTS = ("begun", "stored", "committed")


def crash_program(mode: str) -> list[str]:
    """The command line that plays `mode` with the arguments that follow it."""
    program = f"import django; django.setup(); from tests.journeys.crash import {mode}; {mode}()"
    return [sys.executable, "-c", program]


def at_every_boundary() -> None:
    """Kill one child per boundary of the day, then let one finish: DATA OUT."""
    data, out = map(Path, sys.argv[1:3])
    killed = sum(_is_killed(_child(data, out, sabotage)) for sabotage in _sabotages())
    _finish(data, out)
    sys.stdout.write(str(killed))


def at_random_moments() -> None:
    """Kill children at random moments, then let one finish: DATA OUT KILLS SECONDS SEED."""
    data, out = map(Path, sys.argv[1:3])
    kills, within_s, seed = int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
    dice = random.Random(seed)
    killed = 0
    for _attempt in range(kills):
        child = _child(data, out, lambda: None)
        time.sleep(dice.uniform(0, within_s))
        os.kill(child, signal.SIGKILL)
        killed += _is_killed(child)
    _finish(data, out)
    sys.stdout.write(str(killed))


def undisturbed() -> None:
    """Let one child play the day and print its seconds: DATA OUT."""
    started = time.monotonic()
    _finish(*map(Path, sys.argv[1:3]))
    sys.stdout.write(str(time.monotonic() - started))


def _child(data: Path, out: Path, sabotage: Sabotage) -> int:
    """Fork a child that plays the day; return its process id."""
    child = os.fork()
    if child == 0:
        sabotage()
        status = 1
        try:
            with Path(os.devnull).open("w") as nowhere:
                os.dup2(nowhere.fileno(), sys.stdout.fileno())
            call_command("play_day", data=data, out=out, solver_seconds=1)
            status = 0
        finally:
            os._exit(status)
    return child


def _is_killed(child: int) -> bool:
    _child_id, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _finish(data: Path, out: Path) -> None:
    _child_id, status = os.waitpid(_child(data, out, lambda: None), 0)
    if status:
        raise SystemExit(f"The last child ended with status {status}.")


def _sabotages() -> Iterator[Sabotage]:
    """One way to die per boundary: in the import, around each step, in the export."""
    yield _die_at_the_end_of_the_import
    for step, moment in product(Step, MOMENTS):
        yield partial(_die_in_step, step, moment)
    yield _die_before_the_summary


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_at_the_end_of_the_import() -> None:
    def fatal(**arguments: Any) -> None:
        orders_import(**arguments)
        _die()

    patch.object(day_import, "orders_import", fatal).start()


def _die_before_the_summary() -> None:
    def fatal(*_arguments: object) -> Mapping[str, object]:
        _die()
        return {}

    patch.object(day_export, "_summary_write", fatal).start()


def _die_in_step(fatal_step: Step, moment: str) -> None:
    """Die when the step has begun, has stored uncommitted rows, or has committed."""
    compute, do = cutoff_run._compute, cutoff_run._step_do

    def fatal_compute(run: CutoffRun, step: Step, options: RunOptions) -> Store:
        if step is fatal_step and moment == "begun":
            _die()
        store = compute(run, step, options)

        def fatal_store() -> cutoff_run.Figures:
            figures = store()
            if step is fatal_step and moment == "stored":
                _die()
            return figures

        return fatal_store

    def fatal_do(run: CutoffRun, step: Step, options: RunOptions) -> None:
        do(run, step, options)
        if step is fatal_step and moment == "committed":
            _die()

    patch.object(cutoff_run, "_compute", fatal_compute).start()
    patch.object(cutoff_run, "_step_do", fatal_do).start()
