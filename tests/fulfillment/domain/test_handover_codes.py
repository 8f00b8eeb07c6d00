"""Six digits prove that two people met: fixed vectors, slices, and what is not accepted."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.handover_codes import (
    OFFLINE_MAX,
    SLICE_S,
    code_of,
    is_code_right,
    slice_no,
    slices_accepted,
)

KEY = b"a key of one installation"
EIGHT = datetime(2026, 3, 11, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "stop_id", "slice_number", "code"),
    [
        (b"12345678901234567890", 1, 0, "048559"),
        (b"12345678901234567890", 1, 1, "278945"),
        (b"12345678901234567890", 2, 1, "772755"),
        (KEY, 4711, 2_955_456, "974949"),
    ],
)
def test_the_codes_are_these(key: bytes, stop_id: int, slice_number: int, code: str) -> None:
    assert code_of(key, stop_id, slice_number) == code


def test_a_slice_is_ten_minutes_of_the_worlds_clock() -> None:
    assert slice_no(datetime(1970, 1, 1, 0, 9, 59, tzinfo=UTC)) == 0
    assert slice_no(datetime(1970, 1, 1, 0, 10, tzinfo=UTC)) == 1
    assert slice_no(EIGHT + timedelta(minutes=10)) == slice_no(EIGHT) + 1


@given(stop_id=st.integers(1, 2**40), slice_number=st.integers(0, 2**32))
def test_a_code_has_six_digits_and_opens_its_own_slice(stop_id: int, slice_number: int) -> None:
    code = code_of(KEY, stop_id, slice_number)

    assert len(code) == 6
    assert code.isdecimal()
    assert is_code_right(KEY, stop_id, f" {code[:3]} {code[3:]} ", [slice_number])


def test_online_a_code_counts_in_its_slice_and_the_next() -> None:
    shown = slice_no(EIGHT)

    def counts(minutes: int) -> bool:
        now = EIGHT + timedelta(minutes=minutes)
        return shown in slices_accepted(entered_at=now, since=EIGHT - timedelta(hours=3), now=now)

    assert [counts(minutes) for minutes in (0, 9, 10, 19, 20, 90)] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]
    assert not counts(-1)


def test_what_was_typed_offline_counts_since_the_driver_could_be_there() -> None:
    now = EIGHT + timedelta(hours=2)
    slices = slices_accepted(entered_at=EIGHT + timedelta(minutes=5), since=EIGHT, now=now)

    assert slices == range(slice_no(EIGHT) - 1, slice_no(now) + 1)


@given(
    entered=st.timedeltas(timedelta(days=-3), timedelta(days=3)),
    since=st.timedeltas(timedelta(days=-3), timedelta(days=3)),
)
def test_however_a_phones_clock_lies_only_a_few_codes_count(
    entered: timedelta, since: timedelta
) -> None:
    slices = slices_accepted(entered_at=EIGHT + entered, since=EIGHT + since, now=EIGHT)

    assert slices[-1] == slice_no(EIGHT)
    assert 2 <= len(slices) <= OFFLINE_MAX.total_seconds() // SLICE_S + 2


def test_the_code_of_another_stop_or_key_is_wrong() -> None:
    number = slice_no(EIGHT)

    assert not is_code_right(KEY, 1, code_of(KEY, 2, number), [number])
    assert not is_code_right(KEY, 1, code_of(b"another", 1, number), [number])
    assert not is_code_right(KEY, 1, "", [number])
