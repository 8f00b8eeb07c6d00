"""Pasted chains become rows; clear rows become payment links, nothing more."""

import pytest

from leaders.models.accounts import User
from leaders.models.audit import AuditEvent
from orders.domain.jielong.chain import Doubt
from orders.errors import OrderingClosed
from orders.jielong_errors import (
    JielongEntryClosed,
    JielongItemsMissing,
    JielongReasonMissing,
    JielongTextEmpty,
)
from orders.models.campaigns import Offer
from orders.models.jielong import (
    JielongEntry,
    JielongEntryState,
    JielongImport,
    JielongItem,
    SkuAlias,
)
from orders.models.orders import Order, OrderState
from orders.services.jielong import (
    Decision,
    ImportOutcome,
    alias_learn,
    chain_read,
    jielong_dismiss,
    jielong_import,
    jielong_ordered,
    jielong_reopen,
    jielong_resolve,
)
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import OrderFactory, ResidentFactory
from tests.factories.storefronts import OpenShop

HEAD = "#接龙\nA鸡蛋 B豆腐\n"


@pytest.fixture
def shop(db: None) -> OpenShop:
    """A shop with eggs and tofu."""
    shop = OpenShop()
    shop.offer("农家鸡蛋 30枚", price_fen=2490)
    shop.offer("嫩豆腐 400g", price_fen=290)
    return shop


def lin(shop: OpenShop) -> User:
    """The leader's log-in."""
    assert shop.leader.user is not None
    return shop.leader.user


def paste(shop: OpenShop, *rows: str) -> ImportOutcome:
    """Import a chain with these rows, numbered from 1."""
    text = HEAD + "\n".join(f"{number}. {row}" for number, row in enumerate(rows, start=1))
    return jielong_import(
        leader=shop.leader, campaign=shop.campaign, text=text, actor=lin(shop), now=shop.now
    )


def row(outcome: ImportOutcome, position: int = 1) -> JielongEntry:
    """One row of an import."""
    return outcome.jielong_import.entries.get(position=position)


def states(outcome: ImportOutcome) -> list[str]:
    """The states of an import's rows in their order."""
    entries = outcome.jielong_import.entries.order_by("position")
    return list(entries.values_list("state", flat=True))


def ordered(shop: OpenShop, entry: JielongEntry) -> Order:
    """An order that a row led to."""
    order: Order = OrderFactory.create(leader=shop.leader, campaign=shop.campaign)
    assert jielong_ordered(token=entry.token, order=order, now=shop.now)
    return order


def test_a_clear_row_is_ready_with_a_link_and_an_unclear_one_waits(shop: OpenShop) -> None:
    outcome = paste(shop, "小满 3-501 A2 B1", "谷雨 3-502 A")

    clear, unclear = row(outcome, 1), row(outcome, 2)
    assert states(outcome) == ["ready", "unclear"]
    assert clear.token
    assert unclear.token == ""
    assert unclear.problems == [{"doubt": "qty_assumed", "words": "A"}]
    assert list(clear.items.order_by("pk").values_list("offer__sku__name", "qty")) == [
        ("农家鸡蛋 30枚", 2),
        ("嫩豆腐 400g", 1),
    ]
    assert not Order.objects.exists()


def test_the_same_text_again_changes_nothing(shop: OpenShop) -> None:
    first = paste(shop, "小满 3-501 A2")

    again = paste(shop, "小满 3-501 A2 ")

    assert (again.is_new, again.jielong_import) == (False, first.jielong_import)
    assert JielongImport.objects.count() == 1
    assert JielongEntry.objects.count() == 1


