"""Workers and beats as processes that can be killed, and are back at once.

They are forked from a process that has loaded everything and opened nothing,
so that a restart costs a moment and not the seconds of a Python start.
"""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import connections

from config.celery import app
from fulfillment import tasks
from fulfillment.services.advance import DueWork
from tests.nights.clock import real_now, round_note
from tests.nights.clumsy import clumsy_be

PAUSE_S = 0.05
Job = Callable[[], None]


def forked(job: Job, log: Path) -> int:
    """Do a job in a process and session of its own; return its id."""
    connections.close_all()  # a child must not speak on its parent's connection
    child = os.fork()
    if child:
        return child
    os.setsid()
    status = 1
    try:
        with log.open("ab") as file:
            os.dup2(file.fileno(), sys.stdout.fileno())
            os.dup2(file.fileno(), sys.stderr.fileno())
        job()
        status = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(status)


def worker_job(*, is_fatal: bool) -> None:
    """Work from every queue until killed; or until the control's effect, where it is fatal."""
    clumsy_be(is_fatal=is_fatal)
    _rounds_noted("due_work_begin")
    _rounds_noted("due_work_outward")
    worker_run()


def worker_run() -> None:
    """Work from every queue, with two threads, until killed."""
    app.Worker(
        pool="threads",
        concurrency=2,
        loglevel="WARNING",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        hostname=f"worker-{os.getpid()}@nights",
    ).start()


def beat_job() -> None:
    """Tick until killed."""
    app.Beat(loglevel="WARNING", quiet=True).run()


def _rounds_noted(part: str) -> None:
    """Write down each call of a part that came to its end and was not turned away."""
    original = getattr(tasks, part)

    def noted(**arguments: Any) -> DueWork:
        began_at = real_now()
        work: DueWork = original(**arguments)
        if work.figures or work.failed:
            round_note(part, began_at, work.failed)
        return work

    patch.object(tasks, part, noted).start()


@dataclass(slots=True, kw_only=True)
class Crew:
    """The processes of a platform: as many of each job as it is listed."""

    jobs: Sequence[Job]
    log: Path
    kills: int = 0
    _running: dict[int, Job] = field(default_factory=dict)

    def start(self) -> None:
        """Start them all."""
        for job in self.jobs:
            self._begin(job)

    def look_on(self, people: int) -> int:
        """Leave them in peace until the people have gone; return the people's exit status."""
        while (status := _ended(people)) is None:
            self._require_running()
            time.sleep(PAUSE_S)
        return status

    def harass(self, people: int, dice: random.Random, pause_s: float) -> int:
        """Kill one after the other, anyone, at any moment, until the people have gone."""
        while (status := _ended(people)) is None:
            self._wait_replacing(dice.uniform(0, 2 * pause_s))
            victim = dice.choice(list(self._running))
            job = self._kill(victim)
            self.kills += 1
            # Sometimes a second one dies before the first is back.
            time.sleep(dice.choice([0, 0, pause_s / 2]))
            self._begin(job)
        return status

    def memory_peak_mb(self) -> int:
        """The most that any one of them has held."""
        peaks = [
            int(line.split()[1])
            for pid in self._running
            for line in Path(f"/proc/{pid}/status").read_text().splitlines()
            if line.startswith("VmHWM")
        ]
        return max(peaks) // 1024

    def stop(self) -> None:
        """Kill them all; nothing they hold is needed."""
        for pid in list(self._running):
            self._kill(pid)

    def _wait_replacing(self, seconds: float) -> None:
        """Sleep; whoever died of the control meanwhile is back at once."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for pid in [pid for pid in self._running if _ended(pid) is not None]:
                self.kills += 1
                self._begin(self._running.pop(pid))
            time.sleep(PAUSE_S)

    def _begin(self, job: Job) -> None:
        self._running[forked(job, self.log)] = job

    def _kill(self, pid: int) -> Job:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return self._running.pop(pid)

    def _require_running(self) -> None:
        gone = [pid for pid in self._running if _ended(pid) is not None]
        if gone:
            raise SystemExit(f"processes {gone} ended by themselves; see {self.log}")


def _ended(pid: int) -> int | None:
    """The exit status of a child that has ended, or None while it runs."""
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None
