"""The laws of levels: own figures only, up at once, down one step and never unannounced."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaders.domain.levels import (
    NOTICE,
    WINDOW,
    Decision,
    Figures,
    Lacking,
    Rung,
    Standing,
    Verdict,
    decide,
    earned,
    lacking,
    next_rung,
)

TODAY = date(2026, 3, 1)
RUNGS = (
    Rung(rank=1),
    Rung(rank=2, min_orders=30, max_claim_bp=500),
    Rung(rank=3, min_orders=300, min_buyers=60, max_claim_bp=300, min_on_time_bp=9500),
    Rung(rank=4, min_orders=900, min_buyers=150, max_claim_bp=300, min_on_time_bp=9500),
)
GOLD = Figures(orders=320, buyers=80, lines=900, claimed_lines=9, deliveries=30, counted_in_time=29)


@st.composite
def figures_made(draw: st.DrawFn) -> Figures:
    lines = draw(st.integers(0, 3000))
    deliveries = draw(st.integers(0, 40))
    return Figures(
        orders=draw(st.integers(0, 1200)),
        buyers=draw(st.integers(0, 300)),
        lines=lines,
        claimed_lines=draw(st.integers(0, lines)),
        deliveries=deliveries,
        counted_in_time=draw(st.integers(0, deliveries)),
    )


@pytest.mark.parametrize(
    ("figures", "rank"),
    [
        (Figures(), 1),
        (Figures(orders=29), 1),
        (Figures(orders=30), 2),
        (Figures(orders=30, lines=100, claimed_lines=5), 2),
        (Figures(orders=30, lines=1000, claimed_lines=51), 1),
        (GOLD, 3),
        (replace(GOLD, buyers=59), 2),
        (replace(GOLD, counted_in_time=28), 2),
        (replace(GOLD, orders=900, buyers=150), 4),
    ],
)
def test_the_highest_level_that_is_reached_is_earned(figures: Figures, rank: int) -> None:
    assert earned(RUNGS, figures).rank == rank


def test_shares_are_rounded_against_the_leader() -> None:
    figures = Figures(lines=3, claimed_lines=1, deliveries=3, counted_in_time=2)

    assert (figures.claim_bp, figures.on_time_bp) == (3334, 6666)


def test_what_was_never_measured_is_not_held_against_anyone() -> None:
    assert (Figures().claim_bp, Figures().on_time_bp) == (None, None)
    assert lacking(RUNGS[2], Figures(orders=300, buyers=60)).is_nothing


def test_what_a_level_needs_is_told_figure_by_figure() -> None:
    figures = Figures(
        orders=180, buyers=60, lines=100, claimed_lines=4, deliveries=10, counted_in_time=9
    )

    assert lacking(RUNGS[2], figures) == Lacking(
        orders=120, buyers=0, claim_bp=400, on_time_bp=9000
    )


def test_the_next_level_is_the_one_above() -> None:
    assert [next_rung(RUNGS, rank) for rank in (None, 1, 3, 4)] == [*RUNGS[:2], RUNGS[3], None]


def test_a_leader_without_a_level_gets_what_is_earned_at_once() -> None:
    assert decide(RUNGS, GOLD, Standing(rank=None), today=TODAY) == Decision(
        verdict=Verdict.RISE, rank=3, effective_on=TODAY
    )


def test_a_fall_is_announced_a_week_ahead_and_to_the_level_below() -> None:
    assert decide(RUNGS, Figures(), Standing(rank=4), today=TODAY) == Decision(
        verdict=Verdict.ANNOUNCE, rank=3, effective_on=TODAY + NOTICE
    )


def test_an_announced_fall_waits_for_its_day() -> None:
    standing = Standing(rank=4, announced_for=TODAY, last_announced_on=TODAY - NOTICE)

    before = decide(RUNGS, Figures(), standing, today=TODAY - timedelta(days=1))
    then = decide(RUNGS, Figures(), standing, today=TODAY)

    assert before.verdict is Verdict.STAY
    assert (then.verdict, then.rank) == (Verdict.FALL, 3)


def test_an_announced_fall_is_withdrawn_when_the_figures_recover() -> None:
    standing = Standing(rank=3, announced_for=TODAY, last_announced_on=TODAY - NOTICE)

    assert decide(RUNGS, GOLD, standing, today=TODAY).verdict is Verdict.WITHDRAW


def test_after_a_withdrawn_announcement_a_month_is_quiet() -> None:
    standing = Standing(rank=3, last_announced_on=TODAY)

    last = decide(RUNGS, Figures(), standing, today=TODAY + WINDOW - timedelta(days=1))
    after = decide(RUNGS, Figures(), standing, today=TODAY + WINDOW)

    assert (last.verdict, after.verdict) == (Verdict.STAY, Verdict.ANNOUNCE)


def test_a_fall_that_came_late_keeps_the_next_a_month_away() -> None:
    standing = Standing(rank=3, last_announced_on=TODAY - WINDOW, last_fell_on=TODAY)

    decision = decide(RUNGS, Figures(), standing, today=TODAY)

    assert (decision.verdict, decision.effective_on) == (Verdict.ANNOUNCE, TODAY + WINDOW)


@given(figures_made(), st.integers(0, 400), st.integers(0, 100), st.integers(0, 9))
def test_better_figures_never_earn_less(
    figures: Figures, orders: int, buyers: int, service: int
) -> None:
    better = replace(
        figures,
        orders=figures.orders + orders,
        buyers=figures.buyers + buyers,
        claimed_lines=max(figures.claimed_lines - service, 0),
        counted_in_time=min(figures.counted_in_time + service, figures.deliveries),
    )

    assert earned(RUNGS, better).rank >= earned(RUNGS, figures).rank


@given(
    st.integers(1, 4),
    st.lists(st.tuples(figures_made(), st.integers(1, 20)), min_size=1, max_size=40),
)
def test_nobody_falls_two_levels_in_a_month_or_without_a_notice(
    rank: int, reviews: list[tuple[Figures, int]]
) -> None:
    standing, today, falls = Standing(rank=rank), TODAY, []
    announced_on: date | None = None

    for figures, days in reviews:
        today += timedelta(days=days)
        before = standing.rank
        decision = decide(RUNGS, figures, standing, today=today)
        match decision.verdict:
            case Verdict.ANNOUNCE:
                announced_on = today
                standing = replace(
                    standing, announced_for=decision.effective_on, last_announced_on=today
                )
            case Verdict.WITHDRAW:
                standing = replace(standing, announced_for=None)
            case Verdict.FALL:
                assert announced_on is not None
                assert today >= announced_on + NOTICE
                assert standing.announced_for is not None
                falls.append(today)
                standing = replace(
                    standing, rank=decision.rank, announced_for=None, last_fell_on=today
                )
            case Verdict.RISE:
                standing = replace(standing, rank=decision.rank, announced_for=None)
        assert standing.rank is not None
        assert before is not None
        assert before - standing.rank <= 1
        assert (standing.rank < before) == (decision.verdict is Verdict.FALL)

    assert all(later - earlier >= WINDOW for earlier, later in pairwise(falls))
