"""An order is placed once per key, and seen by nobody but its resident."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.throttling import SimpleRateThrottle

from leaders.models.leaders import LeaderState
from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.orders import Order, OrderState
from orders.models.payments import RefundReason
from orders.models.residents import Resident
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import (
    OrderFactory,
    OrderLineFactory,
    PaymentFactory,
    RefundFactory,
    RefundLineFactory,
    ResidentFactory,
)
from tests.factories.shops import Shop
from tests.orders.api.caller import ApiCaller

KEY = "basket-0001"


def basket(shop: Shop, *lines: tuple[Offer, int], **changes: Any) -> dict[str, Any]:
    return {
        "campaign": shop.campaign.code,
        "leader": shop.point.leader.code,
        "lines": [{"offer_id": offer.pk, "qty": qty} for offer, qty in lines],
    } | changes


def test_an_order_is_placed_for_the_caller(
    shop: Shop, resident: Resident, caller: ApiCaller
) -> None:
    offer = shop.offer(price_fen=500)

    answer = caller.post("orders/", basket(shop, (offer, 3)), KEY)

    assert answer.status == 201
    order = Order.objects.get()
    assert answer.body == answer.body | {
        "order_no": order.order_no,
        "state": "pending_payment",
        "total_fen": 1500,
    }
    assert (order.resident, order.leader) == (resident, shop.point.leader)
    assert (order.resident_name, order.resident_phone) == (resident.name, resident.phone)
    assert (order.building, order.room) == (resident.building, resident.room)
    assert "Idempotency-Replayed" not in answer.headers


@pytest.mark.parametrize(("asked", "kept"), [({}, False), ({"accepts_substitutes": True}, True)])
def test_nobody_is_given_substitutes_without_saying_so(
    shop: Shop, caller: ApiCaller, asked: dict[str, bool], kept: bool
) -> None:
    placed = caller.post("orders/", basket(shop, (shop.offer(), 1), **asked), KEY)

    shown = caller.get(f"orders/{placed.body['order_no']}/")

    assert Order.objects.get().accepts_substitutes is kept
    assert shown.body["accepts_substitutes"] is kept


def test_somebody_else_may_pick_up(shop: Shop, caller: ApiCaller) -> None:
    receiver = {"name": "王奶奶", "phone": "19900009999"}

    caller.post("orders/", basket(shop, (shop.offer(), 1), receiver=receiver), KEY)

    order = Order.objects.get()
    assert (order.resident_name, order.resident_phone) == ("王奶奶", "19900009999")
    assert (order.building, order.room) == ("", "")


def test_the_same_key_places_one_order_however_often_it_is_sent(
    shop: Shop, caller: ApiCaller
) -> None:
    body = basket(shop, (shop.offer(stock_cap=5), 2), (shop.offer(), 1))
    first = caller.post("orders/", body, KEY)
    Campaign.objects.update(state=CampaignState.CLOSING)

    second = caller.post("orders/", body | {"lines": body["lines"][::-1]}, KEY)

    assert (first.status, second.status) == (201, 200)
    assert second.body == first.body
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Order.objects.count() == 1


def test_a_key_stands_for_one_basket(shop: Shop, caller: ApiCaller) -> None:
    offer = shop.offer()
    caller.post("orders/", basket(shop, (offer, 1)), KEY)

    answer = caller.post("orders/", basket(shop, (offer, 2)), KEY)

    assert (answer.status, answer.code) == (422, "request_key_reused")
    assert Order.objects.count() == 1


def test_two_residents_may_make_up_the_same_key(shop: Shop, caller: ApiCaller) -> None:
    body = basket(shop, (shop.offer(), 1))
    neighbour = ApiCaller(ResidentFactory.create(leader=shop.point.leader))

    assert [who.post("orders/", body, KEY).status for who in (caller, neighbour)] == [201, 201]


@pytest.mark.parametrize("key", [None, "short", "x" * 65, "ключ-ключ", "tab\tin-it"])
def test_without_a_usable_key_nothing_is_placed(
    shop: Shop, caller: ApiCaller, key: str | None
) -> None:
    answer = caller.post("orders/", basket(shop, (shop.offer(), 1)), key)

    assert (answer.status, answer.code) == (400, "idempotency_key_missing")
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code", "details"),
    [
        ({"lines": []}, "basket_empty", set()),
        ({"lines": None}, "invalid", {"lines"}),
        ({"lines": [{"offer_id": 1, "qty": 0}]}, "invalid", {"lines.0.qty"}),
        ({"lines": [{"offer_id": 1, "qty": 10_000}]}, "invalid", {"lines.0.qty"}),
        ({"lines": {"offer_id": 1, "qty": 1}}, "invalid", {"lines"}),
        ({"lines": ["broccoli"]}, "invalid", {"lines.0"}),
        ({"lines": [{"offer_id": 2**63, "qty": 1}]}, "invalid", {"lines.0.offer_id"}),
        (
            {"lines": [{"offer_id": True, "qty": True}]},
            "invalid",
            {"lines.0.offer_id", "lines.0.qty"},
        ),
        ({"lines": [{"qty": 1}]}, "invalid", {"lines.0.offer_id"}),
        (
            {"lines": [{"offer_id": "x", "qty": 1.5}]},
            "invalid",
            {"lines.0.offer_id", "lines.0.qty"},
        ),
        ({"lines": [{"offer_id": 1, "qty": 1}] * 2}, "offer_twice_in_basket", set()),
        ({"receiver": {"phone": "1"}}, "invalid", {"receiver.name"}),
        ({"receiver": {"name": "a\u0007b", "phone": "1"}}, "receiver_invalid", {"field"}),
        ({"campaign": ""}, "invalid", {"campaign"}),
    ],
)
def test_a_basket_that_can_never_be_an_order_is_refused(
    shop: Shop, caller: ApiCaller, changes: dict[str, Any], code: str, details: set[str]
) -> None:
    answer = caller.post("orders/", basket(shop, (shop.offer(), 1)) | changes, KEY)

    assert (answer.status, answer.code) == (422, code)
    assert set(answer.body["details"]) == details
    assert not Order.objects.exists()


def test_sold_out_goods_are_named(shop: Shop, caller: ApiCaller) -> None:
    scarce = shop.offer(stock_cap=2)

    answer = caller.post("orders/", basket(shop, (shop.offer(), 1), (scarce, 3)), KEY)

    assert (answer.status, answer.code) == (409, "sold_out")
    (named,) = answer.body["details"]["offers"]
    assert (named["offer_id"], named["left_qty"]) == (scarce.pk, 2)


def test_more_than_a_household_may_have_is_refused(shop: Shop, caller: ApiCaller) -> None:
    offer = shop.offer(per_resident_limit=2)

    answer = caller.post("orders/", basket(shop, (offer, 3)), KEY)

    assert (answer.status, answer.code) == (409, "resident_limit_reached")


def test_an_offer_outside_its_slot_or_campaign_is_not_on_sale(
    shop: Shop, caller: ApiCaller
) -> None:
    later = shop.offer(sells_from=timezone.now() + timedelta(minutes=30))
    foreign = Shop().offer()

    for at, offer in enumerate((later, foreign)):
        answer = caller.post("orders/", basket(shop, (offer, 1)), f"{KEY}-{at}")
        assert (answer.status, answer.code) == (409, "offer_not_on_sale")


def test_after_the_close_nothing_is_ordered(shop: Shop, caller: ApiCaller) -> None:
    offer = shop.offer()
    Campaign.objects.update(orders_close_at=timezone.now() - timedelta(seconds=1))

    answer = caller.post("orders/", basket(shop, (offer, 1)), KEY)

    assert (answer.status, answer.code) == (409, "ordering_closed")


def test_a_resident_orders_in_the_group_they_are_bound_to(shop: Shop, caller: ApiCaller) -> None:
    other = LeaderFactory.create()

    answer = caller.post("orders/", basket(shop, (shop.offer(), 1), leader=other.code), KEY)

    assert (answer.status, answer.code) == (409, "other_leaders_group")
    assert answer.body["details"] == {"leader": shop.point.leader.code}


def test_a_leader_who_was_suspended_takes_no_orders(shop: Shop, caller: ApiCaller) -> None:
    shop.point.leader.state = LeaderState.SUSPENDED
    shop.point.leader.save()

    answer = caller.post("orders/", basket(shop, (shop.offer(), 1)), KEY)

    assert (answer.status, answer.code) == (409, "leader_not_serving")


def test_an_unknown_campaign_is_not_found(shop: Shop, caller: ApiCaller) -> None:
    answer = caller.post("orders/", basket(shop, (shop.offer(), 1), campaign="NONE"), KEY)

    assert (answer.status, answer.code) == (404, "not_found")


def test_a_body_is_refused_by_its_announced_size(shop: Shop, caller: ApiCaller) -> None:
    answer = caller.post("orders/", {"campaign": "x" * 70_000}, KEY)

    assert (answer.status, answer.code) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("kind", "body", "status", "code"),
    [
        ("application/json", b'{"lines":', 400, "parse_error"),
        ("application/json", b"\xff\xfe", 400, "parse_error"),
        ("text/plain", b"2 broccoli", 415, "unsupported_media_type"),
    ],
)
def test_what_is_no_json_is_refused(
    caller: ApiCaller, kind: str, body: bytes, status: int, code: str
) -> None:
    headers = caller.headers | {"Idempotency-Key": KEY}

    answer = caller.client.post("/api/v1/orders/", body, content_type=kind, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_resident_can_place_so_many_orders_a_minute(
    shop: Shop, caller: ApiCaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = SimpleRateThrottle.THROTTLE_RATES | {"orders": "2/min"}
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", rates)
    body = basket(shop, (shop.offer(), 1))
    neighbour = ApiCaller(ResidentFactory.create(leader=shop.point.leader))

    answers = [caller.post("orders/", body, f"{KEY}-{at}") for at in range(3)]

    assert [answer.status for answer in answers] == [201, 201, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert caller.get("orders/").status == 200
    assert neighbour.post("orders/", body, KEY).status == 201


def test_placing_an_order_costs_two_queries_more_than_the_placement(
    shop: Shop, caller: ApiCaller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lines = [(shop.offer(), 1) for _line in range(4)]
    hot = shop.offer(stock_cap=100)
    body = basket(shop, *lines, (hot, 1))

    # The token; the campaign's code. Then: terms, point, savepoint,
    # campaign's lock, campaign and clock, order with lines, stock, release.
    with django_assert_num_queries(2 + 8):
        assert caller.post("orders/", body, KEY).status == 201


def test_the_list_shows_own_orders_the_newest_first_in_pages(
    shop: Shop,
    resident: Resident,
    caller: ApiCaller,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    own = [
        OrderFactory.create(resident=resident, leader=shop.point.leader, campaign=shop.campaign)
        for _order in range(23)
    ]
    for order in own:
        OrderLineFactory.create_batch(2, order=order)
    OrderLineFactory.create()

    with django_assert_num_queries(3):
        first = caller.get("orders/")
    cursor = first.body["next"].partition("cursor=")[2]
    second = caller.get("orders/", cursor=cursor.replace("%3D", "="))

    numbers = [row["order_no"] for answer in (first, second) for row in answer.body["results"]]
    assert numbers == [order.order_no for order in reversed(own)]
    assert (len(first.body["results"]), second.body["next"]) == (20, None)
    assert len(first.body["results"][0]["lines"]) == 2


def test_a_broken_cursor_is_not_found(caller: ApiCaller) -> None:
    assert caller.get("orders/", cursor="nonsense").status == 404


def test_the_detail_tells_what_came_and_what_goes_back(
    shop: Shop,
    resident: Resident,
    caller: ApiCaller,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    order = OrderFactory.create(
        resident=resident,
        campaign=shop.campaign,
        pickup_point=shop.point,
        leader=shop.point.leader,
        state=OrderState.FROZEN,
        pickup_no=7,
    )
    short = OrderLineFactory.create(order=order, qty=3)
    OrderLineFactory.create(order=order)
    refund = RefundFactory.create(payment=PaymentFactory.create(order=order))
    RefundLineFactory.create(refund=refund, order_line=short, qty=1)

    with django_assert_max_num_queries(8):
        body = caller.get(f"orders/{order.order_no}/").body

    assert (body["state"], body["is_payable"], body["is_cancellable"]) == ("frozen", False, False)
    assert body["pickup_code"] == f"07-{resident.phone[-4:]}"
    assert sorted(line["short_qty"] for line in body["lines"]) == [0, 1]
    assert [shown["reason"] for shown in body["refunds"]] == [RefundReason.SHORTAGE]
    assert body["refund_fen"] == 500
    assert body["receiver"]["phone"] == resident.phone


def test_a_neighbours_order_does_not_exist(caller: ApiCaller) -> None:
    foreign = OrderFactory.create()

    answer = caller.get(f"orders/{foreign.order_no}/")

    assert (answer.status, answer.code) == (404, "not_found")
    assert foreign.order_no not in str(answer.body)
