"""When payments are asked about and refunds are tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.payment_schedule import query_due_at, refund_due_at

BEGUN = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
FAR = BEGUN + timedelta(hours=2)


def test_questions_follow_after_15_s_1_min_5_min_and_then_every_10_minutes() -> None:
    now, asked = BEGUN, []
    for queries in range(6):
        now = query_due_at(queries=queries, expires_at=FAR, now=now)
        asked.append(int((now - BEGUN).total_seconds()))

    assert asked == [15, 60, 300, 900, 1500, 2100]


@pytest.mark.parametrize(
    ("seconds_left", "pause_s"),
    [
        pytest.param(10, 11, id="before_the_first_question"),
        pytest.param(0, 1, id="in_the_last_second"),
        pytest.param(-1, 60, id="just_over"),
        pytest.param(-3599, 60, id="an_hour_over"),
        pytest.param(-3600, 600, id="given_up_hurrying"),
    ],
)
def test_an_attempt_is_asked_about_right_after_its_last_second(
    seconds_left: int, pause_s: int
) -> None:
    due = query_due_at(queries=0, expires_at=BEGUN + timedelta(seconds=seconds_left), now=BEGUN)

    assert due - BEGUN == timedelta(seconds=pause_s)


@given(queries=st.integers(0, 10_000), seconds_left=st.integers(-1_000_000, 1_000_000))
def test_the_next_question_is_always_ahead_and_within_ten_minutes(
    queries: int, seconds_left: int
) -> None:
    expires_at = BEGUN + timedelta(seconds=seconds_left)

    due = query_due_at(queries=queries, expires_at=expires_at, now=BEGUN)

    assert BEGUN < due <= BEGUN + timedelta(minutes=10)


def test_refunds_wait_twice_as_long_after_each_try_up_to_an_hour() -> None:
    pauses = [refund_due_at(attempts=attempts, now=BEGUN) - BEGUN for attempts in range(9)]

    minutes = [int(pause.total_seconds()) // 60 for pause in pauses]
    assert minutes == [1, 1, 2, 4, 8, 16, 32, 60, 60]
