"""Engines in processes of their own: they answer, they fail politely, they never stay."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from fulfillment.errors import EngineFailed
from fulfillment.routing.engines import processes
from fulfillment.routing.engines.alone import ProcessEngine
from fulfillment.routing.engines.processes import Program
from fulfillment.routing.search import SolveParams
from tests.fulfillment.routing.engines.named_problems import second_trip
from tests.fulfillment.routing.engines.processes_seen import children_of, is_running

PATIENCE_S = 60.0
Answer = TypeVar("Answer")


def engine() -> ProcessEngine:
    return ProcessEngine("pyvrp")


def test_an_engine_in_its_own_process_finds_the_same_day_twice() -> None:
    params = SolveParams(seconds=PATIENCE_S, iterations=100, seed=3)

    first = engine().search(second_trip(), params)

    assert first.by == "pyvrp"
    assert first == engine().search(second_trip(), params)


def test_a_process_that_dies_is_an_engine_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    # A module that starts, does not know our arguments and ends with a complaint.
    monkeypatch.setitem(processes.PROGRAMS, "pyvrp", Program("json.tool", "json", "json"))

    with pytest.raises(EngineFailed, match="pyvrp broke down with status"):
        engine().search(second_trip(), SolveParams(seconds=PATIENCE_S, iterations=1))


def test_a_process_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = Program("tests.fulfillment.routing.engines.hanging", "json", "json")
    monkeypatch.setitem(processes.PROGRAMS, "pyvrp", hanging)
    monkeypatch.setattr(processes, "_GRACE_S", 0.0)

    with pytest.raises(EngineFailed, match="did not stop"):
        engine().search(second_trip(), SolveParams(seconds=0.01, iterations=1))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_parent_killed_without_warning_leaves_no_child() -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent("""
            from fulfillment.routing.engines.alone import ProcessEngine
            from fulfillment.routing.search import SolveParams
            from tests.fulfillment.routing.engines.named_problems import second_trip
            params = SolveParams(seconds=600, iterations=10**8)
            ProcessEngine("pyvrp").search(second_trip(), params)
            """),
        ],
        cwd=Path(processes.__file__).parents[3],
        stdout=subprocess.DEVNULL,
    )
    children = wait_for(lambda: children_of(parent.pid))
    # Let the child get from its first instruction into its search.
    time.sleep(1.0)

    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()

    assert children
    assert wait_for(lambda: not any(is_running(child) for child in children))


def wait_for(question: Callable[[], Answer]) -> Answer:
    until = time.monotonic() + PATIENCE_S
    answer = question()
    while not answer and time.monotonic() < until:
        time.sleep(0.05)
        answer = question()
    return answer
