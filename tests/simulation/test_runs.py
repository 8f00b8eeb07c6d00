"""P22, small: seeded runs are clean, and the same seed plays the same run."""

import pytest

from tests.simulation.runs import run_seed
from tests.simulation.town import town_create

pytestmark = pytest.mark.django_db

SEEDS = range(20)


def test_seeded_runs_lose_and_double_nothing() -> None:
    town = town_create()

    runs = [run_seed(town, seed) for seed in SEEDS]

    assert [(run.seed, run.violations) for run in runs if run.violations] == []
    # A run that nothing happens in proves nothing.
    assert sum(run.counts["paid"] for run in runs) > len(SEEDS)
    assert sum(run.counts["crash"] for run in runs) > len(SEEDS) / 2


def test_a_seed_plays_the_same_run_again() -> None:
    town = town_create()

    first, again = run_seed(town, 7), run_seed(town, 7)

    assert first.steps == again.steps
    assert first.counts == again.counts
