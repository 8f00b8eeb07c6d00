"""Counters of capped offers: never over the cap, never adrift, the last piece always sold."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db.transaction import atomic, set_rollback
from hypothesis import given, settings
from hypothesis import strategies as st

from leaders.errors import PromiseBroken
from orders.errors import ResidentLimitReached, SoldOut
from orders.models.stock import OfferStock
from orders.selectors.stock import stock_left
from orders.services.order_states import order_drop, order_mark_late, order_pay
from orders.services.placement import order_place
from orders.services.stock import StockAsk, goods_release, stock_rows_create, stock_take
from tests.factories.orders import ResidentFactory
from tests.factories.shops import Shop, counters, lines_held

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    """One open campaign and one leader with a point."""
    return Shop()


def reserved() -> list[int]:
    """What each bucket has reserved, in order."""
    return list(OfferStock.objects.values_list("reserved_qty", flat=True))


def test_the_cap_is_shared_over_the_buckets(shop: Shop) -> None:
    shop.offer()
    shop.offer(stock_cap=10, stock_buckets=4)

    rows = OfferStock.objects.values_list("bucket", "cap_qty", "reserved_qty")

    assert list(rows) == [(0, 3, 0), (1, 3, 0), (2, 2, 0), (3, 2, 0)]


def test_opening_twice_makes_no_second_counter(shop: Shop) -> None:
    offer = shop.offer(stock_cap=3)
    stock_take(asks=[StockAsk(offer.pk, 2, 1)], preferred=0)

    assert stock_rows_create(campaign_id=shop.campaign.pk) == 1

    assert reserved() == [2]


def test_a_hot_offer_is_taken_from_the_preferred_bucket(shop: Shop) -> None:
    offer = shop.offer(stock_cap=12, stock_buckets=4)

    short = stock_take(asks=[StockAsk(offer.pk, 3, 4)], preferred=6)

    assert short == set()
    assert reserved() == [0, 0, 3, 0]


def test_what_one_bucket_cannot_give_is_taken_from_all_in_order(shop: Shop) -> None:
    offer = shop.offer(stock_cap=12, stock_buckets=4)

    short = stock_take(asks=[StockAsk(offer.pk, 7, 4)], preferred=2)

    assert short == set()
    assert reserved() == [3, 3, 1, 0]


def test_the_last_piece_is_sold_whatever_bucket_it_is_in(shop: Shop) -> None:
    offer = shop.offer(stock_cap=5, stock_buckets=4)

    sold = [stock_take(asks=[StockAsk(offer.pk, 1, 4)], preferred=0) for _piece in range(6)]

    assert sold == [set()] * 5 + [{offer.pk}]
    assert reserved() == [2, 1, 1, 1]


def test_what_is_short_is_named_and_the_rest_of_a_hot_basket_untouched(shop: Shop) -> None:
    hot = shop.offer(stock_cap=8, stock_buckets=4)
    scarce = shop.offer(stock_cap=1)

    short = stock_take(asks=[StockAsk(hot.pk, 1, 4), StockAsk(scarce.pk, 2, 1)], preferred=1)

    assert short == {scarce.pk}
    assert reserved() == [0, 0, 0, 0, 0]


def test_a_capped_offer_without_counters_sells_nothing() -> None:
    assert stock_take(asks=[StockAsk(999_999, 1, 1)], preferred=0) == {999_999}


def test_pieces_go_back_to_the_buckets_in_order(shop: Shop) -> None:
    offer = shop.offer(stock_cap=12, stock_buckets=4)
    stock_take(asks=[StockAsk(offer.pk, 7, 4)], preferred=0)

    goods_release(lines=[(offer.pk, 1, 2), (offer.pk, 2, 2)])

    assert reserved() == [0, 2, 1, 0]
    assert stock_left(offer_ids=[offer.pk]) == {offer.pk: 9}


def test_more_than_was_reserved_never_goes_back(shop: Shop) -> None:
    offer = shop.offer(stock_cap=12)
    stock_take(asks=[StockAsk(offer.pk, 2, 1)], preferred=0)

    with pytest.raises(PromiseBroken, match="gives back"):
        goods_release(lines=[(offer.pk, 1, 3)])


# The law -----------------------------------------------------------------------

CAPS = ((7, 1), (9, 3), (4, 4))
LIMIT = 5
baskets = st.lists(
    st.tuples(st.integers(0, len(CAPS) - 1), st.integers(1, 4)),
    min_size=1,
    max_size=3,
    unique_by=lambda line: line[0],
)
moves = st.lists(
    st.one_of(
        st.tuples(st.just("place"), st.integers(0, 2), baskets),
        st.tuples(st.sampled_from(["pay", "late", "drop"]), st.integers(0, 30), st.just([])),
    ),
    max_size=25,
)


@given(moves)
@settings(max_examples=40, deadline=None)
def test_counters_are_the_held_lines_after_any_sequence_of_moves(
    steps: list[tuple[str, int, list[tuple[int, int]]]],
) -> None:
    with atomic():
        shop = Shop()
        offers = [
            shop.offer(stock_cap=cap, stock_buckets=buckets, per_resident_limit=LIMIT)
            for cap, buckets in CAPS
        ]
        residents = ResidentFactory.create_batch(3, leader=shop.point.leader)
        placed: list[int] = []
        for what, which, lines in steps:
            if what == "place":
                request = shop.request(
                    *((offers[at], qty) for at, qty in lines), resident=residents[which]
                )
                with suppress(SoldOut, ResidentLimitReached):
                    placed.append(order_place(request=request, clock=shop.clock).order.pk)
            elif placed:
                move(what, placed[which % len(placed)], shop)
            assert counters() == lines_held()
        left = stock_left(offer_ids=[offer.pk for offer in offers])
        for offer, (cap, _buckets) in zip(offers, CAPS, strict=True):
            assert 0 <= left[offer.pk] <= cap
        set_rollback(True)


def move(what: str, order_id: int, shop: Shop) -> None:
    now = shop.now + timedelta(minutes=1)
    if what == "pay":
        order_pay(order_id=order_id, paid_at=now, now=now, actor="system")
    elif what == "late":
        order_mark_late(order_id=order_id, paid_at=now, now=now, reason="late")
    else:
        order_drop(order_id=order_id, now=now, actor="system", reason="asked")
