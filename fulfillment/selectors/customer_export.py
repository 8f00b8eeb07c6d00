"""A leader's own residents with everything they ordered, as rows for a spreadsheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import QuerySet

from leaders.domain.phones import phone_last4
from leaders.models.care import LeaderExit, LeaderExitState
from leaders.models.leaders import Leader, LeaderState
from orders.models.orders import OrderLine
from orders.models.residents import Resident
from orders.selectors.demand import DEMANDED_STATES

# Who has given notice takes the list along for so long.
AFTER_NOTICE = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedOrder:
    """One paid order of a resident."""

    order_no: str
    paid_at: datetime
    goods: str
    pieces: int
    total_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedCustomer:
    """One resident, with no more of the phone than its end."""

    name: str
    building: str
    room: str
    phone_last4: str
    orders: tuple[ExportedOrder, ...]


def export_until(leader: Leader) -> datetime | None:
    """Until when a leader may take the list along; None while they are a leader.

    Somebody who left without a notice on record may not.
    """
    if leader.state != LeaderState.QUIT:
        return None
    notices = LeaderExit.objects.filter(leader=leader).exclude(state=LeaderExitState.WITHDRAWN)
    notice = notices.order_by("-pk").first()
    return notice.noticed_at + AFTER_NOTICE if notice else leader.joined_at


def customers_to_export(leader: Leader) -> list[ExportedCustomer]:
    """All residents bound to a leader with their orders at this leader, in two queries."""
    shown = Resident.objects.filter(leader=leader, restricted_at=None)
    residents = shown.order_by("building", "room", "pk")
    orders = _orders_by_resident(leader)
    return [
        ExportedCustomer(
            name=resident.name,
            building=resident.building,
            room=resident.room,
            phone_last4=phone_last4(resident.phone),
            orders=tuple(orders.get(resident.pk, ())),
        )
        for resident in residents
    ]


def _orders_by_resident(leader: Leader) -> dict[int, list[ExportedOrder]]:
    lines = (
        OrderLine.objects.filter(
            order__leader=leader,
            order__resident__leader=leader,
            order__state__in=DEMANDED_STATES,
            is_void=False,
        )
        .select_related("order")
        .order_by("order__paid_at", "order", "line_no")
    )
    found: dict[int, list[ExportedOrder]] = {}
    for resident, order in _orders(lines):
        found.setdefault(resident, []).append(order)
    return found


def _orders(lines: QuerySet[OrderLine]) -> Iterator[tuple[int, ExportedOrder]]:
    for _pk, group in groupby(lines.iterator(chunk_size=2000), key=lambda line: line.order_id):
        own = list(group)
        order = own[0].order
        if order.paid_at is not None:
            yield (
                order.resident_id,
                ExportedOrder(
                    order_no=order.order_no,
                    paid_at=order.paid_at,
                    goods="、".join(f"{line.sku_name} × {line.qty}" for line in own),
                    pieces=sum(line.qty for line in own),
                    total_fen=sum(line.amount_fen for line in own),
                ),
            )
