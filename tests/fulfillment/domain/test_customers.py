"""Who is active and who has been quiet, to the day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.customers import LastOrder, Liveliness, last_order_of, liveliness_of

TODAY = date(2026, 3, 10)


def is_in(span: LastOrder, day: date | None) -> bool:
    if day is None:
        return span.has_never
    return (span.since is None or day >= span.since) and (span.before is None or day < span.before)


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (0, Liveliness.ACTIVE),
        (6, Liveliness.ACTIVE),
        (7, Liveliness.QUIET_7),
        (13, Liveliness.QUIET_7),
        (14, Liveliness.QUIET_14),
        (29, Liveliness.QUIET_14),
        (30, Liveliness.QUIET_30),
        (400, Liveliness.QUIET_30),
    ],
)
def test_a_resident_is_as_quiet_as_the_days_say(days: int, kind: Liveliness) -> None:
    assert liveliness_of(TODAY - timedelta(days=days), TODAY) is kind


def test_who_never_ordered_is_the_quietest() -> None:
    assert liveliness_of(None, TODAY) is Liveliness.QUIET_30


@given(days=st.none() | st.integers(0, 400))
def test_a_list_holds_whom_its_name_says(days: int | None) -> None:
    last = None if days is None else TODAY - timedelta(days=days)
    kind = liveliness_of(last, TODAY)

    for shown in Liveliness:
        is_shown = is_in(last_order_of(shown, TODAY), last)
        if shown is Liveliness.ALL:
            assert is_shown
        elif shown is Liveliness.ACTIVE:
            assert is_shown is (kind is Liveliness.ACTIVE)
        else:
            assert is_shown is (shown.quiet_days <= kind.quiet_days)
