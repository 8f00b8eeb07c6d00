"""The child's side of `processes.py`: ``python -m <engine module> FD PARENT_PID``.

An engine module run as a program calls `serve`: it receives one task, says what
its better plans cost (a `TrajectoryPoint` now and then), answers with a
`SearchOutcome` or, as text, why there is none, and ends. It never outlives its
parent: on Linux the kernel kills it with the parent, even one
killed without warning, and everywhere a watcher ends it when the socket closes.
"""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

from fulfillment.errors import EngineFailed
from fulfillment.routing.search import SearchOutcome, SearchTask, TrajectoryPoint

_PR_SET_PDEATHSIG = 1
_LEAST_S = 0.05
# The first seconds of a search see a better plan every few milliseconds.
_PAUSE_S = 0.5

Search = Callable[[SearchTask], SearchOutcome]


def serve(searches: Mapping[str, Search]) -> None:
    """Answer one task with the search it names, on the descriptor of the command line."""
    descriptor, parent = (int(argument) for argument in sys.argv[1:])
    connection: Connection[Any, Any] = Connection(descriptor)
    _die_with(parent)
    engine, task, deadline, is_whole = connection.recv()
    threading.Thread(target=_watch, args=(connection,), daemon=True).start()
    if is_whole:
        task.journal.listener = _Reporter(connection)
    connection.send(_answer(searches[engine], task, deadline))


class _Reporter:
    """Sends points to the parent, with a pause after each."""

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection = connection
        self._silent_until = 0.0

    def __call__(self, point: TrajectoryPoint) -> None:
        if monotonic() >= self._silent_until:
            self._silent_until = monotonic() + _PAUSE_S
            self._connection.send(point)


def _answer(search: Search, task: SearchTask, deadline: float) -> SearchOutcome | str:
    seconds = max(_LEAST_S, deadline - monotonic())
    params = replace(task.params, seconds=seconds)
    try:
        return search(replace(task, params=params))
    except EngineFailed as failure:
        return failure.message


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have died before the kernel knew of the wish.
    if os.getppid() != parent:
        os._exit(1)


def _watch(connection: "Connection[Any, Any]") -> None:
    """End the process as soon as the parent's end of the socket is closed."""
    try:
        connection.poll(None)
    finally:
        os._exit(1)
