"""A leader places and pays the rows of a chain, each household an order of its own.

The orders are the leader's to pay and each has its own way back for its money
(`Order.payer_leader`). Placing is not one transaction: a row that is refused
says why, and the others stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leaders.errors import DomainError
from leaders.models.leaders import Leader
from orders.domain.basket import BasketLine, OrderRequest, Receiver
from orders.models.jielong import JielongEntry, JielongEntryState
from orders.models.orders import Order, OrderSource
from orders.selectors.clock import Clock, database_now
from orders.selectors.jielong import items_of
from orders.services.jielong import jielong_ordered
from orders.services.placement import order_place
from orders.services.residents import neighbour_of_leader


@dataclass(frozen=True, slots=True)
class Prepaid:
    """One row that the leader wants to pay: its order, or why there is none."""

    entry: JielongEntry
    order: Order | None
    error: DomainError | None


def jielong_prepay(
    *,
    leader: Leader,
    entries: Sequence[JielongEntry],
    now: datetime,
    clock: Clock = database_now,
) -> tuple[Prepaid, ...]:
    """Place one order per ready row of this leader, to be paid by the leader.

    Safe to call again: a row has one request key, so it places one order.
    Rows that are not ready are left alone.
    """
    done = []
    for entry in entries:
        if entry.state != JielongEntryState.READY or entry.jielong_import.leader_id != leader.pk:
            continue
        try:
            order = order_place(request=_request(leader, entry), clock=clock).order
        except DomainError as error:
            done.append(Prepaid(entry, None, error))
            continue
        jielong_ordered(token=entry.token, order=order, now=now)
        done.append(Prepaid(entry, order, None))
    return tuple(done)


def request_key(token: str) -> str:
    """The key of the one order that a payment link places."""
    return f"jielong-{token}"


def _request(leader: Leader, entry: JielongEntry) -> OrderRequest:
    neighbour = entry.resident or neighbour_of_leader(
        leader=leader,
        name=entry.nickname or f"{entry.building} {entry.room}".strip(),
        phone="",
        building=entry.building,
        room=entry.room,
    )
    return OrderRequest(
        campaign_id=entry.jielong_import.campaign_id,
        leader_id=leader.pk,
        resident_id=neighbour.pk,
        lines=tuple(BasketLine(item.offer_id, item.qty) for item in items_of(entry)),
        receiver=Receiver(
            name=neighbour.name or entry.nickname,
            phone=neighbour.phone or leader.phone,
            building=neighbour.building or entry.building,
            room=neighbour.room or entry.room,
        ),
        request_key=request_key(entry.token),
        source=OrderSource.JIELONG,
        payer_leader_id=leader.pk,
    )
