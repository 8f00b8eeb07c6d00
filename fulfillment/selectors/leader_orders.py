"""A leader's orders with what became of their goods."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Sum

from fulfillment.domain.sorting import natural_key
from fulfillment.models.allocation import Allocation
from leaders.domain.phones import phone_last4
from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign
from orders.models.orders import Order, OrderLine
from orders.models.payments import RefundLine
from orders.selectors.orders import orders_found, orders_of_leader


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """One order in a list."""

    pk: int
    order_no: str
    pickup_no: int | None
    resident_id: int
    resident_name: str
    phone_last4: str
    building: str
    room: str
    goods: str
    pieces: int
    short_qty: int
    total_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGroup:
    """The orders of one building or of one resident."""

    title: str
    rows: tuple[OrderRow, ...]

    @property
    def pieces(self) -> int:
        """Pieces ordered in the group."""
        return sum(row.pieces for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDetail:
    """An order line; what was allocated is unknown until the goods are counted."""

    sku_name: str
    unit: str
    qty: int
    unit_price_fen: int
    amount_fen: int
    allocated_qty: int | None
    short_qty: int
    refund_fen: int
    substitute_name: str = ""
    substitute_qty: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDetail:
    """An order with its lines."""

    order: Order
    phone_last4: str
    lines: tuple[LineDetail, ...]

    @property
    def pieces(self) -> int:
        """Pieces ordered."""
        return sum(line.qty for line in self.lines)

    @property
    def short_qty(self) -> int:
        """Pieces that never came."""
        return sum(line.short_qty for line in self.lines)

    @property
    def refund_fen(self) -> int:
        """What goes back to the resident."""
        return sum(line.refund_fen for line in self.lines)


def order_rows_of_leader(leader: Leader, campaign: Campaign, query: str) -> list[OrderRow]:
    """The leader's orders in a campaign that match a search, in three queries.

    Lines of groups that stayed too small are left out: there is nothing of
    them to hand over.
    """
    orders = orders_found(orders_of_leader(leader).filter(campaign=campaign), query)
    with_lines = orders.prefetch_related(
        Prefetch(
            "lines",
            OrderLine.objects.filter(is_void=False)
            .select_related("allocation")
            .order_by("line_no"),
        )
    )
    return [_row(order) for order in with_lines.order_by("pickup_no", "paid_at", "order_no")]


def grouped_by_building(rows: Sequence[OrderRow]) -> list[OrderGroup]:
    """Buildings in the order people count them, rooms likewise inside."""
    groups: defaultdict[str, list[OrderRow]] = defaultdict(list)
    for row in rows:
        groups[row.building].append(row)
    return [
        OrderGroup(
            title=building,
            rows=tuple(sorted(groups[building], key=lambda row: natural_key(row.room))),
        )
        for building in sorted(groups, key=natural_key)
    ]


def grouped_by_resident(rows: Sequence[OrderRow]) -> list[OrderGroup]:
    """Residents in the order of their first pickup number, all their orders together."""
    groups: defaultdict[int, list[OrderRow]] = defaultdict(list)
    for row in rows:
        groups[row.resident_id].append(row)
    return [OrderGroup(title=own[0].resident_name, rows=tuple(own)) for own in groups.values()]


def order_of_leader(leader: Leader, order_id: int) -> OrderDetail | None:
    """One of the leader's own orders; nothing for anybody else's."""
    own = orders_of_leader(leader).select_related("campaign", "pickup_point")
    order = own.filter(pk=order_id).first()
    if order is None:
        return None
    refunded = dict(
        RefundLine.objects.filter(order_line__order=order)
        .values_list("order_line")
        .annotate(fen=Sum("amount_fen"))
    )
    lines = order.lines.select_related("allocation__substitute_sku").order_by("line_no")
    return OrderDetail(
        order=order,
        phone_last4=phone_last4(order.resident_phone),
        lines=tuple(_detail(line, refunded.get(line.pk, 0)) for line in lines),
    )


def _row(order: Order) -> OrderRow:
    lines = list(order.lines.all())
    return OrderRow(
        pk=order.pk,
        order_no=order.order_no,
        pickup_no=order.pickup_no,
        resident_id=order.resident_id,
        resident_name=order.resident_name,
        phone_last4=phone_last4(order.resident_phone),
        building=order.building,
        room=order.room,
        goods="、".join(f"{line.sku_name} × {line.qty}" for line in lines),
        pieces=sum(line.qty for line in lines),
        short_qty=sum(_short(line) for line in lines),
        total_fen=order.total_fen,
    )


def _allocation(line: OrderLine) -> Allocation | None:
    return getattr(line, "allocation", None)


def _short(line: OrderLine) -> int:
    if line.is_void:
        return line.qty
    allocation = _allocation(line)
    return allocation.short_qty if allocation else 0


def _allocated(line: OrderLine) -> int | None:
    if line.is_void:
        return 0
    allocation = _allocation(line)
    return allocation.allocated_qty if allocation else None


def _detail(line: OrderLine, refund_fen: int) -> LineDetail:
    allocation = _allocation(line)
    substitute = allocation.substitute_sku if allocation and allocation.substitute_qty else None
    return LineDetail(
        sku_name=line.sku_name,
        unit=line.unit,
        qty=line.qty,
        unit_price_fen=line.unit_price_fen,
        amount_fen=line.amount_fen,
        allocated_qty=_allocated(line),
        short_qty=_short(line),
        refund_fen=refund_fen,
        substitute_name=substitute.name if substitute else "",
        substitute_qty=allocation.substitute_qty if allocation else 0,
    )
