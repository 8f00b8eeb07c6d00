"""The way of one order line's money, from the payment to the leader's payout, from the rows."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from fulfillment.models.allocation import Allocation
from fulfillment.models.payouts import Payout, TaxWithholding
from fulfillment.models.settlement import (
    DEDUCTIONS,
    CommissionEntry,
    CommissionKind,
    SettlementStatement,
)
from leaders.models.leaders import Leader
from orders.domain.accounts import leader_payable
from orders.domain.demand import line_key
from orders.models.orders import OrderLine
from orders.models.payments import Payment, PaymentState, RefundLine
from orders.selectors.ledger import PostedRow, transfers_of_order


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryTrace:
    """One commission entry, and through which statements it was paid.

    `way` begins with the statement it stands in and follows what is carried
    on; the last one is paid out, or waits.
    """

    entry: CommissionEntry
    way: tuple[SettlementStatement, ...]

    @property
    def signed_fen(self) -> int:
        """What it adds to the leader's account."""
        sign = -1 if self.entry.kind in DEDUCTIONS else 1
        return sign * self.entry.amount_fen

    @property
    def kind_label(self) -> str:
        """What it is for, in words."""
        return str(CommissionKind(self.entry.kind).label)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTrace:
    """Everything the books know about one order line's money."""

    line: OrderLine
    line_key: str
    payments: tuple[Payment, ...]
    allocation: Allocation | None
    refunds: tuple[RefundLine, ...]
    entries: tuple[EntryTrace, ...]
    taxes: tuple[TaxWithholding, ...]
    payouts: tuple[Payout, ...]
    transfers: tuple[PostedRow, ...]

    @property
    def refunded_fen(self) -> int:
        """What went back of the line."""
        return sum(row.amount_fen for row in self.refunds)

    @property
    def commission_fen(self) -> int:
        """What its commission comes to, deductions taken off."""
        return sum(row.signed_fen for row in self.entries)


def lines_of_leader(leader: Leader) -> QuerySet[OrderLine]:
    """Order lines a leader earns on: of the own residents, or sold for another leader."""
    return OrderLine.objects.filter(Q(order__leader=leader) | Q(order__reseller=leader))


def line_trace(line: OrderLine, leader: Leader | None = None) -> LineTrace:
    """The way of a line's money; for a leader only what concerns their own account."""
    order = line.order
    refunds = tuple(
        RefundLine.objects.filter(order_line=line).select_related("refund").order_by("pk")
    )
    entries = CommissionEntry.objects.filter(order_line=line).select_related("leader", "statement")
    if leader is not None:
        entries = entries.filter(leader=leader)
    traces = tuple(
        EntryTrace(entry=entry, way=tuple(_way(entry.statement)))
        for entry in entries.order_by("leader_id", "created_at", "pk")
    )
    statements = {statement.pk: statement for trace in traces for statement in trace.way}
    payouts = tuple(
        Payout.objects.filter(statement__in=statements)
        .select_related("batch", "statement")
        .order_by("pk")
    )
    paid_for = Payment.objects.filter(order=order, state=PaymentState.SUCCEEDED)
    return LineTrace(
        line=line,
        line_key=line_key(order.order_no, line.sku.code),
        payments=tuple(paid_for.order_by("pk")) if leader is None else (),
        allocation=Allocation.objects.filter(order_line=line).select_related("run").first(),
        refunds=refunds,
        entries=traces,
        taxes=tuple(
            TaxWithholding.objects.filter(statement__in=statements)
            .select_related("statement")
            .order_by("pk")
        ),
        payouts=payouts,
        transfers=transfers_of_order(
            line.order_id,
            with_keys=[
                *(f"tax:{statement.statement_no}" for statement in statements.values()),
                *(f"payout:{payout.payout_no}" for payout in payouts),
            ],
            account=leader_payable(leader.code) if leader else "",
            about=line_key(order.order_no, line.sku.code) if leader else "",
        ),
    )


def _way(statement: SettlementStatement | None) -> list[SettlementStatement]:
    way = []
    while statement is not None:
        way.append(statement)
        statement = statement.carried_into
    return way
