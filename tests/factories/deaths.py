"""Processes that die at a named crash point, inside one test."""

from contextlib import AbstractContextManager

from leaders.domain.crashpoints import armed


class Died(BaseException):
    """The process is killed here: no handler of `Exception` lives on."""


def die_at(fatal: str) -> AbstractContextManager[None]:
    """Die when the crash point of this name is passed in the block."""

    def strike(name: str) -> None:
        if name == fatal:
            raise Died(name)

    return armed(strike)
