"""Order lines as plain demand records."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models.functions import Collate

from orders.domain.demand import PaidLine, line_key
from orders.models.orders import OrderLine, OrderState

# An order counts as demand from the moment it is paid; one that is refunded in
# full after the freeze is still part of what was frozen. Before the freeze an
# order that gives its money back is cancelled instead. A line of a group that
# stayed too small is void and no demand.
DEMANDED_STATES = (
    OrderState.PAID,
    OrderState.FROZEN,
    OrderState.COMPLETED,
    OrderState.REFUNDING,
    OrderState.REFUNDED,
)

# Rows fetched at a time; a row of them is a few hundred bytes.
CHUNK = 20_000


class DemandRow(NamedTuple):
    """An order line with the keys that services write back by."""

    line_id: int
    order_id: int
    line_no: int
    order_no: str
    sku_id: int
    sku_code: str
    point_code: str
    qty: int
    unit_price_fen: int
    paid_at: datetime
    is_whole_only: bool

    @property
    def key(self) -> str:
        """The business key of the line."""
        return line_key(self.order_no, self.sku_code)

    @property
    def amount_fen(self) -> int:
        """What was paid for the line."""
        return self.qty * self.unit_price_fen


def demand_rows(campaign_id: int) -> list[DemandRow]:
    """The lines of a campaign's paid orders, in order of order number and line."""
    rows = (
        OrderLine.objects.filter(
            order__campaign_id=campaign_id, order__state__in=DEMANDED_STATES, is_void=False
        )
        .order_by("order__order_no", "line_no")
        .values_list(
            "pk",
            "order_id",
            "line_no",
            "order__order_no",
            "sku_id",
            "sku__code",
            "order__pickup_point__code",
            "qty",
            "unit_price_fen",
            "order__paid_at",
            "offer__is_all_or_nothing",
        )
    )
    return [DemandRow._make(row) for row in rows]


def paid_lines(campaign_id: int) -> Iterator[PaidLine]:
    """The same lines as the domain sums them, by code points of order number and SKU code.

    They are read as they are used; call it in a transaction.
    """
    rows = (
        OrderLine.objects.filter(
            order__campaign_id=campaign_id, order__state__in=DEMANDED_STATES, is_void=False
        )
        .order_by(Collate("order__order_no", "C"), Collate("sku__code", "C"))
        .values_list("order__order_no", "sku__code", "qty", "amount_fen")
    )
    return map(PaidLine._make, rows.iterator(chunk_size=CHUNK))
