"""Engines in processes of their own, side by side.

A search in native code may crash, hang or eat memory; in a process of its own
it can only fail, and the caller still has the savings plan. The children are
fresh interpreters (no fork, so safe under threads, Celery and gunicorn), talk
over one socket, print nothing, and die with their parent (`worker.py`).
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib.metadata import version
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic
from typing import Any

from fulfillment.errors import EngineFailed
from fulfillment.routing.engines.pace import iterations_for
from fulfillment.routing.engines.savings import SavingsEngine
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.search import SearchOutcome, SearchTask, SolveParams

# Named, not imported: a web process that only asks for plans needs neither
# package in its memory.
_MODULES: dict[str, str] = {
    "pyvrp": "fulfillment.routing.engines.pyvrp",
    "ortools": "fulfillment.routing.engines.ortools",
    "ortools_polish": "fulfillment.routing.engines.ortools",
}
_ROOT = Path(__file__).resolve().parents[3]
# Engines stop by themselves at their deadline; one that does not, soon after,
# is stuck and is killed.
_GRACE_S = 5.0


@dataclass(frozen=True, slots=True)
class ProcessEngine:
    """One engine alone, in one process, behind the engine protocol."""

    name: str
    package: str

    @property
    def versions(self) -> Mapping[str, str]:
        """The package's version, without importing it."""
        return {self.package: version(self.package)}

    def search(self, problem: RoutingProblem, params: SolveParams) -> SearchOutcome:
        """Search for the whole budget; raises `EngineFailed` as the engine does."""
        deadline = monotonic() + params.seconds
        start = SavingsEngine().search(problem, replace(params, iterations=1)).duties
        iterations = params.iterations or iterations_for(self.name, problem, params.seconds)
        task = SearchTask(
            problem=problem, params=replace(params, iterations=iterations), start=start
        )
        (outcome,) = run_side_by_side([(self.name, task)], deadline)
        if isinstance(outcome, EngineFailed):
            raise outcome
        return outcome


@dataclass(slots=True)
class _Child:
    process: subprocess.Popen[bytes]
    connection: "Connection[Any, Any]"


def run_side_by_side(
    tasks: Sequence[tuple[str, SearchTask]], deadline: float
) -> list[SearchOutcome | EngineFailed]:
    """Run each named engine on its task in its own process; results in the order of tasks.

    `deadline` is a reading of the monotonic clock, which all processes share.
    """
    with ExitStack() as stack:
        children = [_start(_MODULES[engine], stack) for engine, _ in tasks]
        for child, (engine, task) in zip(children, tasks, strict=True):
            _send(child, (engine, task, deadline))
        return [_receive(child, deadline + _GRACE_S) for child in children]


def _start(module: str, stack: ExitStack) -> _Child:
    """Start one child; leaving the stack ends it, whatever happened."""
    ours, theirs = Pipe()
    stack.callback(ours.close)
    paths = [str(_ROOT), os.environ.get("PYTHONPATH", "")]
    process = stack.enter_context(
        subprocess.Popen(
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
    )
    stack.callback(process.kill)
    theirs.close()
    return _Child(process, ours)


def _send(child: _Child, message: object) -> None:
    try:
        child.connection.send(message)
    except OSError:
        # It died before it listened; receiving will say so.
        return


def _receive(child: _Child, until: float) -> SearchOutcome | EngineFailed:
    if not wait([child.connection], timeout=max(0.0, until - monotonic())):
        return EngineFailed("The engine did not stop when its time was up.")
    try:
        answer: SearchOutcome | str = child.connection.recv()
    except (EOFError, OSError):
        code = child.process.wait()
        return EngineFailed(
            f"The engine's process ended with status {code}: {_last_words(child)}", status=code
        )
    return EngineFailed(answer) if isinstance(answer, str) else answer


def _last_words(child: _Child) -> str:
    said = child.process.stderr.read() if child.process.stderr else b""
    lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
