"""The clocks of a campaign and the verdict on a payment."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.cutoff import (
    PaymentVerdict,
    Phase,
    Timeline,
    judge_payment,
)
from orders.errors import ClocksOutOfOrder

ZHENGZHOU = ZoneInfo("Asia/Shanghai")


def at(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2026, 3, 9, int(hour), int(minute), tzinfo=ZHENGZHOU)


EVENING = Timeline(
    opens_at=at("07:00"),
    orders_close_at=at("22:58"),
    payments_close_at=at("23:01"),
    freeze_at=at("23:03"),
)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        pytest.param(at("07:00") - SECOND, Phase.UPCOMING, id="a_second_before_it_opens"),
        pytest.param(at("07:00"), Phase.ORDERING, id="the_second_it_opens"),
        pytest.param(at("22:58") - SECOND, Phase.ORDERING, id="the_last_second_to_order"),
        pytest.param(at("22:58"), Phase.PAYING, id="the_first_second_orders_are_refused"),
        pytest.param(at("23:01"), Phase.PAYING, id="the_last_second_to_pay"),
        pytest.param(at("23:01") + SECOND, Phase.RESOLVING, id="a_second_too_late_to_pay"),
        pytest.param(at("23:03") - SECOND, Phase.RESOLVING, id="a_second_before_the_freeze"),
        pytest.param(at("23:03"), Phase.FREEZE_DUE, id="the_second_of_the_freeze"),
        pytest.param(at("23:59"), Phase.FREEZE_DUE, id="long_after"),
    ],
)
def test_the_clocks_say_what_is_allowed(instant: datetime, expected: Phase) -> None:
    assert EVENING.phase_at(instant) is expected
    assert EVENING.phase_at(instant.astimezone(UTC)) is expected


@given(
    minutes=st.integers(min_value=-2_000, max_value=2_000),
    seconds=st.integers(min_value=0, max_value=200_000),
)
def test_phases_only_move_forward(minutes: int, seconds: int) -> None:
    phases = list(Phase)
    first = EVENING.orders_close_at + timedelta(minutes=minutes)

    before = EVENING.phase_at(first)
    after = EVENING.phase_at(first + timedelta(seconds=seconds))

    assert phases.index(before) <= phases.index(after)


def test_a_freeze_may_follow_the_last_payment_at_once() -> None:
    timeline = Timeline(
        opens_at=at("07:00"),
        orders_close_at=at("22:58"),
        payments_close_at=at("23:00"),
        freeze_at=at("23:00"),
    )

    assert timeline.phase_at(at("23:00") - SECOND) is Phase.PAYING
    assert timeline.phase_at(at("23:00")) is Phase.FREEZE_DUE


@pytest.mark.parametrize(
    "clocks",
    [
        pytest.param(("07:00", "07:00", "07:05", "07:05"), id="opens_as_it_closes"),
        pytest.param(("07:00", "22:58", "22:59", "23:03"), id="one_minute_to_pay"),
        pytest.param(("07:00", "22:58", "23:01", "23:00"), id="freezes_before_payments_close"),
    ],
)
def test_clocks_out_of_order_are_refused(clocks: tuple[str, str, str, str]) -> None:
    opens, orders_close, payments_close, freeze = (at(clock) for clock in clocks)

    with pytest.raises(ClocksOutOfOrder):
        Timeline(
            opens_at=opens,
            orders_close_at=orders_close,
            payments_close_at=payments_close,
            freeze_at=freeze,
        )


def test_a_clock_without_a_zone_is_refused() -> None:
    with pytest.raises(ClocksOutOfOrder, match="time zone"):
        Timeline(
            opens_at=at("07:00").replace(tzinfo=None),
            orders_close_at=at("22:58"),
            payments_close_at=at("23:01"),
            freeze_at=at("23:03"),
        )


def verdict(
    success: str, *, frozen: bool = False, payable: bool = True, right: bool = True
) -> PaymentVerdict:
    return judge_payment(
        succeeded_at=at(success),
        payments_close_at=EVENING.payments_close_at,
        is_frozen=frozen,
        is_order_payable=payable,
        is_amount_right=right,
    )


def test_money_in_time_is_paid_however_late_its_notice_came() -> None:
    assert verdict("23:01") is PaymentVerdict.PAID


def test_money_in_time_that_missed_the_freeze_goes_back_and_is_looked_into() -> None:
    assert verdict("23:01", frozen=True) is PaymentVerdict.REFUND_AFTER_FREEZE
    assert PaymentVerdict.REFUND_AFTER_FREEZE.is_incident


@pytest.mark.parametrize("frozen", [False, True])
def test_money_after_the_clock_goes_back_frozen_or_not(frozen: bool) -> None:
    assert verdict("23:02", frozen=frozen) is PaymentVerdict.REFUND_LATE


@pytest.mark.parametrize("success", ["23:00", "23:02"])
def test_a_second_payment_of_an_order_goes_back_and_is_no_incident(success: str) -> None:
    assert verdict(success, payable=False) is PaymentVerdict.REFUND_DUPLICATE
    assert not PaymentVerdict.REFUND_DUPLICATE.is_incident


@pytest.mark.parametrize("success", ["23:00", "23:02"])
@pytest.mark.parametrize("payable", [False, True])
@pytest.mark.parametrize("frozen", [False, True])
def test_a_wrong_amount_always_waits_for_a_human(success: str, payable: bool, frozen: bool) -> None:
    assert (
        verdict(success, frozen=frozen, payable=payable, right=False)
        is PaymentVerdict.HOLD_IN_SUSPENSE
    )


@given(
    minutes_late=st.integers(min_value=-600, max_value=600),
    frozen=st.booleans(),
    payable=st.booleans(),
    right=st.booleans(),
)
def test_every_payment_is_kept_refunded_or_held_and_never_two_of_them(
    minutes_late: int, frozen: bool, payable: bool, right: bool
) -> None:
    judged = judge_payment(
        succeeded_at=EVENING.payments_close_at + timedelta(minutes=minutes_late),
        payments_close_at=EVENING.payments_close_at,
        is_frozen=frozen,
        is_order_payable=payable,
        is_amount_right=right,
    )

    kept = judged is PaymentVerdict.PAID
    held = judged is PaymentVerdict.HOLD_IN_SUSPENSE
    assert kept + judged.is_refunded + held == 1
    assert kept == (right and payable and minutes_late <= 0 and not frozen)


@given(
    second=st.integers(min_value=1, max_value=57_479),
    promised_s=st.none() | st.integers(min_value=-3_600, max_value=90_000),
)
def test_closed_early_every_clock_is_earlier_or_the_same_and_promises_are_kept(
    second: int, promised_s: int | None
) -> None:
    instant = EVENING.opens_at + timedelta(seconds=second)
    promised = None if promised_s is None else instant + timedelta(seconds=promised_s)

    early = EVENING.closed_at(instant, pay_until=promised)

    assert early.orders_close_at == instant
    assert early.payments_close_at - instant >= timedelta(minutes=3)
    assert early.payments_close_at <= EVENING.payments_close_at
    assert early.freeze_at - early.payments_close_at == timedelta(minutes=2)
    if promised is not None:
        assert early.payments_close_at >= min(promised, EVENING.payments_close_at)


def test_nobody_waits_longer_than_the_last_promise() -> None:
    early = EVENING.closed_at(at("12:00"), pay_until=at("12:11"))

    assert (early.payments_close_at, early.freeze_at) == (at("12:11"), at("12:13"))


@pytest.mark.parametrize("clock", ["07:00", "06:00", "22:58", "23:00"])
def test_only_open_hours_can_be_cut_short(clock: str) -> None:
    with pytest.raises(ClocksOutOfOrder):
        EVENING.closed_at(at(clock))
