"""How much memory this process and its children hold together, at the most (Linux)."""

import os
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

_EVERY_S = 0.5
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class PeakMemory(AbstractContextManager["PeakMemory"]):
    """Looks twice a second; `megabytes` is the most seen."""

    def __init__(self) -> None:
        self.megabytes = 0
        self._over = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> "PeakMemory":
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop looking."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_EVERY_S):
            held = sum(_resident_bytes(pid) for pid in _family(os.getpid()))
            self.megabytes = max(self.megabytes, held // 1_000_000)


def _family(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    children: list[int] = []
    for listed in tasks.glob("*/children"):
        children += [int(child) for child in _read(listed).split()]
    return [pid, *children]


def _resident_bytes(pid: int) -> int:
    figures = _read(Path(f"/proc/{pid}/statm")).split()
    return int(figures[1]) * _PAGE_BYTES if figures else 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""
