"""The command operators' scripts call to measure the engines."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

TINY = """NAME : tiny
TYPE : CVRP
DIMENSION : 5
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 4
3 3 5
4 -3 -4
5 -3 -5
DEMAND_SECTION
1 0
2 5
3 5
4 5
5 5
DEPOT_SECTION
1
-1
EOF
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.vrp"
    path.write_text(TINY, encoding="utf-8")
    (tmp_path / "tiny.sol").write_text("Route #1: 1 2\nRoute #2: 3 4\nCost 24\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("engine", ["savings", "pyvrp", "ortools", "best"])
def test_it_prints_one_json_object_and_writes_the_routes(tiny: Path, engine: str) -> None:
    out = StringIO()
    solution = tiny.parent / "found.sol"

    call_command("solve_instance", tiny, seconds=3, seed=4, engine=engine, out=solution, stdout=out)

    assert json.loads(out.getvalue()) == {
        "instance": "tiny",
        "engine": engine,
        "seed": 4,
        "seconds": 3,
        "feasible": True,
        "cost": 24,
        "vehicles": 2,
        "best_known": 24.0,
        "gap_pct": 0.0,
    }
    lines = solution.read_text(encoding="utf-8").splitlines()
    assert lines[-1] == "Cost 24"
    assert len(lines) == 3


def test_the_planning_job_is_the_engine_unless_another_is_named(tiny: Path) -> None:
    out = StringIO()

    call_command("solve_instance", tiny, seconds=2, stdout=out)

    assert json.loads(out.getvalue())["engine"] == "best"


def test_a_file_that_is_no_instance_ends_in_one_clear_sentence(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("# Not an instance\n", encoding="utf-8")

    with pytest.raises(CommandError, match="neither a CVRPLIB nor a Solomon file") as caught:
        call_command("solve_instance", readme, seconds=1)

    assert caught.value.returncode == 1


def test_a_budget_of_nothing_is_refused(tiny: Path) -> None:
    with pytest.raises(CommandError, match="positive number of seconds"):
        call_command("solve_instance", tiny, seconds=0)


def test_routes_that_cannot_be_written_are_an_error(tiny: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command(
            "solve_instance",
            tiny,
            seconds=1,
            engine="savings",
            out=tiny.parent / "nowhere" / "found.sol",
            stdout=StringIO(),
        )