def test_a_kept_row_keeps_its_link_and_what_was_decided(shop: OpenShop) -> None:
    first = paste(shop, "小满 3-501 A", "谷雨 3-502 B1", "白露 3-503 B1")
    offer = Offer.objects.get(sku__name="农家鸡蛋 30枚")
    decision = Decision(quantities={offer.pk: 3}, nickname="小满", building="3", room="501")
    resolved = jielong_resolve(
        entry=row(first, 1), decision=decision, actor=lin(shop), now=shop.now
    )
    jielong_dismiss(entry=row(first, 3), reason="开玩笑的", actor=lin(shop), now=shop.now)

    second = paste(shop, "小满 3-501 A", "谷雨 3-502 B2", "白露 3-503 B1", "霜降 3-504 A1")

    assert states(first) == ["superseded"] * 3
    assert states(second) == ["ready", "ready", "dismissed", "ready"]
    assert row(second, 1).token == resolved.token
    assert row(second, 1).items.get().qty == 3
    assert row(second, 3).note == "开玩笑的"
    assert [pair.new.nickname for pair in second.merge.changed] == ["谷雨"]


def test_who_ordered_is_not_asked_again(shop: OpenShop) -> None:
    first = paste(shop, "小满 3-501 A1")
    order = ordered(shop, row(first))

    second = paste(shop, "小满 3-501 A1", "谷雨 3-502 B1")
    third = paste(shop, "小满 3-501 A2", "谷雨 3-502 B1")

    assert states(first) == ["ordered"]
    assert states(second) == ["superseded", "superseded"]
    assert states(third) == ["unclear", "ready"]
    assert JielongEntry.objects.filter(note=order.order_no).count() == 1
    assert row(third, 1).problems[-1] == {"doubt": "ordered_before", "words": order.order_no}


def test_who_let_an_order_lapse_may_order_again(shop: OpenShop) -> None:
    order = ordered(shop, row(paste(shop, "小满 3-501 A1")))
    Order.objects.filter(pk=order.pk).update(state=OrderState.CANCELLED)

    second = paste(shop, "小满 3-501 A1", "谷雨 3-502 B1")

    assert states(second) == ["ready", "ready"]


def test_a_row_that_collided_is_carried_over_for_a_person(shop: OpenShop) -> None:
    paste(shop, "甲 1-101 A1", "小满 3-501 A1")

    second = paste(shop, "甲 1-101 A1", "谷雨 3-502 A2")

    carried = row(second, 3)
    assert (carried.nickname, carried.state) == ("小满", JielongEntryState.UNCLEAR)
    assert carried.problems[-1]["doubt"] == Doubt.COLLIDED
    assert len(second.merge.conflicts) == 1


def test_a_resident_of_the_same_door_is_proposed(shop: OpenShop) -> None:
    resident = shop.resident(building="3栋", room="501室")

    outcome = paste(shop, "小满 3-501 A1", "谷雨 3-502 A1")

    assert row(outcome, 1).resident == resident
    assert row(outcome, 2).resident is None


def test_goods_of_another_campaign_or_none_resolve_nothing(shop: OpenShop) -> None:
    entry = row(paste(shop, "小满 3-501 A"))
    foreign = shop.offer("脐橙", campaign=shop.campaign_of(days=5))

    for quantities in ({}, {foreign.pk: 1}, {JielongItem.objects.get().offer_id: 100}):
        decision = Decision(quantities=quantities, nickname="小满")
        with pytest.raises(JielongItemsMissing):
            jielong_resolve(entry=entry, decision=decision, actor=lin(shop), now=shop.now)

    entry.refresh_from_db()
    assert entry.state == JielongEntryState.UNCLEAR


def test_a_resident_of_another_leader_is_refused(shop: OpenShop) -> None:
    entry = row(paste(shop, "小满 3-501 A1"))
    stranger = ResidentFactory.create(leader=LeaderFactory.create())
    wanted = {JielongItem.objects.get().offer_id: 1}
    decision = Decision(quantities=wanted, nickname="小满", resident=stranger)

    with pytest.raises(JielongItemsMissing):
        jielong_resolve(entry=entry, decision=decision, actor=lin(shop), now=shop.now)


def test_what_was_ordered_is_closed(shop: OpenShop) -> None:
    entry = row(paste(shop, "小满 3-501 A1"))
    ordered(shop, entry)
    decision = Decision(quantities={JielongItem.objects.get().offer_id: 2}, nickname="小满")

    with pytest.raises(JielongEntryClosed):
        jielong_resolve(entry=entry, decision=decision, actor=lin(shop), now=shop.now)
    with pytest.raises(JielongEntryClosed):
        jielong_dismiss(entry=entry, reason="x", actor=lin(shop), now=shop.now)


