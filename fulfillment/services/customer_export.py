"""A leader takes the own customers along: as a spreadsheet, and written down."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.integrations.workbooks import Table, workbook
from fulfillment.selectors.customer_export import (
    ExportedCustomer,
    customers_to_export,
    export_until,
)
from leaders.errors import ExportRefused
from leaders.models.accounts import User
from leaders.models.leaders import Leader
from leaders.services.audit import audit

FEN_PER_YUAN = 100


def customers_export(*, leader: Leader, actor: User, now: datetime) -> BytesIO:
    """Return the leader's residents with their orders as a workbook with inert cells.

    Phones are cut to their last four digits. Every export is an audit event
    "customers.exported". Raises `ExportRefused` 30 days after the notice of
    a leader who has left.
    """
    until = export_until(leader)
    if until is not None and now > until:
        raise ExportRefused("The list could be taken along until 30 days after the notice.")
    customers = _recorded(leader, actor, now)
    return workbook(_table(leader, customers, now))


@transaction.atomic
def _recorded(leader: Leader, actor: User, now: datetime) -> list[ExportedCustomer]:
    customers = customers_to_export(leader)
    audit(
        action="customers.exported",
        about=leader,
        actor=actor,
        now=now,
        facts={
            "residents": len(customers),
            "orders": sum(len(customer.orders) for customer in customers),
        },
    )
    return customers


def _table(leader: Leader, customers: Sequence[ExportedCustomer], now: datetime) -> Table:
    rows = [row for customer in customers for row in _rows(customer)]
    return Table(
        title=_("Customers"),
        headings=[
            (_("Name"), 14),
            (_("Building"), 10),
            (_("Room"), 10),
            (_("Phone ends in"), 12),
            (_("Order no."), 22),
            (_("Paid at"), 18),
            (_("Goods"), 60),
            (_("Pieces"), 8),
            (_("Paid (yuan)"), 12),
        ],
        rows=rows,
        facts=[
            (_("Leader"), f"{leader.code} {leader.name}"),
            (_("Made at"), f"{timezone.localtime(now):%Y-%m-%d %H:%M}"),
        ],
    )


def _rows(customer: ExportedCustomer) -> Iterator[list[object]]:
    """One row for each order; a resident who never ordered has one all the same."""
    who: list[object] = [customer.name, customer.building, customer.room, customer.phone_last4]
    if not customer.orders:
        yield [*who, "", "", "", None, None]
    for order in customer.orders:
        yield [
            *who,
            order.order_no,
            f"{timezone.localtime(order.paid_at):%Y-%m-%d %H:%M}",
            order.goods,
            order.pieces,
            order.total_fen / FEN_PER_YUAN,
        ]
