"""Statements of a leader, week by week."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.statements import (
    Figures,
    Share,
    newest_week_due,
    statement_figures,
    statement_no,
    week_from,
    week_of,
    weeks_due,
)

LEAST_FEN = 1_000
SUNDAY = date(2026, 3, 15)


def untaxed(_income_fen: int) -> int:
    return 0


def figures(
    *amounts_fen: int, carried_fen: int = 0, tax_fen: int = 0, least_fen: int = LEAST_FEN
) -> Figures:
    """The figures of a statement of these amounts, deductions below 0."""
    shares = [
        Share(entry_id=number, amount_fen=abs(fen), is_deduction=fen < 0)
        for number, fen in enumerate(amounts_fen)
    ]
    return statement_figures(
        shares, carried_fen=carried_fen, least_fen=least_fen, tax_of=lambda _fen: tax_fen
    )


def test_what_was_earned_less_what_was_taken_back_is_paid() -> None:
    assert figures(2_000, 500, -300, carried_fen=100, tax_fen=69) == Figures(
        earned_fen=2_500, deducted_fen=300, carried_fen=100, tax_fen=69, is_carried=False
    )
    assert figures(2_000, 500, -300, carried_fen=100, tax_fen=69).net_fen == 2_231


@pytest.mark.parametrize(("fen", "is_carried"), [(999, True), (1_000, False)])
def test_less_than_the_least_payout_is_carried_on(fen: int, is_carried: bool) -> None:
    assert figures(fen).is_carried is is_carried


def test_a_debt_is_carried_on() -> None:
    statement = figures(100, -5_000)

    assert statement.is_carried
    assert statement.net_fen == -4_900


def test_what_tax_brings_below_the_least_is_carried_on_without_tax() -> None:
    statement = figures(1_010, tax_fen=30)

    assert statement.is_carried
    assert (statement.tax_fen, statement.net_fen) == (0, 1_010)


def test_nothing_is_never_paid_out_even_without_a_least() -> None:
    assert figures(least_fen=0).is_carried
    assert not figures(1, least_fen=0).is_carried


weeks_of_amounts = st.lists(
    st.lists(st.integers(min_value=-3_000, max_value=5_000), max_size=6), max_size=12
)


@given(weeks_of_amounts, st.integers(min_value=0, max_value=4_500))
def test_paid_out_withheld_and_carried_on_are_all_that_was_earned(
    weeks: list[list[int]], tax_bp: int
) -> None:
    carried_fen = paid_fen = withheld_fen = 0
    for amounts in weeks:
        shares = [
            Share(entry_id=number, amount_fen=abs(fen), is_deduction=fen < 0)
            for number, fen in enumerate(amounts)
        ]
        statement = statement_figures(
            shares,
            carried_fen=carried_fen,
            least_fen=LEAST_FEN,
            tax_of=lambda income_fen: income_fen * tax_bp // 10_000,
        )
        carried_fen = statement.net_fen if statement.is_carried else 0
        paid_fen += 0 if statement.is_carried else statement.net_fen
        withheld_fen += statement.tax_fen

        assert statement.is_carried or statement.net_fen >= LEAST_FEN
        assert not (statement.is_carried and statement.tax_fen)

    assert paid_fen + withheld_fen + carried_fen == sum(map(sum, weeks))


@given(
    st.lists(st.integers(min_value=0, max_value=60), max_size=30),
    st.integers(min_value=0, max_value=80),
)
def test_every_entry_is_taken_by_the_first_week_that_ends_after_its_hold(
    held_days: list[int], days_later: int
) -> None:
    start = date(2026, 3, 2)
    local = datetime(2026, 3, 2, 10, 0, tzinfo=UTC) + timedelta(days=days_later)
    left = {number: start + timedelta(days=day) for number, day in enumerate(held_days)}
    taken: dict[int, date] = {}
    for until in weeks_due(start, local):
        for number in [number for number, day in left.items() if day <= until]:
            taken[number] = until
            del left[number]

    assert all(
        week_from(until) <= start + timedelta(days=held_days[number]) <= until
        for number, until in taken.items()
    )
    assert all(day > newest_week_due(local) for day in left.values())


def test_a_week_is_settled_on_tuesday_at_ten() -> None:
    tuesday = datetime(2026, 3, 17, 10, 0, tzinfo=UTC)

    assert newest_week_due(tuesday) == SUNDAY
    assert newest_week_due(tuesday - timedelta(minutes=1)) == SUNDAY - timedelta(days=7)
    assert newest_week_due(tuesday + timedelta(days=5)) == SUNDAY


def test_weeks_that_were_missed_are_due_one_by_one() -> None:
    local = datetime(2026, 3, 17, 10, 0, tzinfo=UTC)

    assert weeks_due(date(2026, 2, 25), local) == [date(2026, 3, 1), date(2026, 3, 8), SUNDAY]
    assert weeks_due(date(2026, 3, 16), local) == []


def test_a_week_runs_from_monday_to_sunday() -> None:
    assert {week_of(week_from(SUNDAY) + timedelta(days=day)) for day in range(7)} == {SUNDAY}
    assert week_from(SUNDAY) == date(2026, 3, 9)


def test_a_statement_is_named_by_its_week_and_leader() -> None:
    assert statement_no("L0012", SUNDAY) == "JS-20260315-L0012"


def test_no_tax_is_asked_for_what_is_carried_anyway() -> None:
    asked: list[int] = []

    def tax_of(income_fen: int) -> int:
        asked.append(income_fen)
        return untaxed(income_fen)

    statement_figures([], carried_fen=999, least_fen=LEAST_FEN, tax_of=tax_of)

    assert asked == []
