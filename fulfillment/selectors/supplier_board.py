"""How suppliers did lately: what came of what was ordered, and what is open with them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Min, Q, Sum, Window
from django.db.models.functions import Lag
from django.utils import timezone

from fulfillment.domain.dock_slots import STEP_MINUTES
from fulfillment.domain.kpis import share_bp
from fulfillment.models.purchasing import PurchaseOrderLine, PurchaseOrderState, Supplier
from fulfillment.models.supplier_accounts import (
    SupplierClaim,
    SupplierClaimState,
    SupplierStatement,
    SupplierStatementState,
)
from fulfillment.selectors.purchase_review import LICENCES, licences_held

DAYS = 30
OPEN_CLAIMS = (
    SupplierClaimState.RAISED,
    SupplierClaimState.OBJECTED,
    SupplierClaimState.ACCEPTED,
)

# What counts as ordered, as in time and as accepted is the same as in the reports
# (`fulfillment.selectors.campaign_sums`). What nobody has counted yet is left out while
# its day is open: it may still come.
_SQL = """
WITH ordered AS (
    SELECT po.id, po.supplier_id, s.is_market, r.day_closed_at, c.delivery_date,
           coalesce(po.slot_offered, s.slot_start) AS slot
      FROM fulfillment_purchaseorder po
      JOIN fulfillment_supplier s ON s.id = po.supplier_id
      JOIN fulfillment_cutoffrun r ON r.id = po.run_id
      JOIN orders_campaign c ON c.id = r.campaign_id
     WHERE c.delivery_date BETWEEN %(since)s AND %(today)s AND po.state <> 'cancelled'
), arrival AS (
    SELECT g.purchase_order_id, max(g.received_at) AS at
      FROM fulfillment_goodsreceipt g JOIN ordered ON ordered.id = g.purchase_order_id
     GROUP BY g.purchase_order_id
), slotted AS (
    SELECT o.id, a.at IS NOT NULL AND a.at <= (o.delivery_date + o.slot
               - CASE WHEN o.slot >= '12:00' THEN interval '1 day' ELSE interval '0' END
               + interval '1 minute' * %(slot_minutes)s) AT TIME ZONE %(zone)s AS is_punctual
      FROM ordered o LEFT JOIN arrival a ON a.purchase_order_id = o.id
     WHERE o.slot IS NOT NULL AND NOT o.is_market
       AND (a.at IS NOT NULL OR o.day_closed_at IS NOT NULL)
), lines AS (
    SELECT pl.purchase_order_id, pl.ordered_qty,
           count(rl.id) AS counts, coalesce(sum(rl.arrived_qty), 0) AS arrived,
           coalesce(sum(rl.rejected_qty), 0) AS rejected,
           coalesce(sum(rl.accepted_qty), 0) AS accepted
      FROM ordered
      JOIN fulfillment_purchaseorderline pl ON pl.purchase_order_id = ordered.id
      LEFT JOIN fulfillment_goodsreceiptline rl ON rl.purchase_line_id = pl.id
       AND NOT EXISTS (SELECT FROM fulfillment_receiptlinevoid v WHERE v.receipt_line_id = rl.id)
     WHERE pl.ended_as = ''
     GROUP BY pl.id
), summed AS (
    SELECT lines.purchase_order_id, sum(ordered_qty) AS ordered_qty, sum(arrived) AS arrived,
           sum(rejected) AS rejected, sum(accepted) AS accepted
      FROM lines JOIN ordered ON ordered.id = lines.purchase_order_id
     WHERE counts > 0 OR ordered.day_closed_at IS NOT NULL
     GROUP BY lines.purchase_order_id
)
SELECT o.supplier_id, count(*), coalesce(sum(s.ordered_qty), 0), coalesce(sum(s.arrived), 0),
       coalesce(sum(s.rejected), 0), coalesce(sum(s.accepted), 0),
       count(slotted.id), count(*) FILTER (WHERE slotted.is_punctual)
  FROM ordered o
  LEFT JOIN summed s ON s.purchase_order_id = o.id
  LEFT JOIN slotted ON slotted.id = o.id
 GROUP BY o.supplier_id
