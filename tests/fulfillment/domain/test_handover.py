"""How a handover is proved, until when differences count, and what a count says."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.handover import (
    CAUSES,
    PHOTO_CAUSES,
    ClaimHours,
    HandoverMethod,
    LineCount,
    LineDue,
    count_lines,
    differences,
    stronger,
)
from fulfillment.models.handover import HandoverMethod as StoredMethod
from fulfillment.route_errors import ClaimWindowOver, HandoverNotPossible
from orders.domain.storage import StorageClass

NOW = datetime(2026, 3, 11, 0, 0, tzinfo=UTC)
HOURS = ClaimHours(cold=timedelta(hours=2), other=timedelta(hours=12))
LATER = NOW + timedelta(hours=1)


def due(
    sku_id: int = 1,
    expected: int = 6,
    *,
    until: datetime = LATER,
    said: LineCount | None = None,
) -> LineDue:
    return LineDue(sku_id=sku_id, expected=expected, until=until, said=said)


def counted(
    counted: int, cause: Cause | None = None, *, sku_id: int = 1, has_photo: bool = False
) -> LineCount:
    return LineCount(sku_id=sku_id, counted=counted, cause=cause, has_photo=has_photo)


def test_models_and_rules_speak_of_the_same() -> None:
    assert StoredMethod.values == [method.value for method in HandoverMethod]


def test_the_code_of_the_leaders_page_proves_more_than_a_tap_and_that_more_than_paper() -> None:
    assert stronger(HandoverMethod.TAP, HandoverMethod.CODE) is HandoverMethod.CODE
    assert stronger(HandoverMethod.TAP, HandoverMethod.LEFT) is HandoverMethod.TAP
    assert stronger(HandoverMethod.PAPER, HandoverMethod.SIGNATURE) is HandoverMethod.SIGNATURE


@pytest.mark.parametrize(
    ("storages", "hours"),
    [
        pytest.param({StorageClass.CHILL, StorageClass.FROZEN}, 2, id="only_cold"),
        pytest.param({StorageClass.AMBIENT}, 12, id="only_others"),
        pytest.param({StorageClass.AMBIENT, StorageClass.CHILL}, 12, id="both"),
    ],
)
def test_the_window_stays_open_as_long_as_its_last_line(
    storages: set[StorageClass], hours: int
) -> None:
    assert HOURS.until(storages, NOW) == NOW + timedelta(hours=hours)


def test_cold_goods_have_their_own_end() -> None:
    assert HOURS.line_until(StorageClass.CHILL, NOW) == NOW + timedelta(hours=2)
    assert HOURS.line_until(StorageClass.AMBIENT, NOW) == NOW + timedelta(hours=12)


def test_goods_that_nobody_names_are_as_they_were_sent() -> None:
    results = count_lines([due(1, 6), due(2, 4)], [], now=NOW)

    assert [(row.count.sku_id, row.count.counted, row.qty) for row in results] == [
        (1, 6, 0),
        (2, 4, 0),
    ]
    assert differences(results) == {}


def test_missing_pieces_need_a_cause() -> None:
    with pytest.raises(HandoverNotPossible):
        count_lines([due()], [counted(5)], now=NOW)


@pytest.mark.parametrize("cause", [Cause.RETURNED, Cause.WEIGHT, Cause.OVER])
def test_a_cause_that_is_not_the_leaders_to_say_is_refused(cause: Cause) -> None:
    with pytest.raises(HandoverNotPossible):
        count_lines([due()], [counted(5, cause)], now=NOW)


def test_what_lies_there_is_shown_and_what_is_missing_is_not() -> None:
    with pytest.raises(HandoverNotPossible) as refused:
        count_lines([due()], [counted(5, Cause.DAMAGED)], now=NOW)

    assert refused.value.details == {"sku_id": 1}
    shown = count_lines([due()], [counted(5, Cause.DAMAGED, has_photo=True)], now=NOW)
    assert differences(shown) == {(1, Cause.DAMAGED): 1}
    assert differences(count_lines([due()], [counted(5, Cause.SHORT)], now=NOW)) == {
        (1, Cause.SHORT): 1
    }


def test_more_than_was_sent_is_too_many_whatever_was_said() -> None:
    results = count_lines([due(1, 6), due(9, 0)], [counted(8, Cause.SHORT)], now=NOW)

    assert differences(results) == {(1, Cause.OVER): 2}
    assert [row.count.sku_id for row in results] == [1]


def test_goods_nobody_sent_are_too_many() -> None:
    results = count_lines([due(9, 0)], [counted(3, sku_id=9)], now=NOW)

    assert differences(results) == {(9, Cause.OVER): 3}


def test_goods_of_another_delivery_are_refused() -> None:
    with pytest.raises(HandoverNotPossible):
        count_lines([due(1)], [counted(1, sku_id=2)], now=NOW)


def test_the_same_goods_twice_are_refused() -> None:
    with pytest.raises(HandoverNotPossible):
        count_lines([due(1)], [counted(1, Cause.SHORT), counted(2, Cause.SHORT)], now=NOW)


def test_the_last_count_replaces_the_one_before() -> None:
    before = counted(4, Cause.SHORT)

    results = count_lines([due(said=before)], [], now=NOW)

    assert (results[0].count.counted, results[0].is_new) == (6, True)


def test_what_was_said_already_is_not_new() -> None:
    before = counted(4, Cause.SHORT)

    (result,) = count_lines([due(said=before)], [before], now=NOW)

    assert not result.is_new


def test_after_its_window_a_difference_is_refused_and_the_old_one_stands() -> None:
    before = counted(4, Cause.SHORT)
    over = due(until=NOW, said=before)

    with pytest.raises(ClaimWindowOver):
        count_lines([over], [counted(3, Cause.SHORT)], now=NOW)

    (unnamed,) = count_lines([over], [], now=NOW)
    (repeated,) = count_lines([over], [counted(4, Cause.SHORT)], now=NOW)
    assert unnamed.count == repeated.count == before


@given(
    expected=st.integers(0, 50),
    said=st.none() | st.integers(0, 60),
    before=st.none() | st.integers(0, 60),
    cause=st.sampled_from(CAUSES),
    is_over=st.booleans(),
)
def test_missing_and_counted_pieces_are_what_was_sent(
    expected: int, said: int | None, before: int | None, cause: Cause, is_over: bool
) -> None:
    """Whatever is said: counted plus missing is expected plus too many."""

    def line(figure: int) -> LineCount:
        if figure == expected:
            return counted(figure)
        known = cause if figure < expected else Cause.OVER
        return counted(figure, known, has_photo=known in PHOTO_CAUSES)

    row = due(
        1,
        expected,
        until=NOW if is_over else LATER,
        said=None if before is None else line(before),
    )
    try:
        results = count_lines([row], [] if said is None else [line(said)], now=NOW)
    except ClaimWindowOver:
        assert is_over
        return

    found = differences(results)
    missing = sum(qty for (_sku, why), qty in found.items() if why is not Cause.OVER)
    over = sum(qty for (_sku, why), qty in found.items() if why is Cause.OVER)
    assert missing <= expected
    assert all(row.count.counted + missing == expected + over for row in results)
