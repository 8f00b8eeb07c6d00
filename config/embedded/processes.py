"""Finds and ends the operating-system processes that a server left behind."""

import os
import signal
import time
from pathlib import Path

PROC = Path("/proc")


def can_list() -> bool:
    """Tell whether this system lets us see the processes that run (Linux does)."""
    return PROC.exists()


def processes_named(mark: str, program: str) -> list[int]:
    """Return the ids of living processes of `program` whose command line carries `mark`.

    Command lines are readable across users without special rights, which a
    process's folder and files are not. Empty where there is no /proc.
    """
    found = []
    for entry in PROC.glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        first = line.split(b"\0", 1)[0].split(b":", 1)[0]
        if first.rsplit(b"/", 1)[-1] == program.encode() and mark.encode() in line:
            found.append(int(entry.name))
    return found


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; a zombie nobody has reaped does not count."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _state(pid) != "Z"


def start_ticks(pid: int) -> int | None:
    """When a process began, in clock ticks: with the id it names one process for good."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[19])


def send(pids: list[int], number: signal.Signals) -> None:
    """Signal processes; one that is gone already is fine."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def wait_until_gone(pid: int, *, timeout_s: float) -> bool:
    """Wait for a process to end; False when it is still there."""
    deadline = time.monotonic() + timeout_s
    while is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _state(pid: int) -> str:
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "?"
