"""A leader's statements as pages and files show them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from fulfillment.models.payouts import Payout, TaxWithholding
from fulfillment.models.settlement import (
    DEDUCTIONS,
    CommissionEntry,
    CommissionKind,
    SettlementStatement,
)
from leaders.models.leaders import Leader


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """One entry of a statement: what it is for, and what it adds or takes."""

    kind: str
    day: date | None
    order_no: str
    line_no: int | None
    goods: str
    qty: int
    unit: str
    base_fen: int
    rate_bp: int
    cause: str
    signed_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPage:
    """A statement with everything it is made of."""

    statement: SettlementStatement
    entries: tuple[EntryLine, ...]
    carried: tuple[SettlementStatement, ...]
    tax: TaxWithholding | None
    payouts: tuple[Payout, ...]

    @property
    def gross_fen(self) -> int:
        """What is owed before tax."""
        return self.statement.net_fen + self.statement.tax_fen


def statements_of_leader(leader: Leader) -> QuerySet[SettlementStatement]:
    """The statements of a leader, the newest first."""
    return SettlementStatement.objects.filter(leader=leader).order_by("-period_until")


def statement_page(statement: SettlementStatement) -> StatementPage:
    """Everything a statement is made of, in a fixed number of queries."""
    entries = (
        CommissionEntry.objects.filter(statement=statement)
        .select_related("order_line__order__campaign")
        .order_by("order_line__order__campaign__delivery_date", "order_line__order__order_no", "pk")
    )
    return StatementPage(
        statement=statement,
        entries=tuple(entry_line(entry) for entry in entries),
        carried=tuple(statement.carried_from.order_by("period_until")),
        tax=TaxWithholding.objects.filter(statement=statement).first(),
        payouts=tuple(statement.payouts.select_related("batch").order_by("pk")),
    )


def entry_line(entry: CommissionEntry) -> EntryLine:
    """An entry in plain values; a referral bonus has no order line."""
    line = entry.order_line
    sign = -1 if entry.kind in DEDUCTIONS else 1
    return EntryLine(
        kind=str(CommissionKind(entry.kind).label),
        day=line.order.campaign.delivery_date if line else None,
        order_no=line.order.order_no if line else "",
        line_no=line.line_no if line else None,
        goods=line.sku_name if line else "",
        qty=line.qty if line else 0,
        unit=line.unit if line else "",
        base_fen=entry.base_fen,
        rate_bp=entry.rate_bp,
        cause=entry.cause,
        signed_fen=sign * entry.amount_fen,
    )
