"""The posts of a group, word for word as the source has them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fulfillment.services.kit_wording import (
    arrival_text,
    close_word,
    day_word,
    goods_text,
    last_call_text,
    left_word,
    opening_text,
    war_report_text,
)
from tests.fulfillment.kit_values import ADDRESS, NOW, kit_arrival, kit_goods, kit_sale

pytestmark = pytest.mark.usefixtures("english")


def test_the_opening_post_names_day_place_goods_limits_origin_and_the_way() -> None:
    peaches = kit_goods(2, "脆桃 5斤装", price_fen=2990, limit_qty=2, origin="样例县")

    assert opening_text(kit_sale(kit_goods(), peaches)).splitlines() == [
        "[Arrives tomorrow (March 11)] 青石苑A点, order by tonight 23:00",
        "①鸡蛋 30枚 24.90",
        "②脆桃 5斤装 29.90 (at most 2) from 样例县",
        f"Order and pay here → {ADDRESS}",
    ]


def test_a_long_sale_is_cut_and_says_so() -> None:
    text = opening_text(kit_sale(*(kit_goods(at, f"商品{at}") for at in range(11))))

    assert "⑧商品7" in text
    assert "商品8" not in text
    assert "…and 3 more" in text


def test_the_last_call_says_how_long_and_what_is_nearly_gone() -> None:
    eggs = kit_goods(left_qty=12, sold_qty=30)
    plenty = kit_goods(2, "豆腐", left_qty=21)

    assert last_call_text(kit_sale(eggs, plenty)).splitlines() == [
        "[Last call] 青石苑A点: orders close at tonight 23:00, 3 h 0 min to go",
        "Only 12 left: 鸡蛋 30枚",
        "Neighbours took most: 鸡蛋 30枚 × 30",
        "Goods come tomorrow (March 11). Nothing can be added after that.",
        f"Order and pay here → {ADDRESS}",
    ]


def test_the_war_report_is_of_this_group() -> None:
    eggs, tofu = kit_goods(sold_qty=3), kit_goods(2, "嫩豆腐", sold_qty=7, left_qty=5)

    assert war_report_text(kit_sale(eggs, tofu)).splitlines() == [
        "[So far] 20:00 青石苑A点: 41 households, 96 pieces",
        "Neighbours took most: 嫩豆腐 × 7, 鸡蛋 30枚 × 3",
        "Only 5 left: 嫩豆腐",
        "3 h 0 min until orders close",
        f"Order and pay here → {ADDRESS}",
    ]


def test_the_arrival_notice_has_time_code_hours_shortages_and_claims() -> None:
    assert arrival_text(kit_arrival()).splitlines() == [
        "[Arrived] 青石苑A点, here since 10:40, 36 orders",
        "Say your pickup code, it looks like 07-8821; open until 21:00",
        "Short: 脆桃 5斤装 × 2; refunded already, nothing to do",
        "Something spoiled? Send a photo within 24 hours, on your order page",
        "Your pickup code → https://tuan.example/me/orders/",
    ]


@pytest.mark.parametrize(
    ("expected", "begins"),
    [
        (
            (datetime(2026, 3, 11, 2, 15, tzinfo=UTC), datetime(2026, 3, 11, 3, 0, tzinfo=UTC)),
            "[On the way] 青石苑A点, expected 10:15–11:00, 36 orders",
        ),
        (None, "[On the way] 青石苑A点, 36 orders"),
    ],
)
def test_before_the_van_the_notice_says_when_it_comes(
    expected: tuple[datetime, datetime] | None, begins: str
) -> None:
    text = arrival_text(kit_arrival(arrived_at=None, expected=expected, shortages=()))

    assert text.splitlines()[0] == begins
    assert "Short" not in text


def test_one_good_has_price_unit_price_origin_and_limit() -> None:
    goods = kit_goods(origin="样例县", limit_qty=2, left_qty=3)

    assert goods_text(kit_sale(goods), goods).splitlines() == [
        "鸡蛋 30枚  24.90 yuan each 板",
        "8.30 yuan for 500 g",
        "Origin: 样例县",
        "At most 2 per household",
        "Only 3 left",
        "Order by tonight 23:00, arrives tomorrow (March 11) at 青石苑A点",
        f"Order and pay here → {ADDRESS}",
    ]


@pytest.mark.parametrize(
    ("ahead", "word"), [(0, "today (March 10)"), (1, "tomorrow (March 11)"), (5, "March 15")]
)
def test_days_are_named_as_people_name_them(ahead: int, word: str) -> None:
    assert day_word(date(2026, 3, 10) + timedelta(days=ahead), NOW) == word


@pytest.mark.parametrize(
    ("close", "word"),
    [
        (datetime(2026, 3, 10, 15, 0, tzinfo=UTC), "tonight 23:00"),
        (datetime(2026, 3, 10, 8, 0, tzinfo=UTC), "today 16:00"),
        (datetime(2026, 3, 12, 15, 0, tzinfo=UTC), "March 12 23:00"),
    ],
)
def test_another_day_comes_with_its_date(close: datetime, word: str) -> None:
    assert close_word(close, NOW) == word


@pytest.mark.parametrize(
    ("left", "word"),
    [
        (timedelta(hours=51), "2 d 3 h"),
        (timedelta(hours=3, minutes=12), "3 h 12 min"),
        (timedelta(minutes=9, seconds=59), "9 min"),
        (timedelta(minutes=-1), "0 min"),
    ],
)
def test_time_is_left_to_the_minute(left: timedelta, word: str) -> None:
    assert left_word(left) == word