def test_a_dismissed_row_has_a_reason_and_no_link_and_may_come_back(shop: OpenShop) -> None:
    entry = row(paste(shop, "小满 3-501 A1"))
    with pytest.raises(JielongReasonMissing):
        jielong_dismiss(entry=entry, reason=" ", actor=lin(shop), now=shop.now)

    jielong_dismiss(entry=entry, reason="重复", actor=lin(shop), now=shop.now)
    entry.refresh_from_db()
    closed = (entry.state, entry.note, entry.token)
    jielong_reopen(entry=entry, actor=lin(shop), now=shop.now)
    entry.refresh_from_db()

    assert closed == ("dismissed", "重复", "")
    assert entry.state == JielongEntryState.UNCLEAR
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["jielong.imported", "jielong.dismissed", "jielong.reopened"]


def test_one_link_leads_to_one_order(shop: OpenShop) -> None:
    entry = row(paste(shop, "小满 3-501 A1"))
    first = ordered(shop, entry)
    second = OrderFactory.create(leader=shop.leader, campaign=shop.campaign)

    assert not jielong_ordered(token=entry.token, order=second, now=shop.now)

    entry.refresh_from_db()
    assert entry.order == first


def test_a_row_that_is_unclear_never_becomes_an_order(shop: OpenShop) -> None:
    outcome = paste(shop, "小满 3-501 A", "谷雨 退出", "白露 菠萝1", "霜降 2", "立冬")
    order = OrderFactory.create(leader=shop.leader, campaign=shop.campaign)

    for entry in outcome.jielong_import.entries.all():
        assert not jielong_ordered(token=entry.token, order=order, now=shop.now)

    assert states(outcome) == ["unclear"] * 5


def test_a_learned_word_counts_for_this_leader_alone(shop: OpenShop) -> None:
    sku = Offer.objects.get(sku__name="嫩豆腐 400g").sku
    text = "#接龙\n1. 小满 3-501 白玉块2"

    before = chain_read(text=text, campaign=shop.campaign, leader=shop.leader)
    is_new = alias_learn(leader=shop.leader, word="白玉块", sku=sku, actor=lin(shop), now=shop.now)
    mine = chain_read(text=text, campaign=shop.campaign, leader=shop.leader)
    others = chain_read(text=text, campaign=shop.campaign, leader=LeaderFactory.create())

    assert is_new
    assert SkuAlias.objects.get().leader == shop.leader
    assert [chain.entries[0].is_clear for chain in (before, mine, others)] == [False, True, False]


def test_letters_of_the_last_header_count_for_free_lines(shop: OpenShop) -> None:
    paste(shop, "小满 3-501 A1")

    chain = chain_read(text="谷雨: B*2", campaign=shop.campaign, leader=shop.leader)

    assert chain.entries[0].is_clear
    assert chain.entries[0].items[0].qty == 2


def test_a_text_without_rows_and_a_closed_campaign_are_refused(shop: OpenShop) -> None:
    with pytest.raises(JielongTextEmpty):
        jielong_import(
            leader=shop.leader, campaign=shop.campaign, text="\n ", actor=lin(shop), now=shop.now
        )
    shop.over(shop.campaign)
    shop.campaign.refresh_from_db()
    with pytest.raises(OrderingClosed):
        paste(shop, "小满 3-501 A1")


def test_a_leaders_own_word_wins_over_everybodys(shop: OpenShop) -> None:
    eggs, tofu = (
        Offer.objects.get(sku__name=name).sku for name in ("农家鸡蛋 30枚", "嫩豆腐 400g")
    )
    SkuAlias.objects.create(sku=eggs, alias="老样子")
    SkuAlias.objects.create(sku=tofu, alias="老样子", leader=shop.leader)

    chain = chain_read(text="谷雨: 老样子 2", campaign=shop.campaign, leader=shop.leader)

    assert [item.sku_code for item in chain.entries[0].items] == [tofu.code]
