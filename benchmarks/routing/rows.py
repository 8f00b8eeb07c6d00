"""One measurement as a row, and what many rows say together."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from benchmarks.routing.problems import Measured
from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines.pace import iterations_for
from fulfillment.routing.objective import objective_fen
from fulfillment.routing.solver import DEFAULT_ENGINE, SolveResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One run of one engine on one problem.

    `objective_fen` is what engines minimise; `cost` is in the problem's own
    units. A row `is_prefix` where it was read off a longer run of the same
    search: how far that was by the iterations of this budget.
    """

    family: str
    problem: str
    engine: str
    made_by: str
    seed: int
    budget_s: float
    violations: int
    served: int
    unserved: int
    objective_fen: int
    cost: float
    gap_pct: float | None
    vehicles: int
    trips: int
    km: float
    troubles: tuple[str, ...]
    used_s: float = 0.0
    peak_mb: int = 0
    load_average: float = 0.0
    is_prefix: bool = False

    def line(self) -> str:
        """Return the row for people."""
        gap = "" if self.gap_pct is None else f"{self.gap_pct:7.2f} %"
        wrong = f"  {self.violations} VIOLATIONS" if self.violations else ""
        left_out = f"  {self.unserved} left out" if self.unserved else ""
        return (
            f"{self.problem:14} {self.engine:17} {self.budget_s:4.0f} s  {self.cost:>14,.2f}{gap}"
            f"  {self.vehicles} vehicles  {self.used_s} s{left_out}{wrong}"
        )


def row_of(measured: Measured, result: SolveResult) -> Row:
    """Return what a run gave."""
    plan, instance = result.plan, measured.instance
    return Row(
        family=measured.family,
        problem=measured.name,
        engine=result.engine,
        made_by=result.made_by,
        seed=result.seed,
        budget_s=result.params.seconds,
        violations=len(check_plan(measured.problem, plan)),
        served=plan.stop_count,
        unserved=len(plan.unserved),
        objective_fen=objective_fen(measured.problem, plan),
        cost=instance.cost(plan) if instance else plan.cost_fen,
        gap_pct=instance.gap_pct(plan) if instance else None,
        vehicles=len(plan.vehicle_keys),
        trips=len(plan.trips),
        km=round(plan.distance_m / 1000, 3),
        troubles=result.troubles,
    )


def rows_by_budget(
    measured: Measured,
    row: Row,
    points: Sequence[tuple[int, int]],
    budgets: Sequence[float],
) -> Iterator[Row]:
    """Yield what shorter budgets would have given, where the run tells.

    The gap follows the objective: near enough where costs are rounded, and not
    said where fewer vehicles come first.
    """
    for budget_s in budgets:
        reached = iterations_for(row.engine, measured.problem, budget_s)
        costs = [cost_fen for iteration, cost_fen in points if iteration <= reached]
        if not costs or measured.family == "SOLOMON":
            continue
        factor = costs[-1] / row.objective_fen if row.objective_fen else 1.0
        cost = row.cost * factor
        gap = None if row.gap_pct is None else (100 + row.gap_pct) * factor - 100
        yield replace(
            row,
            budget_s=budget_s,
            objective_fen=costs[-1],
            cost=round(cost, 2),
            gap_pct=gap if gap is None else round(gap, 3),
            is_prefix=True,
        )


def report(rows: Sequence[Row]) -> str:
    """Return Markdown: gaps by family, engine and budget, then the days."""
    return "\n".join(["", *_gaps(rows), "", *_days(rows)])


def _gaps(rows: Sequence[Row]) -> Iterator[str]:
    yield "| family | engine | budget s | runs | mean gap % | worst % | by PyVRP alone % | wrong |"
    yield "|---|---|---|---|---|---|---|---|"
    groups: dict[tuple[str, str, float], list[Row]] = defaultdict(list)
    for row in rows:
        if row.gap_pct is not None:
            groups[row.family, row.engine, row.budget_s].append(row)
    alone = {(r.problem, r.budget_s, r.seed): r.cost for r in rows if r.engine == "pyvrp"}
    for (family, engine, budget_s), group in sorted(groups.items()):
        gaps = [row.gap_pct or 0.0 for row in group]
        yield (
            f"| {family} | {engine} | {budget_s:.0f} | {len(group)} | {fmean(gaps):.2f} "
            f"| {max(gaps):.2f} | {_beside(group, alone)} | {sum(r.violations for r in group)} |"
        )


def _beside(group: Sequence[Row], alone: Mapping[tuple[str, float, int], float]) -> str:
    """Return the worst of how much dearer the rows are than PyVRP alone."""
    ratios = [
        100 * row.cost / alone[key] - 100
        for row in group
        for key in [(row.problem, row.budget_s, row.seed)]
        if key in alone and row.engine == DEFAULT_ENGINE
    ]
    return f"{max(ratios):+.2f} at worst" if ratios else ""


def _days(rows: Sequence[Row]) -> Iterator[str]:
    yield "| day | engine | budget s | fen | left out | vehicles | trips | km | s | MB | wrong |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for row in sorted(rows, key=lambda row: (row.problem, row.engine, row.budget_s, row.seed)):
        if row.gap_pct is None:
            yield (
                f"| {row.problem} | {row.engine} | {row.budget_s:.0f} | {row.cost:,.0f} "
                f"| {row.unserved} | {row.vehicles} | {row.trips} | {row.km:,.0f} "
                f"| {row.used_s:.0f} | {row.peak_mb} | {row.violations} |"
            )
