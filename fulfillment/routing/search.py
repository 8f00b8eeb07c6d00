"""What every engine promises: duties for a problem, within given limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveParams:
    """How long and how an engine searches.

    Parameters
    ----------
    seconds
        Wall-clock budget. Engines derive a number of iterations from it that
        should use most of it, and stop there; the clock itself is only a guard.
        So the same problem, seed and seconds give the same plan, unless the
        machine is so slow that the guard strikes.
    seed
        Of every random choice, 0 to 2^31 - 1.
    iterations
        Overrides the derived number of iterations.
    processes
        How many processes may search side by side.
    """

    seconds: float = 30.0
    seed: int = 0
    iterations: int | None = None
    processes: int = 2

    def __post_init__(self) -> None:
        if self.seconds <= 0:
            raise ValueError("Expected a positive number of seconds.")
        if not 0 <= self.seed < 2**31:
            raise ValueError("Expected a seed from 0 to 2^31 - 1.")
        if self.iterations is not None and self.iterations < 1:
            raise ValueError("Expected at least one iteration.")
        if self.processes < 1:
            raise ValueError("Expected at least one process.")


@dataclass(frozen=True, slots=True)
class TrajectoryPoint:
    """A better plan was found: by whom, after how many of its iterations, at what cost."""

    engine: str
    iteration: int
    cost_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOutcome:
    """What an engine found.

    `by` names the engine whose duties these are; `troubles` tells, one sentence
    each, which helpers failed on the way.
    """

    duties: tuple[Duty, ...]
    trajectory: tuple[TrajectoryPoint, ...] = ()
    by: str = ""
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTask:
    """A piece of work for an engine: from nothing, or from a day already planned."""

    problem: RoutingProblem
    params: SolveParams
    start: tuple[Duty, ...] = ()


class Solver(Protocol):
    """An engine. It is never trusted: `solver.solve` checks what it returns."""

    @property
    def name(self) -> str:
        """The engine's name in commands and records."""
        ...

    @property
    def versions(self) -> Mapping[str, str]:
        """The packages the result depends on, with their versions."""
        ...

    def search(self, problem: RoutingProblem, params: SolveParams) -> SearchOutcome:
        """Return duties for as many stops as possible, as cheap as possible.

        Raises
        ------
        EngineFailed
            If the engine could not produce duties at all.
        """
        ...
