"""docs/algorithms/levels.md against the code."""

from datetime import date, timedelta

import pytest
from django.conf import settings

from fulfillment.selectors.levels import rung_of
from leaders.domain.levels import Figures, Rung, Standing, Verdict, decide, earned
from leaders.models.levels import LeaderLevel
from leaders.services.levels import default_levels_write
from tests.docs.pages import Row, tables, text

PAGE = "algorithms/levels.md"
NOTHING = "—"


def per_cent(cell: str) -> int | None:
    """Basis points of '5 %', or nothing of a dash."""
    return None if cell == NOTHING else int(cell.removesuffix(" %")) * 100


def rungs() -> dict[str, Rung]:
    """The levels of the page by name."""
    return {
        row["level"]: Rung(
            rank=rank,
            min_orders=int(row["orders"]),
            min_buyers=int(row["buyers"]),
            max_claim_bp=per_cent(row["claims at most"]),
            min_on_time_bp=per_cent(row["counted in time at least"]),
        )
        for rank, row in enumerate(tables(PAGE)[0], start=1)
    }


def figures_of(row: Row) -> Figures:
    return Figures(
        orders=int(row["orders"]),
        buyers=int(row["buyers"]),
        lines=int(row["lines"]),
        claimed_lines=int(row["claimed"]),
        deliveries=int(row["deliveries"]),
        counted_in_time=int(row["counted"]),
    )


@pytest.mark.django_db
def test_the_ladder_of_the_page_is_what_the_command_writes() -> None:
    default_levels_write()

    levels = LeaderLevel.objects.select_related("commission_plan")
    assert {level.code: rung_of(level) for level in levels} == rungs()
    rates = {row["level"]: per_cent(row["rate"]) for row in tables(PAGE)[0]}
    assert {level.code: level.commission_plan.rate_bp for level in levels} == rates


def test_every_row_of_figures_earns_its_level() -> None:
    ladder = rungs()
    rows = tables(PAGE)[1]

    names = {rung.rank: name for name, rung in ladder.items()}
    earned_names = [names[earned(list(ladder.values()), figures_of(row)).rank] for row in rows]

    assert len(rows) == 8
    assert earned_names == [row["level"] for row in rows]


def test_somebody_who_stops_selling_falls_on_the_days_of_the_page() -> None:
    ladder = rungs()
    names = {rung.rank: name for name, rung in ladder.items()}
    standing, day = Standing(rank=ladder["star"].rank), date(2026, 3, 1)
    told: list[tuple[str, str]] = []

    while day < date(2026, 6, 1):
        decision = decide(list(ladder.values()), Figures(), standing, today=day)
        assert decision.rank is not None
        name = names[decision.rank]
        if decision.verdict is Verdict.ANNOUNCE:
            told.append((f"{day}", f"{name} is announced for {decision.effective_on}"))
            standing = Standing(
                rank=standing.rank,
                announced_for=decision.effective_on,
                last_announced_on=day,
                last_fell_on=standing.last_fell_on,
            )
        elif decision.verdict is Verdict.FALL:
            told.append((f"{day}", name))
            standing = Standing(
                rank=decision.rank,
                last_announced_on=standing.last_announced_on,
                last_fell_on=day,
            )
        day += timedelta(days=1)

    assert told == [(row["day"], row["what happens"]) for row in tables(PAGE)[2]]


def test_the_limits_of_the_page_are_the_settings() -> None:
    leader = settings.CONCENTRATION_TOP_LEADER_BP // 100
    tenth = settings.CONCENTRATION_TOP_TENTH_BP // 100

    assert f"warns above {leader} % and {tenth} %" in text(PAGE)
