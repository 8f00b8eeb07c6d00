"""Every page of leaders, found in the routes, for a leader who has something on each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fulfillment.models.handover import HandoverState
from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign, CampaignState
from orders.models.jielong import JielongEntryState, JielongImport
from orders.models.orders import Order, OrderState
from tests.factories.fulfillment import CutoffRunFactory, HandoverFactory
from tests.factories.leaders import LeaderFactory, UserFactory, login_of
from tests.factories.levels import LevelReviewFactory, ladder, sold_in_bulk
from tests.factories.orders import CampaignFactory, ClaimFactory, OrderFactory, OrderLineFactory
from tests.factories.scenes import order_on_the_way
from tests.sweep.routes import every_route

LEADER = "leader/"


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyLeader:
    """A leader in the middle of a day, and the keys that addresses are called with."""

    leader: Leader
    keys: dict[str, object]
    by_route: dict[str, dict[str, object]]

    def pages(self) -> dict[str, str]:
        """Route name → path of every page under /leader/ that this leader can open."""
        client = Client()
        assert self.leader.user is not None
        client.force_login(self.leader.user)
        found = {}
        for route in every_route():
            known = self.keys | self.by_route.get(route.name, {})
            if not route.pattern.startswith(LEADER) or not known.keys() >= set(route.arguments):
                continue
            path = reverse(route.name, kwargs={name: known[name] for name in route.arguments})
            answer = client.get(path)
            if answer.status_code != 200 or answer.streaming:
                continue
            if answer.content.lstrip().startswith(b"<!doctype html"):
                found[route.name] = path
        return found


def busy_leader() -> BusyLeader:
    """Goods at the door, sales of today, orders nobody has paid, a claim, a chain, a level."""
    now = timezone.now().replace(microsecond=0)
    trial, formal, _gold = ladder()
    user = UserFactory.create(username="lin")
    leader = LeaderFactory.create(code="L0001", user=user, level=formal)
    LevelReviewFactory.create(leader=leader, from_level=formal, to_level=trial)
    order = _arrived(leader)
    line = order.lines.get()
    claim = ClaimFactory.create(order_line=line, leader_until=now + timedelta(hours=2))
    today = CampaignFactory.create(
        code="C-TODAY",
        opens_at=now - timedelta(hours=9),
        orders_close_at=now + timedelta(hours=2),
        payments_close_at=now + timedelta(hours=3),
        freeze_at=now + timedelta(hours=3),
        delivery_date=timezone.localdate() + timedelta(days=1),
    )
    offer = OrderLineFactory.create(order__leader=leader, order__campaign=today).offer
    sold_in_bulk(leader, 30, campaign=today, paid_at=now - timedelta(hours=2))
    own = {"leader": leader, "campaign": today, "state": OrderState.PENDING_PAYMENT}
    unpaid = {"paid_at": None, "pay_by": now + timedelta(minutes=4)}
    proxy = OrderFactory.create(**own, **unpaid, source="proxy", payer_leader=leader)
    OrderLineFactory.create(order=proxy)
    chain = _chain(leader, today, now)
    drop = order.pickup_point.drops.get()
    return BusyLeader(
        leader=leader,
        keys={
            "order_id": order.pk,
            "order_no": order.order_no,
            "line_no": line.line_no,
            "offer_id": offer.pk,
            "point_id": order.pickup_point_id,
            "stop_pk": drop.stops.get().pk,
            "code": today.code,
            "pk": drop.pk,
        },
        by_route={
            "leader-order": {"pk": order.pk},
            "leader-arrival": {"pk": order.pickup_point_id},
            "leader-claim": {"pk": claim.pk},
            "leader-jielong-import": {"pk": chain.pk},
            "proxy-order-detail": {"order_no": proxy.order_no},
        },
    )


def _chain(leader: Leader, campaign: Campaign, now: datetime) -> JielongImport:
    """A pasted chain with a row that is not clear."""
    raw = "1. 3栋501 西兰花2份"
    chain = JielongImport.objects.create(
        leader=leader,
        campaign=campaign,
        snapshot_no=1,
        raw_text=raw,
        digest="d",
        made_by=login_of(leader),
        made_at=now,
    )
    chain.entries.create(
        position=1,
        raw=raw,
        nickname="3栋501",
        confidence_bp=4000,
        problems=[],
        state=JielongEntryState.UNCLEAR,
        changed_at=now,
    )
    return chain


def _arrived(leader: Leader) -> Order:
    """An order whose goods the leader took over this morning, one piece short."""
    run = CutoffRunFactory.create(
        campaign=CampaignFactory.create(
            code="C-HERE", state=CampaignState.FULFILLING, delivery_date=timezone.localdate()
        )
    )
    order = order_on_the_way(leader, run)
    Order.objects.filter(pk=order.pk).update(state=OrderState.FROZEN)
    HandoverFactory.create(
        stop=order.pickup_point.drops.get().stops.get(), state=HandoverState.SIGNED
    )
    return Order.objects.get(pk=order.pk)
