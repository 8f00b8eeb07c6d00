"""The order lines behind a shortage: who asked, who got what, and what goes back."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from fulfillment.domain.allocation import LineDemand
from fulfillment.domain.shortage_preview import LeaderLoss, LineLoss, PreviewLine
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from leaders.domain.phones import mask_name, phone_last4
from orders.domain.demand import line_key
from orders.domain.refunds import shortage_refund_fen
from orders.models.orders import OrderLine
from orders.selectors.demand import DEMANDED_STATES


class DemandLineRow(NamedTuple):
    """A paid line with whom it belongs to."""

    sku_id: int
    sku_code: str
    order_no: str
    point_code: str
    leader_code: str
    leader_name: str
    resident_id: int
    resident_name: str
    resident_phone: str
    building: str
    room: str
    qty: int
    paid_fen: int
    paid_at: datetime
    line_no: int
    is_whole_only: bool

    @property
    def key(self) -> str:
        """The business key of the line."""
        return line_key(self.order_no, self.sku_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is behind a line, as the warehouse may see it."""

    name: str
    phone_last4: str
    door: str
    order_no: str


def demand_lines_of(run: CutoffRun, sku_ids: Collection[int]) -> list[DemandLineRow]:
    """The paid lines of some SKUs, in order of order number and line."""
    rows = (
        OrderLine.objects.filter(
            order__campaign_id=run.campaign_id,
            order__state__in=DEMANDED_STATES,
            is_void=False,
            sku_id__in=sku_ids,
        )
        .order_by("order__order_no", "line_no")
        .values_list(
            "sku_id",
            "sku__code",
            "order__order_no",
            "order__pickup_point__code",
            "order__leader__code",
            "order__leader__name",
            "order__resident_id",
            "order__resident_name",
            "order__resident_phone",
            "order__building",
            "order__room",
            "qty",
            "amount_fen",
            "order__paid_at",
            "line_no",
            "offer__is_all_or_nothing",
        )
    )
    return [DemandLineRow._make(row) for row in rows]


def preview_line(row: DemandLineRow) -> PreviewLine:
    """A paid line as the preview takes it."""
    return PreviewLine(
        demand=LineDemand(
            line_key=row.key,
            point_code=row.point_code,
            qty=row.qty,
            paid_at=row.paid_at,
            line_no=row.line_no,
            is_whole_only=row.is_whole_only,
        ),
        leader_key=row.leader_code,
        resident_key=str(row.resident_id),
        paid_fen=row.paid_fen,
    )


def people_of(rows: Collection[DemandLineRow]) -> dict[str, Person]:
    """Line key → who is behind it."""
    return {
        row.key: Person(
            name=mask_name(row.resident_name),
            phone_last4=phone_last4(row.resident_phone),
            door=f"{row.building} {row.room}".strip(),
            order_no=row.order_no,
        )
        for row in rows
    }


def leader_names_of(rows: Collection[DemandLineRow]) -> dict[str, str]:
    """Leader code → name."""
    return {row.leader_code: row.leader_name for row in rows}


def losses_now(run: CutoffRun, rows: Collection[DemandLineRow]) -> dict[int, list[LeaderLoss]]:
    """SKU → what each leader's residents go without after the sharing, the most first."""
    short = _short_by_key(run, {row.sku_id for row in rows})
    ordered: defaultdict[tuple[int, str], int] = defaultdict(int)
    lost: defaultdict[tuple[int, str], list[LineLoss]] = defaultdict(list)
    for row in rows:
        ordered[row.sku_id, row.leader_code] += row.qty
        if qty := short.get(row.key, 0):
            lost[row.sku_id, row.leader_code].append(
                LineLoss(
                    line_key=row.key,
                    resident_key=str(row.resident_id),
                    ordered_qty=row.qty,
                    lost_qty=qty,
                    refund_fen=shortage_refund_fen(row.paid_fen, row.qty, qty),
                )
            )
    found: defaultdict[int, list[LeaderLoss]] = defaultdict(list)
    for (sku_id, leader), lines in lost.items():
        found[sku_id].append(
            LeaderLoss(
                leader_key=leader,
                ordered_qty=ordered[sku_id, leader],
                lines=tuple(sorted(lines, key=lambda loss: (-loss.lost_qty, loss.line_key))),
            )
        )
    for losses in found.values():
        losses.sort(key=lambda loss: (-loss.lost_qty, loss.leader_key))
    return found


def _short_by_key(run: CutoffRun, sku_ids: Collection[int]) -> Mapping[str, int]:
    rows = Allocation.objects.filter(
        run=run, short_qty__gt=0, order_line__sku_id__in=sku_ids
    ).values_list("order_line__order__order_no", "order_line__sku__code", "short_qty")
    return {line_key(order_no, code): qty for order_no, code, qty in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuLine:
    """One line of a SKU after the sharing, as the warehouse decides about it."""

    allocation_id: int
    person: Person
    leader_name: str
    pickup_no: int | None
    ordered_qty: int
    allocated_qty: int
    substitute_name: str
    substitute_qty: int
    short_qty: int
    is_fixed: bool
    accepts_substitutes: bool


def sku_lines(run: CutoffRun, sku_id: int) -> list[SkuLine]:
    """Every line of a SKU in the order of payment."""
    rows = (
        Allocation.objects.filter(run=run, order_line__sku_id=sku_id)
        .select_related("order_line__order__leader", "substitute_sku")
        .order_by("order_line__order__paid_at", "order_line__line_no", "pk")
    )
    return [_sku_line(row) for row in rows]


def sku_line_of(run: CutoffRun, allocation_id: int) -> tuple[Allocation, SkuLine] | None:
    """One line of a run; None if it is of another run."""
    row = (
        Allocation.objects.filter(run=run, pk=allocation_id)
        .select_related("order_line__order__leader", "order_line__sku", "substitute_sku")
        .first()
    )
    return None if row is None else (row, _sku_line(row))


def _sku_line(row: Allocation) -> SkuLine:
    order = row.order_line.order
    return SkuLine(
        allocation_id=row.pk,
        person=Person(
            name=mask_name(order.resident_name),
            phone_last4=phone_last4(order.resident_phone),
            door=f"{order.building} {order.room}".strip(),
            order_no=order.order_no,
        ),
        leader_name=order.leader.name,
        pickup_no=order.pickup_no,
        ordered_qty=row.ordered_qty,
        allocated_qty=row.allocated_qty,
        substitute_name=row.substitute_sku.name if row.substitute_sku else "",
        substitute_qty=row.substitute_qty,
        short_qty=row.short_qty,
        is_fixed=row.is_fixed,
        accepts_substitutes=order.accepts_substitutes,
    )
