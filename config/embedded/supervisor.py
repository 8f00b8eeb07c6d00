"""Starts programs that belong together, watches them, and stops them in reverse order.

Each program gets a session of its own, so that Ctrl-C in the terminal reaches
only us, and a note of its process, so that what a killed supervisor left
running is ended by the next one.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from config.embedded import processes
from config.embedded.errors import EmbeddedServerError
from config.embedded.places import PROJECT_DIR

LOOK_EVERY_S = 0.25
SESSION_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to run and how to tell that it is ready.

    Attributes
    ----------
    name
        Names the log and the note, and the program in messages.
    is_ready
        Asked again and again until it is true; must not raise.
    input
        Written to the standard input and closed; keeps secrets out of
        command lines, which every user of the machine can read.
    stop_timeout_s
        Patience after SIGTERM before the whole session is killed.
    """

    name: str
    command: tuple[str, ...]
    is_ready: Callable[[], bool]
    environment: Mapping[str, str]
    input: bytes = b""
    start_timeout_s: float = 60.0
    stop_timeout_s: float = 20.0


@dataclass(frozen=True, slots=True)
class _Started:
    program: Program
    process: subprocess.Popen[bytes]


class ProgramEnded(EmbeddedServerError):
    """A program that should run on has ended by itself."""


class Supervisor:
    """Programs started in order; leaving the `with` block stops them in reverse.

    Parameters
    ----------
    folder
        Holds `<name>.log` and `<name>.pid` of every program.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[_Started] = []
        folder.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def launch(self, program: Program) -> int:
        """Start a program without waiting for it; return its process id."""
        with (self._folder / f"{program.name}.log").open("wb") as log:
            process = subprocess.Popen(
                program.command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=dict(program.environment),
                cwd=PROJECT_DIR,
                start_new_session=True,
            )
        self._started.append(_Started(program, process))
        note = self._folder / f"{program.name}.pid"
        note.write_text(f"{process.pid} {processes.start_ticks(process.pid)}")
        if process.stdin is not None:
            with suppress(BrokenPipeError), process.stdin:
                process.stdin.write(program.input)
        return process.pid

    def wait_ready(self, name: str) -> None:
        """Wait until a launched program is ready.

        Raises
        ------
        ProgramEnded
            If it, or any other program, ends instead.
        EmbeddedServerError
            If it is not ready in its time.
        """
        program = next(s.program for s in self._started if s.program.name == name)
        deadline = time.monotonic() + program.start_timeout_s
        while not program.is_ready():
            self.check()
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"{name} does not start.{self._log_tail(name)}")
            time.sleep(0.05)

    def check(self) -> None:
        """Raise `ProgramEnded` if any program has ended."""
        for started in self._started:
            status = started.process.poll()
            if status is not None:
                name = started.program.name
                raise ProgramEnded(
                    f"{name} ended by itself (status {status}).{self._log_tail(name)}"
                )

    def watch(self, also: Callable[[], None]) -> None:
        """Look after the programs until one ends (or a signal ends us); never returns."""
        while True:
            self.check()
            also()
            time.sleep(LOOK_EVERY_S)

    def stop(self) -> None:
        """Stop every program, the last one first; what does not listen is killed."""
        while self._started:
            started = self._started.pop()
            process = started.process
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(started.program.stop_timeout_s)
                except subprocess.TimeoutExpired:
                    sys.stderr.write(f"{started.program.name} does not stop: killing it\n")
            _kill_session(process.pid)
            process.wait()
            (self._folder / f"{started.program.name}.pid").unlink(missing_ok=True)

    def _log_tail(self, name: str) -> str:
        log = self._folder / f"{name}.log"
        lines = log.read_text(errors="replace").splitlines()[-15:]
        return "\n".join([f" The end of {log}:", *lines])


def end_leftovers(folder: Path) -> None:
    """Kill what an earlier supervisor of this folder left when it was killed itself."""
    for note in sorted(folder.glob("*.pid")):
        _end_leftover(note)


def _end_leftover(note: Path) -> None:
    try:
        pid, ticks = note.read_text().split()
    except (FileNotFoundError, ValueError):
        return
    # The same number with another beginning is another program: not ours to kill.
    if ticks.isdigit() and processes.start_ticks(int(pid)) == int(ticks):
        _kill_session(int(pid))
        _wait_session_gone(int(pid))
    note.unlink(missing_ok=True)


def _wait_session_gone(leader: int) -> None:
    """Wait for the children too: one of them may hold a port that is wanted next."""
    deadline = time.monotonic() + SESSION_PATIENCE_S
    with suppress(ProcessLookupError, PermissionError):
        while time.monotonic() < deadline:
            os.killpg(leader, 0)
            time.sleep(0.02)


def _kill_session(leader: int) -> None:
    # The programs' own children stay in the group that their leader began.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
