"""What every engine promises: duties for a problem, within given limits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from fulfillment.route_errors import SearchCancelled
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty

# Asking and telling may cost the caller a query, so neither happens more often.
_PAUSE_S = 0.5
_UNFINISHED = 99


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
    patience
        The guard strikes after this many times the budget. Above 1 a busy
        machine finds, only later, what a quiet one finds: for measurements.
    """

    seconds: float = 30.0
    seed: int = 0
    iterations: int | None = None
    processes: int = 2
    patience: float = 1.0

    @property
    def guard_s(self) -> float:
        """Seconds after which the clock ends the search."""
        return self.seconds * self.patience

    def __post_init__(self) -> None:
        if self.seconds <= 0:
            raise ValueError("Expected a positive number of seconds.")
        if not 0 <= self.seed < 2**31:
            raise ValueError("Expected a seed from 0 to 2^31 - 1.")
        if self.iterations is not None and self.iterations < 1:
            raise ValueError("Expected at least one iteration.")
        if self.processes < 1:
            raise ValueError("Expected at least one process.")
        if self.patience < 1:
            raise ValueError("Expected to wait for the budget at least.")


@dataclass(frozen=True, slots=True)
class TrajectoryPoint:
    """A better plan was found: by whom, after how many of its iterations, at what cost.

    `at_s` counts from the start of the whole search. It is no part of the
    point's identity: the same search on a busier machine is the same search.
    """

    engine: str
    iteration: int
    cost_fen: int
    at_s: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is, in whole per cent of its budget, and its best objective so far."""

    percent: int
    cost_fen: int | None = None


@dataclass(slots=True)
class Watch:
    """Somebody looks on: is told how far the search is and may end it.

    `seconds` is the budget of the whole search, which starts now.
    """

    seconds: float
    should_stop: Callable[[], bool] | None = None
    on_progress: Callable[[Progress], None] | None = None
    started: float = field(default_factory=monotonic)
    _asked: float = field(default=float("-inf"), init=False)
    _told: float = field(default=float("-inf"), init=False)
    _last: Progress | None = field(default=None, init=False)
    _best_fen: int | None = field(default=None, init=False)

    def look(self) -> None:
        """Let them look: tell how far the search is, and stop if it is no longer wanted.

        Raises
        ------
        SearchCancelled
            If it is not.
        """
        self._tell()
        if self.should_stop is None or monotonic() < self._asked + _PAUSE_S:
            return
        self._asked = monotonic()
        if self.should_stop():
            raise SearchCancelled("The search was stopped before it had a plan.")

    def hear(self, cost_fen: int) -> None:
        """Take in that there is a plan of this objective."""
        if self._best_fen is None or cost_fen < self._best_fen:
            self._best_fen = cost_fen

    def _tell(self) -> None:
        used = (monotonic() - self.started) / self.seconds
        progress = Progress(min(_UNFINISHED, int(100 * used)), self._best_fen)
        if self.on_progress is None or progress == self._last:
            return
        if monotonic() >= self._told + _PAUSE_S:
            self._told, self._last = monotonic(), progress
            self.on_progress(progress)


@dataclass(slots=True)
class Journal:
    """The better plans of one search, in order, with their times.

    `started` is a reading of the monotonic clock, which all processes share;
    `listener` hears of each point as it is noted.
    """

    started: float = field(default_factory=monotonic)
    points: list[TrajectoryPoint] = field(default_factory=list)
    listener: Callable[[TrajectoryPoint], None] | None = None

    def note(self, engine: str, iteration: int, cost_fen: int) -> None:
        """Write down that `engine` has a better plan."""
        at_s = round(monotonic() - self.started, 3)
        point = TrajectoryPoint(engine, iteration, cost_fen, at_s)
        self.points.append(point)
        if self.listener is not None:
            self.listener(point)


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
    """A piece of work for an engine's process.

    Parameters
    ----------
    problem, params
        What to plan and for how long.
    start
        A sound day to improve, or to learn from which stops can be served.
    is_warm
        Whether the search begins with `start`; else from nothing.
    journal
        Where better plans are noted.
    """

    problem: RoutingProblem
    params: SolveParams
    start: tuple[Duty, ...] = ()
    is_warm: bool = False
    journal: Journal = field(default_factory=Journal, compare=False)


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

    def search(
        self,
        problem: RoutingProblem,
        params: SolveParams,
        start: tuple[Duty, ...] = (),
        watch: Watch | None = None,
    ) -> SearchOutcome:
        """Return duties for as many stops as possible, as cheap as possible.

        Raises
        ------
        EngineFailed
            If the engine could not produce duties at all.
        SearchCancelled
            If `watch` says so.
        """
        ...
