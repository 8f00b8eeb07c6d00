"""Races between real processes on PostgreSQL, and the switch of their controls.

A promise about concurrency is shown twice: kept with its guard, and broken
without it. A race that cannot fail proves nothing.

    def buy(runner: Runner) -> str:
        return order_place(request=requests[runner.number]).order.order_no

    def test_the_last_unit_is_sold_once(shop: Shop) -> None:
        outcomes = race(buy, processes=8, sleep_at={"placement.lines_written": 0.05})

        assert len(values(outcomes)) == 1

    @pytest.mark.control
    def test_without_its_guard_the_last_unit_is_sold_twice(shop: Shop) -> None:
        outcomes = race(buy, processes=8, without=[patch("…the guard", broken)])

        assert len(values(outcomes)) > 1

What a race needs to know:

* The test is `@pytest.mark.django_db(transaction=True)`: a child is a process
  of its own and sees committed rows only. The folder's conftest sees to that,
  and checks the books after every test that is no `control`.
* Children are forked, so a worker may use whatever the test has made, lambdas
  included; what it returns must be picklable. Return numbers, not model rows.
* All children wait for one another before each round, and start together.
* `sleep_at` widens the window: a child that passes a named crash point sleeps
  there. Prefer it to luck; two cores interleave less than one hopes.
* `without` holds `unittest.mock.patch` objects; they are entered in the
  children only, so nothing has to be undone.
"""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Generic, Self, TypeVar

from django.db import Error, connections

from leaders.domain.crashpoints import armed

Value = TypeVar("Value")

PATIENCE_S = 120.0
DEADLOCK_DETECTED = "40P01"
LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, slots=True)
class Runner:
    """Which child this is (0 …), and which round it runs (0 …)."""

    number: int
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[Value]):
    """What one runner brought back: a value, or the exception that ended it.

    `sqlstate` is PostgreSQL's word where the database refused, else ''.
    """

    runner: Runner
    value: Value | None = None
    error: Exception | None = None
    sqlstate: str = ""
    seconds: float = 0.0


class RunnerLost(Exception):
    """A child ended without a word: it was killed, or what it returned cannot travel."""


def race(
    worker: Callable[[Runner], Value],
    *,
    processes: int,
    rounds: int = 1,
    sleep_at: Mapping[str, float] | None = None,
    without: Sequence[AbstractContextManager[object]] = (),
) -> list[Outcome[Value]]:
    """Run `worker` in real processes at once; return what each brought back.

    Parameters
    ----------
    worker
        Called once per child and round; it has a database connection of its
        own. What it raises becomes an outcome, too.
    processes
        How many children run beside each other.
    rounds
        How often they start together.
    sleep_at
        Seconds to sleep at named crash points.
    without
        Patches that take a guard away, entered in the children only.

    Returns
    -------
    list of Outcome
        In order of rounds, then of runners.

    Raises
    ------
    RunnerLost
        If a child died, or brought back what cannot be pickled.
    """
    # A child that inherited an open connection would speak on its parent's.
    connections.close_all()
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(processes)
    runs = []
    for number in range(processes):
        ours, theirs = context.Pipe(duplex=False)
        plan = _Plan(number, rounds, sleep_at or {}, without, barrier)
        process = context.Process(target=_run, args=(plan, worker, theirs))
        process.start()
        theirs.close()
        runs.append((process, ours))
    try:
        brought: list[list[Outcome[Value]]] = [
            _receive(ours, process.pid) for process, ours in runs
        ]
    finally:
        for process, ours in runs:
            ours.close()
            process.join(timeout=5)
            if process.is_alive():
                process.kill()
                process.join()
    return [outcome for of_one_round in zip(*brought, strict=True) for outcome in of_one_round]


def values(outcomes: Iterable[Outcome[Value]]) -> list[Value]:
    """What the runners returned, without those that an exception ended."""
    return [o.value for o in outcomes if o.error is None and o.value is not None]


def errors(outcomes: Iterable[Outcome[Value]]) -> list[Exception]:
    """The exceptions that ended runners."""
    return [o.error for o in outcomes if o.error is not None]


def deadlocks(outcomes: Iterable[Outcome[Value]]) -> int:
    """How many runners PostgreSQL sacrificed to end a deadlock."""
    return sum(o.sqlstate == DEADLOCK_DETECTED for o in outcomes)


@dataclass(frozen=True, slots=True)
class _Plan:
    number: int
    rounds: int
    sleep_at: Mapping[str, float]
    without: Sequence[AbstractContextManager[object]]
    barrier: Barrier


class _Caught:
    """Keeps the exception that ends its block: every way to end is a result of a race."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: object
    ) -> bool:
        self.error = error if isinstance(error, Exception) else None
        return self.error is not None


def _run(plan: _Plan, worker: Callable[[Runner], Value], results: Connection) -> None:
    """The life of a child: all its rounds, then one message with all outcomes."""
    with ExitStack() as stack:
        for patch in plan.without:
            stack.enter_context(patch)
        if plan.sleep_at:
            stack.enter_context(armed(lambda name: time.sleep(plan.sleep_at.get(name, 0))))
        # A new session, even where a wrapper that the parent could not see (one
        # is kept beside the event loop of a browser test) came with an open one.
        for connection in connections.all():
            connection.connect()
        outcomes = []
        for number in range(plan.rounds):
            plan.barrier.wait(PATIENCE_S)
            outcomes.append(_outcome(worker, Runner(plan.number, number)))
        connections.close_all()
    results.send(outcomes)
    results.close()


def _outcome(worker: Callable[[Runner], Value], runner: Runner) -> Outcome[Value]:
    started = time.perf_counter()
    value = None
    with _Caught() as caught:
        value = worker(runner)
    cause = caught.error.__cause__ if isinstance(caught.error, Error) else None
    return Outcome(
        runner=runner,
        value=value,
        error=caught.error,
        sqlstate=getattr(cause, "sqlstate", None) or "",
        seconds=time.perf_counter() - started,
    )


def _receive(results: Connection, pid: int | None) -> list[Outcome[Value]]:
    if not results.poll(PATIENCE_S):
        raise RunnerLost(f"runner {pid} of {os.getpid()} did not end in {PATIENCE_S} s")
    try:
        outcomes: list[Outcome[Value]] = results.recv()
    except EOFError:
        raise RunnerLost(f"runner {pid} of {os.getpid()} ended without a word") from None
    return outcomes