"""


class Deliveries(NamedTuple):
    """What came of the orders of some days; quantities in pieces."""

    orders: int = 0
    ordered_qty: int = 0
    arrived_qty: int = 0
    rejected_qty: int = 0
    accepted_qty: int = 0
    slotted: int = 0
    punctual: int = 0

    @property
    def fill_bp(self) -> int | None:
        """Accepted of ordered pieces."""
        return share_bp(self.accepted_qty, self.ordered_qty)

    @property
    def punctual_bp(self) -> int | None:
        """Orders all there by the end of their slot."""
        return share_bp(self.punctual, self.slotted)

    @property
    def rejected_bp(self) -> int | None:
        """Rejected of arrived pieces."""
        return share_bp(self.rejected_qty, self.arrived_qty)


class PriceMove(NamedTuple):
    """A cost per piece that changed from one order to the next, in fen."""

    sku_code: str
    sku_name: str
    before_fen: int
    after_fen: int


class Claims(NamedTuple):
    """Claims that are not deducted yet."""

    number: int = 0
    fen: int = 0


class Due(NamedTuple):
    """Statements to be paid, and the day the first of them is due."""

    number: int = 0
    fen: int = 0
    first_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierRow:
    """One supplier; `licence_until` is the first last day of its licences.

    `lacks_licence` says that a kind of licence is not on file at all.
    """

    supplier: Supplier
    deliveries: Deliveries
    moves: Sequence[PriceMove]
    claims: Claims
    due: Due
    licence_until: date | None
    lacks_licence: bool
    licence_days_left: int | None

    @property
    def dearer(self) -> list[PriceMove]:
        """Goods that cost more than before, the steepest first."""
        risen = [move for move in self.moves if move.after_fen > move.before_fen]
        return sorted(risen, key=lambda move: move.before_fen / move.after_fen)

    @property
    def cheaper(self) -> int:
        """How many goods cost less than before."""
        return sum(move.after_fen < move.before_fen for move in self.moves)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierBoard:
    """The suppliers that are active or brought something, those that failed most first."""

    since: date
    rows: Sequence[SupplierRow]


def supplier_board(today: date) -> SupplierBoard:
    """Read the board of the last 30 days in six queries, however many suppliers there are."""
    since = today - timedelta(days=DAYS)
    deliveries = _deliveries(since, today)
    suppliers = list(
        Supplier.objects.filter(Q(is_active=True) | Q(pk__in=deliveries)).order_by("code")
    )
    moves, claims, due = _moves(since, today), _claims(), _due()
    licences = licences_held([supplier.pk for supplier in suppliers])
    rows = [
        SupplierRow(
            supplier=supplier,
            deliveries=deliveries.get(supplier.pk, Deliveries()),
            moves=moves.get(supplier.pk, ()),
            claims=claims.get(supplier.pk, Claims()),
            due=due.get(supplier.pk, Due()),
            licence_until=(last := _first_end(licences[supplier.pk])),
            lacks_licence=len(licences[supplier.pk]) < len(LICENCES),
            licence_days_left=None if last is None else (last - today).days,
        )
        for supplier in suppliers
    ]
    return SupplierBoard(since=since, rows=sorted(rows, key=_gravity))


def _gravity(row: SupplierRow) -> tuple[bool, int, str]:
    fill_bp = row.deliveries.fill_bp
    return (fill_bp is None, fill_bp or 0, row.supplier.code)


def _first_end(ends: Sequence[date | None]) -> date | None:
    return min((end for end in ends if end is not None), default=None)


def _deliveries(since: date, today: date) -> dict[int, Deliveries]:
    values: dict[str, date | int | str] = {
        "since": since,
        "today": today,
        "slot_minutes": STEP_MINUTES,
        "zone": timezone.get_default_timezone_name(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return {supplier_id: Deliveries(*map(int, figures)) for supplier_id, *figures in rows}


def _moves(since: date, today: date) -> Mapping[int, list[PriceMove]]:
    """The last change of each SKU's cost, by supplier id."""
    lines = (
        PurchaseOrderLine.objects.filter(
            purchase_order__run__campaign__delivery_date__range=(since, today), ended_as=""
        )
        .exclude(purchase_order__state=PurchaseOrderState.CANCELLED)
        .annotate(
            before_fen=Window(
                Lag("unit_cost_fen"),
                partition_by=[F("purchase_order__supplier_id"), F("sku_id")],
                order_by=["purchase_order__created_at", "pk"],
            )
        )
        .filter(before_fen__isnull=False)
        .exclude(before_fen=F("unit_cost_fen"))
        .order_by("purchase_order__created_at", "pk")
        .values_list(
            "purchase_order__supplier_id", "sku__code", "sku__name", "before_fen", "unit_cost_fen"
        )
    )
    newest: dict[tuple[int, str], PriceMove] = {}
    for supplier_id, *move in lines:
        found = PriceMove(*move)
        newest[supplier_id, found.sku_code] = found
    moves: defaultdict[int, list[PriceMove]] = defaultdict(list)
    for (supplier_id, _code), last in newest.items():
        moves[supplier_id].append(last)
    return moves


def _claims() -> dict[int, Claims]:
    rows = (
        SupplierClaim.objects.filter(state__in=OPEN_CLAIMS)
        .order_by()
        .values_list("supplier_id")
        .annotate(number=Count("pk"), fen=Sum("amount_fen"))
    )
    return {supplier_id: Claims(number, fen) for supplier_id, number, fen in rows}


def _due() -> dict[int, Due]:
    rows = (
        SupplierStatement.objects.exclude(state=SupplierStatementState.PAID)
        .order_by()
        .values_list("supplier_id")
        .annotate(number=Count("pk"), fen=Sum("due_fen"), first=Min("due_on"))
    )
    return {supplier_id: Due(number, fen, first) for supplier_id, number, fen, first in rows}
