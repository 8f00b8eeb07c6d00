"""Runs of the simulation from seeds; each is rolled back, so all share one town."""

import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from django.db import transaction

from tests.simulation.town import Town, town_create
from tests.simulation.world import World, random_steps


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one seed: nothing wrong, or what, and how it came to that."""

    seed: int
    steps: int
    violations: tuple[str, ...]
    trail: tuple[str, ...]
    counts: Counter[str]


@contextmanager
def rolled_back() -> Iterator[None]:
    """A transaction that the services take for none, as in Django's own test cases."""
    outer = transaction.atomic()
    vars(outer)["_from_testcase"] = True
    with outer:
        yield
        transaction.set_rollback(True)


def run_seed(town: Town, seed: int) -> Run:
    """Play the run of a seed and take it back; the same seed plays the same run."""
    steps = random_steps(Random(seed))
    with rolled_back():
        world = World(town)
        with world.open():
            for step in steps:
                world.play(step)
            found = world.goods_violations()
            world.come_to_rest()
            found += world.violations()
    return Run(seed, len(steps), tuple(found), tuple(world.trail), world.counts)


def play() -> None:
    """Program: play the seeds from FIRST on, RUNS of them; print what came of them as JSON."""
    first, runs = map(int, sys.argv[1:3])
    logging.disable()  # incidents and messages are what the runs are made of
    started = time.perf_counter()
    failed: list[dict[str, object]] = []
    counts: Counter[str] = Counter()
    steps = 0
    with rolled_back():
        town = town_create()
        for seed in range(first, first + runs):
            run = run_seed(town, seed)
            steps += run.steps
            counts.update(run.counts)
            if run.violations:
                failed.append({"seed": seed, "violations": run.violations})
    report = {
        "runs": runs,
        "first_seed": first,
        "steps": steps,
        "seconds": round(time.perf_counter() - started, 1),
        "failed": failed,
        "counts": dict(counts.most_common()),
    }
    sys.stdout.write(json.dumps(report, ensure_ascii=False))


def replay() -> None:
    """Program: play SEED alone and print each step with what came of it, as JSON."""
    logging.disable()
    with rolled_back():
        run = run_seed(town_create(), int(sys.argv[1]))
    report = {"seed": run.seed, "failed": run.violations, "trail": run.trail}
    sys.stdout.write(json.dumps(report, ensure_ascii=False))
