"""Plays prepaid evenings in child processes that are killed with SIGKILL, and goes on.

A program of its own, like `tests.journeys.crash`: DATABASE_URL names a migrated
database that nobody else uses. It prints one JSON object.
"""

import json
import mmap
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import partial
from unittest.mock import patch

from django.db import connections
from django.test import override_settings

from leaders.domain.crashpoints import armed
from orders.integrations import providers, senders
from tests.factories.fulfillment import WarehouseFactory
from tests.journeys.crashpoints import EVENING_APPS, crashpoint_names
from tests.journeys.prepaid_evening import (
    START,
    Cast,
    Clock,
    Evening,
    PaperSender,
    Provider,
    evening_make,
    sandbox_books,
    step_take,
)
from tests.simulation.invariants import snapshot_violations, violations

Strike = Callable[[str], None]


@dataclass(slots=True)
class Report:
    """What a run of many evenings came to."""

    evenings: int = 0
    kills: int = 0
    unreached: list[str] = field(default_factory=list)
    resume_s: list[float] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


def prepay_crash_program(mode: str) -> list[str]:
    """The command line that plays `mode` with the arguments that follow it."""
    module = "tests.journeys.prepay_crash"
    program = f"import django; django.setup(); from {module} import {mode}; {mode}()"
    return [sys.executable, "-c", program]


def at_every_crashpoint() -> None:
    """Kill one evening at each named crash point."""
    WarehouseFactory.create()
    report = Report()
    for number, name in enumerate(crashpoint_names(apps=EVENING_APPS)):
        stage = _Stage(evening_make(number))
        if stage.child_killed(partial(_die_at, name)):
            report.kills += 1
        else:
            report.unreached.append(name)
        stage.finish(report)
    _end(report)


def at_each_crashpoint_in_turn() -> None:
    """Play one evening that dies at each crash point when it first comes there."""
    WarehouseFactory.create()
    report = Report()
    stage = _Stage(evening_make(0))
    names = crashpoint_names(apps=EVENING_APPS)
    died_at = mmap.mmap(-1, len(names))  # shared with every child, and outlives it

    def strike(passed: str) -> None:
        number = names.index(passed)
        if not died_at[number]:
            died_at[number] = 1
            os.kill(os.getpid(), signal.SIGKILL)

    while stage.child_killed(strike):
        report.kills += 1
    stage.finish(report)
    report.unreached = [name for number, name in enumerate(names) if not died_at[number]]
    _end(report)


def at_random_moments() -> None:
    """Kill evenings at random moments: KILLS SEED."""
    WarehouseFactory.create()
    kills, dice = int(sys.argv[1]), random.Random(int(sys.argv[2]))
    report = Report()
    whole_s = 1.0
    while report.kills < kills:
        stage = _Stage(evening_make(report.evenings))
        started = time.monotonic()
        # Twice per evening, so that a repair is killed, too.
        for _time in range(2):
            report.kills += stage.killed_after(dice.uniform(0.0, whole_s / 2))
        stage.finish(report)
        whole_s = time.monotonic() - started
    _end(report)


class _Stage:
    """One evening, the step it has come to, and the children that play it."""

    def __init__(self, evening: Evening) -> None:
        self.evening = evening
        self._memory = mmap.mmap(-1, 8)  # shared with every child

    def child_killed(self, strike: Strike) -> bool:
        """Play on in a child until it dies or is through; tell whether it died."""
        return _was_killed(self._child(strike))

    def killed_after(self, seconds: float) -> bool:
        """Play on in a child that is killed after a while; tell whether it still played."""
        child = self._child(None)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        return _was_killed(child)

    def finish(self, report: Report) -> None:
        """Play the evening to its end and count it."""
        started = time.monotonic()
        if self.child_killed(lambda _name: None):
            raise SystemExit("a child died that nobody killed")
        report.resume_s.append(time.monotonic() - started)
        report.evenings += 1
        report.violations += snapshot_violations(self.evening.campaign_id)

    def _child(self, strike: Strike | None) -> int:
        connections.close_all()  # a child must not speak on its parent's connection
        child = os.fork()
        if child == 0:
            status = 1
            try:
                self._play(strike)
                status = 0
            except BaseException:
                traceback.print_exc()
                raise
            finally:
                os._exit(status)
        return child

    def _play(self, strike: Strike | None) -> None:
        clock = Clock(self.evening.day + START)
        provider = Provider(clock)
        provider.speaks_at = self.evening.day + START + timedelta(minutes=14)
        cast = Cast(self.evening, clock, provider)
        with ExitStack() as stack:
            stack.enter_context(patch.object(providers, "_sandbox", lambda: provider))
            stack.enter_context(patch.dict(senders._SENDERS, {"paper": PaperSender}))
            stack.enter_context(override_settings(MESSAGE_CHANNELS=["paper"]))
            if strike is not None:
                stack.enter_context(armed(strike))
            while (number := self._memory[0]) < len(self.evening.steps()):
                step_take(cast, number)
                self._memory[0] = number + 1


def _die_at(wanted: str, passed: str) -> None:
    if passed == wanted:
        os.kill(os.getpid(), signal.SIGKILL)


def _was_killed(child: int) -> bool:
    _child_id, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    if os.WEXITSTATUS(status):
        raise SystemExit(f"a child ended with status {os.WEXITSTATUS(status)}")
    return False


def _end(report: Report) -> None:
    report.violations += violations(sandbox_books())
    sys.stdout.write(json.dumps(asdict(report)))


def read_report(text: str) -> Report:
    """The report that a program printed."""
    return Report(**json.loads(text))
