"""Named places where a process may die, for the tests that kill it there.

A crash point costs one comparison and does nothing unless a test has armed
it. Every name is written once in the source; the crash driver of the tests
finds them there and kills a process at each.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_armed: list[Callable[[str], None]] = []


def crashpoint(name: str) -> None:
    """Mark a place between two effects; returns at once unless armed."""
    if _armed:
        _armed[-1](name)


@contextmanager
def armed(strike: Callable[[str], None]) -> Iterator[None]:
    """Call `strike` with the name of every crash point that is passed in this block."""
    _armed.append(strike)
    try:
        yield
    finally:
        _armed.pop()
