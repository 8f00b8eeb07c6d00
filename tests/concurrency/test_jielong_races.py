"""A chain that is pasted twice at once is one chain; a link ordered twice is one row's order."""

import time
from contextlib import AbstractContextManager
from unittest.mock import patch

import pytest

from leaders.models.leaders import Leader
from orders.domain.basket import BasketLine, OrderRequest, Receiver
from orders.domain.jielong.chain import Chain
from orders.models.campaigns import Campaign, Offer
from orders.models.jielong import JielongEntry, JielongEntryState, JielongImport
from orders.models.orders import Order, OrderSource
from orders.services.jielong import chain_read, jielong_import, jielong_ordered
from orders.services.placement import order_place
from tests.concurrency.race import Outcome, Runner, errors, race, values
from tests.factories.storefronts import OpenShop

pytestmark = pytest.mark.django_db(transaction=True)

SERVICE = "orders.services.jielong"
LIFECYCLE_SOURCES = "leaders.domain.lifecycle.Lifecycle.sources_of"
STATES = frozenset(JielongEntryState.values)
WINDOW_S = 0.3
PROCESSES = 4


def read_slowly(*, text: str, campaign: Campaign, leader: Leader | None) -> Chain:
    """Read a chain and take one's time, so that pastes overlap."""
    chain = chain_read(text=text, campaign=campaign, leader=leader)
    time.sleep(WINDOW_S)
    return chain


def pasted_at_once(*, guarded: bool) -> list[Outcome[int]]:
    """Let several tabs of one leader paste the same text."""
    shop = OpenShop()
    shop.offer("农家鸡蛋 30枚")
    user = shop.leader.user
    assert user is not None

    def paste(runner: Runner) -> int:
        outcome = jielong_import(
            leader=shop.leader,
            campaign=shop.campaign,
            text="#接龙\nA鸡蛋\n1. 小满 3-501 A2",
            actor=user,
            now=shop.now,
        )
        return outcome.jielong_import.pk

    patches: list[AbstractContextManager[object]] = [patch(f"{SERVICE}.chain_read", read_slowly)]
    if not guarded:
        patches.append(patch(f"{SERVICE}._one_at_a_time"))
    return race(paste, processes=PROCESSES, without=patches)


def test_one_text_pasted_at_once_is_one_import() -> None:
    outcomes = pasted_at_once(guarded=True)

    assert errors(outcomes) == []
    assert set(values(outcomes)) == {JielongImport.objects.get().pk}
    assert JielongEntry.objects.count() == 1


@pytest.mark.control
def test_without_waiting_for_one_another_pastes_collide() -> None:
    assert errors(pasted_at_once(guarded=False))


def placed(shop: OpenShop, offer: Offer, number: int) -> Order:
    """An order of a household of its own."""
    resident = shop.resident(phone=f"1990691000{number}")
    request = OrderRequest(
        campaign_id=offer.campaign_id,
        leader_id=shop.leader.pk,
        resident_id=resident.pk,
        lines=(BasketLine(offer.pk, 2),),
        receiver=Receiver(name="小满", phone=resident.phone),
        request_key=f"k{number}",
        source=OrderSource.JIELONG,
    )
    return order_place(request=request).order


def linked_at_once(*, guarded: bool) -> list[Outcome[bool]]:
    """Let several households' orders be noted with one link."""
    shop = OpenShop()
    offer = shop.offer("农家鸡蛋 30枚")
    user = shop.leader.user
    assert user is not None
    text = "#接龙\nA鸡蛋\n1. 小满 3-501 A2"
    jielong_import(leader=shop.leader, campaign=shop.campaign, text=text, actor=user, now=shop.now)
    token = JielongEntry.objects.get().token
    orders = [placed(shop, offer, number) for number in range(PROCESSES)]

    def note(runner: Runner) -> bool:
        return jielong_ordered(token=token, order=orders[runner.number], now=shop.now)

    unguarded = patch(LIFECYCLE_SOURCES, lambda _lifecycle, _state: STATES)
    return race(note, processes=PROCESSES, without=[] if guarded else [unguarded])


def test_one_link_leads_to_one_order_however_many_are_placed_at_once() -> None:
    outcomes = linked_at_once(guarded=True)

    assert sorted(values(outcomes)) == [False] * (PROCESSES - 1) + [True]
    assert JielongEntry.objects.get().order is not None


@pytest.mark.control
def test_without_its_guard_one_link_takes_every_order() -> None:
    assert sum(values(linked_at_once(guarded=False))) > 1
