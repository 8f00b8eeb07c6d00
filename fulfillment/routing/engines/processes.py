"""Engines in processes of their own, side by side.

A search in native code may crash, hang or eat memory; in a process of its own
it can only fail, and the caller still has the savings plan. The children are
fresh interpreters (no fork, so safe under threads, Celery and gunicorn), talk
over one socket, print nothing, and die with their parent (`worker.py`).
"""

import os
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic
from typing import Any

from fulfillment.errors import EngineFailed
from fulfillment.routing.search import SearchOutcome, SearchTask, TrajectoryPoint, Watch


@dataclass(frozen=True, slots=True)
class Program:
    """Where an engine lives, which package it imports and who distributes that.

    Named, not imported: a web process that only asks for plans needs none of
    these packages in its memory.
    """

    module: str
    package: str
    distribution: str


_PYVRP = Program("fulfillment.routing.engines.pyvrp", "pyvrp", "pyvrp")
_ORTOOLS = Program("fulfillment.routing.engines.ortools", "ortools", "ortools")
PROGRAMS: dict[str, Program] = {
    "pyvrp": _PYVRP,
    "pyvrp_regions": _PYVRP,
    "vroom": Program("fulfillment.routing.engines.vroom", "vroom", "pyvroom"),
    "ortools": _ORTOOLS,
    "ortools_polish": _ORTOOLS,
}
_ROOT = Path(__file__).resolve().parents[3]
# Engines stop by themselves at their deadline; one that does not, soon after,
# is stuck and is killed.
_GRACE_S = 5.0
# How long a wish to stop may go unheard.
_POLL_S = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One search in a process of its own, until `deadline`, a reading of the monotonic clock.

    `is_whole` says that its costs are those of a whole plan and worth telling.
    """

    engine: str
    task: SearchTask
    deadline: float
    is_whole: bool = True


Answer = SearchOutcome | EngineFailed
# Jobs one after another: each is answered before the next is asked for.
Chain = Generator[Job, Answer, None]


def engine_versions(*engines: str) -> Mapping[str, str]:
    """Return the versions of the engines' packages as far as they are installed."""
    found: dict[str, str] = {}
    for distribution in sorted({PROGRAMS[engine].distribution for engine in engines}):
        try:
            found[distribution] = version(distribution)
        except PackageNotFoundError:
            continue
    return found


def run_side_by_side(jobs: Sequence[Job], watch: Watch) -> list[Answer]:
    """Run each job in its own process, all at once; answers in the order of jobs."""
    answers: dict[int, Answer] = {}

    def chain(place: int, job: Job) -> Chain:
        answers[place] = yield job

    run_chains([chain(place, job) for place, job in enumerate(jobs)], len(jobs), watch)
    return [answers[place] for place in range(len(jobs))]


def run_chains(chains: Sequence[Chain], slots: int, watch: Watch) -> None:
    """Work the chains off, at most `slots` at a time, in their order.

    Raises
    ------
    SearchCancelled
        If `watch` says so. However this ends, no process is left behind.
    """
    waiting = deque(chains)
    running: list[_Run] = []
    try:
        while running or waiting:
            while waiting and len(running) < slots:
                running.append(_Run(waiting.popleft()))
            wait([run.child.connection for run in running if run.child], timeout=_POLL_S)
            for run in running:
                run.listen(watch)
            running = [run for run in running if run.child]
            watch.look()
    finally:
        for run in running:
            run.close()


class _Run:
    """A chain at work: `child` has its present job; None at the end of the chain."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self.child: _Child | None = None
        self._go_on(None)

    def listen(self, watch: Watch) -> None:
        """Hear what the child has to say; at its answer, start the next job."""
        answer = self.child.listen(watch) if self.child else None
        if answer is not None:
            self.close()
            self._go_on(answer)

    def close(self) -> None:
        """End the child, whatever it is doing."""
        if self.child:
            self.child.close()
            self.child = None

    def _go_on(self, answer: Answer | None) -> None:
        try:
            job = next(self._chain) if answer is None else self._chain.send(answer)
            while find_spec(PROGRAMS[job.engine].package) is None:
                missing = f"The engine {job.engine} is not installed here."
                job = self._chain.send(EngineFailed(missing, engine=job.engine))
        except StopIteration:
            return
        self.child = _Child(job)


class _Child:
    """One engine's process, from our side; it must be closed."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.connection, theirs = Pipe()
        self._process = _start(PROGRAMS[job.engine].module, theirs)
        theirs.close()
        try:
            self.connection.send((job.engine, job.task, job.deadline, job.is_whole))
        except OSError:
            # It died before it listened; listening will say so.
            return

    def listen(self, watch: Watch) -> Answer | None:
        """Return the answer once there is one; pass on what it costs before."""
        if not self.connection.poll():
            if monotonic() > self._job.deadline + _GRACE_S:
                return self._failed("did not stop when its time was up.")
            return None
        try:
            said: SearchOutcome | TrajectoryPoint | str = self.connection.recv()
        except (EOFError, OSError):
            code = self._process.wait()
            return self._failed(f"broke down with status {code}: {self._last_words()}", code)
        if isinstance(said, TrajectoryPoint):
            watch.hear(said.cost_fen)
            return None
        return EngineFailed(said, engine=self._job.engine) if isinstance(said, str) else said

    def close(self) -> None:
        """End the process and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()
        self.connection.close()

    def _failed(self, how: str, status: int | None = None) -> EngineFailed:
        engine = self._job.engine
        return EngineFailed(f"The engine {engine} {how}", engine=engine, status=status)

    def _last_words(self) -> str:
        said = self._process.stderr.read() if self._process.stderr else b""
        lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
        return lines[-1] if lines else "it said nothing"


def _start(module: str, theirs: "Connection[Any, Any]") -> subprocess.Popen[bytes]:
    paths = [str(_ROOT), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-m", module, str(theirs.fileno()), str(os.getpid())],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ
        | {
            "PYTHONPATH": os.pathsep.join(path for path in paths if path),
            # Nobody reads along; a full pipe would stop the search.
            "PYTHONWARNINGS": "ignore",
        },
    )
