"""Benchmark files: read as published, costs as published, refusals in plain words."""

from pathlib import Path

import pytest

from fulfillment.errors import InstanceNotSupported, InstanceUnreadable
from fulfillment.routing.checker import check_plan
from fulfillment.routing.instances import read_duties, read_instance
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.vrplib import parse_solution

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "cvrplib_bks"
needs_data = pytest.mark.skipif(
    not DATA.exists(), reason="the benchmark instances (../shared/data) are not here"
)
SOLVED = sorted(
    path for family in ("CVRP", "HFVRP", "VRPTW") for path in DATA.glob(f"{family}/*.vrp")
)

TINY = """NAME : tiny
COMMENT : "two pairs"
TYPE : CVRP
DIMENSION : 5
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1\t0\t0
2\t3\t4
3\t3\t5
4\t-3\t-4
5\t-3\t-5
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
SOLOMON = """C101

VEHICLE
NUMBER     CAPACITY
  2         200

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0          0          0          0       1236          0
    1      1          1         10        912        967         90
    2      2          2         30          0         10         90
"""


def written(folder: Path, text: str, name: str = "tiny.vrp") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@needs_data
@pytest.mark.parametrize("path", SOLVED, ids=lambda path: path.stem)
def test_the_published_solution_is_sound_and_costs_what_is_published(path: Path) -> None:
    instance = read_instance(path)

    plan = build_plan(instance.problem, read_duties(path.with_suffix(".sol"), instance))

    assert check_plan(instance.problem, plan) == ()
    assert plan.unserved == ()
    assert instance.best_known is not None
    assert instance.cost(plan) == instance.best_known.cost
    assert instance.gap_pct(plan) == 0.0


@needs_data
def test_a_solution_written_is_the_solution_read() -> None:
    path = DATA / "HFVRP" / "X110-HD.vrp"
    instance = read_instance(path)
    duties = read_duties(path.with_suffix(".sol"), instance)

    text = instance.solution_text(build_plan(instance.problem, duties))

    published = parse_solution(path.with_suffix(".sol").read_text(encoding="utf-8"))
    assert parse_solution(text) == published


@needs_data
def test_solomon_counts_vehicles_first_and_measures_exactly() -> None:
    instance = read_instance(DATA / "SOLOMON" / "C101.txt")

    plan = build_plan(instance.problem, [Duty(0, ((20, 24),))])

    assert instance.best_known is not None
    assert (instance.best_known.vehicles, instance.best_known.cost) == (10, 828.94)
    assert len(instance.problem.vehicles) == 25
    # sqrt(10^2) + sqrt(5^2) + sqrt(5^2 + 10^2 ...): 20 is at (30, 50), 24 at (25, 50).
    assert instance.cost(plan) == 10.0 + 5.0 + 15.0


@needs_data
def test_several_depots_are_refused_by_name() -> None:
    with pytest.raises(InstanceNotSupported, match="type MDVRPTW are not supported"):
        read_instance(DATA / "MDVRPTW" / "PR11A.vrp")


def test_a_tiny_file_becomes_a_problem_of_rounded_distances(tmp_path: Path) -> None:
    instance = read_instance(written(tmp_path, TINY))

    assert (instance.name, instance.family, instance.best_known) == ("tiny", "CVRP", None)
    assert instance.problem.distance_m[0].tolist() == [0, 5, 6, 5, 6]
    assert len(instance.problem.vehicles) == 4
    assert instance.gap_pct(build_plan(instance.problem, [])) is None


def test_the_best_known_cost_lies_beside_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, TINY)
    written(tmp_path, "Route #1: 1 2\nRoute #2: 3 4\nCost 24\n", "tiny.sol")

    instance = read_instance(path)
    plan = build_plan(instance.problem, read_duties(path.with_suffix(".sol"), instance))
    single = build_plan(instance.problem, [Duty(at, ((at + 1,),)) for at in range(4)])

    assert (instance.cost(plan), instance.gap_pct(plan)) == (24, 0.0)
    assert (instance.cost(single), instance.gap_pct(single)) == (44, 83.333)
    assert instance.solution_text(plan) == "Route #1: 1 2\nRoute #2: 3 4\nCost 24\n"


def test_where_vehicles_come_first_a_vehicle_too_many_is_the_gap(tmp_path: Path) -> None:
    instance = read_instance(written(tmp_path, SOLOMON, "C101.txt"))

    plan = build_plan(instance.problem, [Duty(0, ((2,),)), Duty(1, ((1,),))])

    assert instance.gap_pct(plan) == -80.0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "neither a CVRPLIB nor a Solomon file"),
        ("hello\nworld\n", "neither a CVRPLIB nor a Solomon file"),
        (TINY.replace("CAPACITY : 10\n", ""), "no CAPACITY field"),
        (TINY.replace("CAPACITY : 10", "CAPACITY : ten"), "CAPACITY holds no number: ten"),
        (TINY.replace("DIMENSION : 5", "DIMENSION : 6"), "should have 6 rows"),
        (TINY.replace("5\t-3\t-5", "5\t-3"), "should have 5 rows"),
        (TINY.replace("5\t-3\t-5", "5\t-3\tnan"), "holds no number: nan"),
        (TINY.replace("NAME : tiny", "tiny"), "Expected a field or a section"),
        (SOLOMON.replace("  2         200", "  2"), "Expected 2 numbers"),
        (SOLOMON.replace("    1      1 ", "    7      1 "), "numbered from 0"),
    ],
)
def test_a_file_that_is_no_instance_is_refused_with_the_reason(
    tmp_path: Path, text: str, complaint: str
) -> None:
    with pytest.raises(InstanceUnreadable, match=complaint):
        read_instance(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (TINY.replace("EUC_2D", "EXPLICIT"), "Only EUC_2D"),
        (TINY.replace("DEPOT_SECTION\n 1", "DEPOT_SECTION\n 1\n 2"), "Only one depot"),
        (TINY.replace("TYPE : CVRP", "TYPE : PDPTW"), "type PDPTW"),
    ],
)
def test_a_family_the_planner_does_not_model_is_refused(
    tmp_path: Path, text: str, complaint: str
) -> None:
    with pytest.raises(InstanceNotSupported, match=complaint):
        read_instance(written(tmp_path, text))


def test_a_file_that_cannot_be_opened_or_decoded_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "binary.vrp"
    binary.write_bytes(b"\xff\xfe\x00NAME")

    for path in (tmp_path, tmp_path / "missing.vrp", binary):
        with pytest.raises(InstanceUnreadable, match="cannot be read"):
            read_instance(path)


def test_a_solution_without_a_cost_is_refused() -> None:
    with pytest.raises(InstanceUnreadable, match="states no cost"):
        parse_solution("Route #1: 1 2\n")
