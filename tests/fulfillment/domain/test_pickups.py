"""Whose goods are meant, whether they may go out, and when they did."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.pickups import (
    Fetchable,
    Hindrance,
    Waiting,
    codes_meant,
    fetched_at,
    found,
    hindrance,
)
from orders.domain.pickup_codes import pickup_code

DAY = date(2026, 3, 11)
MIDNIGHT = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)
FIVE = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
READY = Fetchable(is_ours=True, is_sold=True, delivery_date=DAY, pieces=3)
LIST = (
    Waiting(order_id=11, pickup_no=7, last4="8821", name="陈**", door="3栋 501"),
    Waiting(order_id=12, pickup_no=8, last4="0007", name="林*", door="3栋 502"),
    Waiting(order_id=13, pickup_no=8821, last4="1234", name="毛**", door="12栋 A-1"),
    Waiting(order_id=14, pickup_no=7, last4="5555", name="陈*", door="1栋 101"),
)


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("07-8821", (11,)),
        ("7 8821", (11,)),
        ("078821", (11,)),
        ("０７－８８２１", (11,)),
        (" 07 — 8821 ", (11,)),
        ("7", (11, 14)),
        ("007", (11, 14)),
        ("8821", (11,)),
        ("0007", (12,)),
        ("08-0007", (12,)),
        ("1234", (13,)),
        ("88211234", (13,)),
        ("12栋a1", (13,)),
        ("3栋", (11, 12)),
        ("501", (11,)),
        ("陈", (11, 14)),
        ("07-9999", ()),
        ("nobody", ()),
        ("", (11, 12, 13, 14)),
    ],
)
def test_codes_names_and_doors_find_whose_goods_are_meant(
    text: str, orders: tuple[int, ...]
) -> None:
    assert found(text, LIST) == orders


@given(st.integers(1, 999_999), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_every_code_we_print_is_read_back_however_it_is_parted(number: int, phone: str) -> None:
    code = pickup_code(number, phone)

    for text in (code, code.replace("-", " "), code.replace("-", "")):
        assert codes_meant(text)[0].fits(number, phone[-4:])


def test_a_number_with_the_wrong_phone_means_nobody() -> None:
    assert not any(code.fits(7, "8821") for code in codes_meant("07-8822"))


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (READY, None),
        (replace(READY, is_ours=False, is_sold=False), Hindrance.ELSEWHERE),
        (replace(READY, is_sold=False), Hindrance.NOT_SOLD),
        (replace(READY, delivery_date=DAY + timedelta(days=1)), Hindrance.TOO_EARLY),
        (replace(READY, pieces=None), Hindrance.NOT_SHARED_OUT),
        (replace(READY, pieces=0), Hindrance.NO_GOODS),
        (replace(READY, is_disposed=True), Hindrance.DISPOSED),
    ],
)
def test_goods_go_out_when_they_are_here_and_sold(order: Fetchable, why: Hindrance | None) -> None:
    assert hindrance(order, DAY) is why


def test_goods_are_handed_out_on_any_day_from_the_delivery_on() -> None:
    assert hindrance(READY, DAY + timedelta(days=9)) is None


@pytest.mark.parametrize(
    ("device_at", "counts"),
    [
        (FIVE - timedelta(hours=2), FIVE - timedelta(hours=2)),
        (FIVE + timedelta(minutes=3), FIVE),
        (FIVE + timedelta(hours=1), FIVE),
        (MIDNIGHT - timedelta(seconds=1), FIVE),
        (MIDNIGHT, MIDNIGHT),
    ],
)
def test_the_phones_clock_counts_where_it_can_be_true(
    device_at: datetime, counts: datetime
) -> None:
    assert fetched_at(device_at, received_at=FIVE, day_begins=MIDNIGHT) == counts
