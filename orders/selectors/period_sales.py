"""What leaders and pickup points sold in a span of time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from orders.models.orders import OrderLine, OrderState

# An order that is given back was demand, and is no sale.
SOLD_STATES = (OrderState.PAID, OrderState.FROZEN, OrderState.COMPLETED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodSales:
    """Paid orders that were not given back, with their pieces and fen."""

    orders: int = 0
    pieces: int = 0
    fen: int = 0


def sales_by_point(
    point_ids: Collection[int], *, since: datetime, until: datetime
) -> Mapping[int, PeriodSales]:
    """What was paid for at each of these points from `since` on, before `until`."""
    return _sales("order__pickup_point_id", Q(order__pickup_point__in=point_ids), since, until)


def sales_by_leader(
    leader_ids: Collection[int], *, since: datetime, until: datetime
) -> Mapping[int, PeriodSales]:
    """What was paid for with each of these leaders from `since` on, before `until`."""
    return _sales("order__leader_id", Q(order__leader__in=leader_ids), since, until)


def _sales(of: str, wanted: Q, since: datetime, until: datetime) -> Mapping[int, PeriodSales]:
    rows = (
        OrderLine.objects.filter(
            wanted,
            order__state__in=SOLD_STATES,
            order__paid_at__gte=since,
            order__paid_at__lt=until,
            is_void=False,
        )
        .order_by()
        .values_list(of)
        .annotate(orders=Count("order", distinct=True), pieces=Sum("qty"), fen=Sum("amount_fen"))
    )
    return {
        key: PeriodSales(orders=orders, pieces=pieces, fen=fen) for key, orders, pieces, fen in rows
    }
