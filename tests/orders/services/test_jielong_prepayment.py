"""A leader pays for rows of a chain; every household keeps an order of its own."""

import pytest

from orders.models.jielong import JielongEntry, JielongEntryState, SkuAlias
from orders.models.orders import Order, OrderSource
from orders.selectors.resident_orders import order_of_payer, proxy_orders_waiting
from orders.services.jielong import jielong_import
from orders.services.jielong_prepayment import Prepaid, jielong_prepay
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.storefronts import OpenShop
from tests.orders.domain.jielong.corpus import MARKET, cases

TEXT = "#接龙\nA鸡蛋 B豆腐\n1. 小满 3-501 A2\n2. 谷雨 B1\n3. 白露 3-503 A"


@pytest.fixture
def shop(db: None) -> OpenShop:
    """A shop whose leader has pasted two clear rows and an unclear one."""
    shop = OpenShop()
    shop.offer("农家鸡蛋 30枚", price_fen=2490)
    shop.offer("嫩豆腐 400g", price_fen=290, stock_cap=5)
    assert shop.leader.user is not None
    jielong_import(
        leader=shop.leader,
        campaign=shop.campaign,
        text=TEXT,
        actor=shop.leader.user,
        now=shop.now,
    )
    return shop


def prepay(shop: OpenShop) -> tuple[Prepaid, ...]:
    """Let the leader pay for every row."""
    entries = list(JielongEntry.objects.order_by("position"))
    return jielong_prepay(leader=shop.leader, entries=entries, now=shop.now)


def test_each_ready_row_is_an_order_that_the_leader_pays(shop: OpenShop) -> None:
    prepaid = prepay(shop)

    orders = Order.objects.order_by("pk")
    assert [each.order for each in prepaid] == list(orders)
    assert {(o.source, o.payer_leader) for o in orders} == {(OrderSource.JIELONG, shop.leader)}
    assert [(o.resident_name, o.total_fen) for o in orders] == [("小满", 4980), ("谷雨", 290)]
    assert list(proxy_orders_waiting(shop.leader)) == list(orders)
    assert order_of_payer(shop.leader, orders[0].order_no) is not None
    states = JielongEntry.objects.order_by("position").values_list("state", flat=True)
    assert list(states) == ["ordered", "ordered", "unclear"]


def test_paying_again_places_nothing_more(shop: OpenShop) -> None:
    stale = list(JielongEntry.objects.order_by("position"))
    prepay(shop)

    jielong_prepay(leader=shop.leader, entries=stale, now=shop.now)

    assert Order.objects.count() == 2


def test_a_refused_row_says_why_and_the_others_stand(shop: OpenShop) -> None:
    offer = JielongEntry.objects.get(position=2).items.get().offer
    offer.per_resident_limit = 1
    offer.save(update_fields=["per_resident_limit"])
    JielongEntry.objects.get(position=2).items.update(qty=2)

    prepaid = prepay(shop)

    assert [each.error.code if each.error else "" for each in prepaid] == [
        "",
        "resident_limit_reached",
    ]
    assert JielongEntry.objects.get(position=2).state == JielongEntryState.READY


def test_rows_of_another_leader_are_left_alone(shop: OpenShop) -> None:
    entries = list(JielongEntry.objects.all())

    assert jielong_prepay(leader=LeaderFactory.create(), entries=entries, now=shop.now) == ()
    assert not Order.objects.exists()


def test_whatever_is_pasted_only_clear_rows_become_orders(db: None) -> None:
    shop = OpenShop()
    for goods in MARKET:
        offer = shop.offer(goods.name)
        for alias in goods.aliases:
            SkuAlias.objects.create(sku=offer.sku, alias=alias)
    doubted = [case for case in cases() if any(entry.doubts for entry in case.entries)]
    for case in doubted[::4]:
        leader = LeaderFactory.create()
        PickupPointFactory.create(leader=leader)
        assert leader.user is not None
        jielong_import(
            leader=leader,
            campaign=shop.campaign,
            text=case.text,
            actor=leader.user,
            now=shop.now,
        )
        rows = JielongEntry.objects.filter(jielong_import__leader=leader)
        unclear = set(rows.filter(state=JielongEntryState.UNCLEAR))

        jielong_prepay(leader=leader, entries=list(rows), now=shop.now)

        assert unclear
        assert not Order.objects.filter(jielong_entry__in=unclear).exists()
        assert Order.objects.filter(leader=leader).count() == rows.count() - len(unclear)
