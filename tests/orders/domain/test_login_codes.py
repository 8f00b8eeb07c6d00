"""How often a code may be sent, and what was typed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.login_codes import SENDING_LIMITS, sending_wait_s, typed_code

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


@pytest.mark.parametrize(
    ("sent_at", "expected"),
    [
        pytest.param([], 0, id="first_code"),
        pytest.param([ago(seconds=1)], 59, id="a_second_ago"),
        pytest.param([ago(seconds=59.5)], 1, id="half_a_second_is_rounded_up"),
        pytest.param([ago(seconds=60)], 0, id="a_minute_ago"),
        pytest.param([ago(minutes=m) for m in (5, 9, 20, 30, 50)], 600, id="five_in_the_hour"),
        pytest.param([ago(minutes=m) for m in (5, 9, 20, 30, 61)], 0, id="four_in_the_hour"),
        pytest.param([ago(hours=2 * h) for h in range(1, 11)], 4 * 3600, id="ten_in_the_day"),
    ],
)
def test_the_wait_is_that_of_the_strictest_limit(sent_at: list[datetime], expected: int) -> None:
    assert sending_wait_s(sent_at, NOW) == expected


@given(asked_s=st.lists(st.integers(0, 3 * 86_400), max_size=60))
def test_whoever_keeps_the_waits_never_passes_a_limit(asked_s: list[int]) -> None:
    sent: list[datetime] = []
    for second in sorted(asked_s):
        moment = NOW + timedelta(seconds=second)
        if not sending_wait_s(sent, moment):
            sent.append(moment)

    for span, count in SENDING_LIMITS:
        for last in sent:
            assert sum(last - span < moment <= last for moment in sent) <= count


@given(spans_s=st.lists(st.floats(0, 100_000), max_size=15))
def test_after_the_wait_a_code_may_be_sent(spans_s: list[float]) -> None:
    sent = [ago(seconds=span) for span in spans_s]

    wait_s = sending_wait_s(sent, NOW)

    assert sending_wait_s(sent, NOW + timedelta(seconds=wait_s)) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("123456", "123456", id="plain"),
        pytest.param(" 123 456\n", "123456", id="with_spaces"),
        pytest.param("１２３４５６", "123456", id="full_width"),
        pytest.param("验证码123456", "123456", id="with_words"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_code_is_read_however_it_was_pasted(text: str, expected: str) -> None:
    assert typed_code(text) == expected
