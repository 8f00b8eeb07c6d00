"""Statements, bank files and tax reports as files to download."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.integrations.workbooks import Table, workbook
from fulfillment.models.payouts import PayoutBatch, PayoutBatchState, PayoutChannel
from fulfillment.models.settlement import SettlementState, SettlementStatement
from fulfillment.papers.paper import RenderedPaper
from fulfillment.papers.settlement_statement import (
    StatementContent,
    StatementRow,
    render_statement,
)
from fulfillment.payout_errors import PayoutNotOpen
from fulfillment.selectors.payouts import payouts_of_batch
from fulfillment.selectors.statement_pages import EntryLine, StatementPage, statement_page
from fulfillment.selectors.tax_report import Quarter, tax_report_rows
from fulfillment.services.paper_drawing import drawing
from leaders.models.accounts import User
from leaders.models.payees import PayeeKind
from leaders.services.audit import audit
from leaders.services.payees import payees_open
from orders.domain.inert_cells import inert_cell
from orders.domain.money import FEN_PER_YUAN

# Excel of an office in China opens UTF-8 only with this mark in front.
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table in both forms it can be downloaded in."""

    headings: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Any]]
    title: str

    def xlsx(self) -> BytesIO:
        """As a workbook; every text is inert."""
        return workbook(Table(title=self.title, headings=self.headings, rows=self.rows))

    def csv(self) -> str:
        """As comma separated values; every text is inert."""
        target = StringIO()
        writer = csv.writer(target, lineterminator="\r\n")
        writer.writerow([heading for heading, _width in self.headings])
        writer.writerows([inert_cell(value) for value in row] for row in self.rows)
        return BYTE_ORDER_MARK + target.getvalue()


def statement_paper(statement: SettlementStatement) -> RenderedPaper:
    """Draw a statement as it stands now."""
    page = statement_page(statement)
    with drawing():
        return render_statement(_content(page))


def statement_workbook(statement: SettlementStatement) -> BytesIO:
    """A statement as a workbook: its sums on top, its entries below."""
    page = statement_page(statement)
    sums = [(label, f"{_yuan(fen):.2f}") for label, fen in _sums(page)]
    return workbook(
        Table(
            title=statement.statement_no,
            facts=[
                (_("Settlement statement"), statement.statement_no),
                (_("Leader"), f"{statement.leader.code} {statement.leader.name}"),
                (_("Week"), f"{statement.period_from} – {statement.period_until}"),
                *sums,
            ],
            headings=[
                (_("Delivery"), 12),
                (_("Kind"), 14),
                (_("Order no."), 22),
                (_("Line"), 6),
                (_("Goods"), 28),
                (_("Pieces"), 8),
                (_("Base"), 12),
                (_("Rate"), 8),
                (_("Because of"), 24),
                (_("Amount"), 12),
            ],
            rows=[_entry_cells(entry) for entry in page.entries],
        )
    )


@transaction.atomic
def bank_file(*, batch: PayoutBatch, actor: User, now: datetime) -> Sheet:
    """The payouts of an approved batch for the bank, with full account numbers.

    Who took the file is written down. Raises `PayoutNotOpen` for a batch that
    is not approved or does not go through a bank.
    """
    if batch.channel != PayoutChannel.BANK_FILE or batch.state != PayoutBatchState.APPROVED:
        raise PayoutNotOpen(_("Only an approved batch for the bank has a bank file."))
    payouts = list(payouts_of_batch(batch))
    opened = payees_open(
        payee_ids=[payout.statement.leader.payee.pk for payout in payouts],
        actor=actor,
        now=now,
        reason=batch.batch_no,
    )
    audit(action="payout_batch.file_taken", about=batch, actor=actor, now=now)
    return Sheet(
        title=batch.batch_no,
        headings=[
            (_("Payout no."), 18),
            (_("Payee"), 20),
            (_("Bank"), 28),
            (_("Account"), 26),
            (_("Amount"), 12),
            (_("Remark"), 26),
        ],
        rows=[
            (
                payout.payout_no,
                payout.statement.leader.payee.legal_name,
                payout.statement.leader.payee.bank_name,
                opened[payout.statement.leader.payee.pk].bank_account,
                _yuan(payout.amount_fen),
                payout.statement.statement_no,
            )
            for payout in payouts
        ],
    )


@transaction.atomic
def tax_report(*, quarter: Quarter, actor: User, now: datetime) -> Sheet:
    """Identity, income and tax of every leader paid in a quarter, for the tax office.

    Who took it is written down, leader by leader.
    """
    rows = tax_report_rows(quarter)
    opened = payees_open(
        payee_ids=[row.payee_id for row in rows if row.payee_id],
        actor=actor,
        now=now,
        reason=str(quarter),
    )
    audit(
        action="tax_report.taken",
        about=actor,
        actor=actor,
        now=now,
        facts={"quarter": str(quarter), "leaders": len(rows)},
    )
    return Sheet(
        title=_("Tax report %(quarter)s") % {"quarter": quarter},
        headings=[
            (_("Leader code"), 12),
            (_("Kind"), 14),
            (_("Legal name"), 20),
            (_("Identity number or credit code"), 24),
            (_("Payments"), 10),
            (_("Income"), 14),
            (_("Tax withheld"), 14),
            (_("Paid out"), 14),
        ],
        rows=[
            (
                row.leader_code,
                str(PayeeKind(row.kind).label) if row.kind else "",
                row.legal_name,
                opened[row.payee_id].id_no if row.payee_id else "",
                row.payments,
                _yuan(row.income_fen),
                _yuan(row.tax_fen),
                _yuan(row.net_fen),
            )
            for row in rows
        ],
    )


def _content(page: StatementPage) -> StatementContent:
    statement = page.statement
    return StatementContent(
        number=statement.statement_no,
        leader_code=statement.leader.code,
        leader_name=statement.leader.name,
        period_from=statement.period_from,
        period_until=statement.period_until,
        state=str(SettlementState(statement.state).label),
        issued_on=timezone.localdate(statement.issued_at),
        rows=tuple(
            StatementRow(
                day=entry.day,
                kind=entry.kind,
                order=f"{entry.order_no}/{entry.line_no}" if entry.order_no else "",
                goods=entry.goods,
                base_fen=entry.base_fen,
                rate=_rate(entry.rate_bp),
                amount_fen=entry.signed_fen,
            )
            for entry in page.entries
        ),
        sums=tuple(_sums(page)),
        notes=_tax_notes(page),
    )


def _sums(page: StatementPage) -> list[tuple[str, int]]:
    statement = page.statement
    return [
        (_("Earned"), statement.earned_fen),
        (_("Deducted"), -statement.deducted_fen),
        (_("Carried in"), statement.carried_fen),
        (_("Tax withheld"), -statement.tax_fen),
        (_("Net"), statement.net_fen),
    ]


def _tax_notes(page: StatementPage) -> tuple[str, ...]:
    tax = page.tax
    if tax is None or not tax.tax_fen:
        return ()
    words = _(
        "Tax: income of the year %(income)s, taxable %(taxable)s after 20%% cost and "
        "%(months)d × 5,000.00, rate %(rate)s, quick deduction %(quick)s."
    )
    return (
        words
        % {
            "income": f"{_yuan(tax.year_income_fen):,.2f}",
            "taxable": f"{_yuan(tax.year_taxable_fen):,.2f}",
            "months": tax.months,
            "rate": _rate(tax.rate_bp),
            "quick": f"{_yuan(tax.quick_deduction_fen):,.2f}",
        },
    )


def _entry_cells(entry: EntryLine) -> tuple[object, ...]:
    return (
        _day(entry.day),
        entry.kind,
        entry.order_no,
        entry.line_no,
        entry.goods,
        entry.qty or None,
        _yuan(entry.base_fen),
        _rate(entry.rate_bp),
        entry.cause,
        _yuan(entry.signed_fen),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _rate(rate_bp: int) -> str:
    return f"{rate_bp / 100:g}%"


def _yuan(amount_fen: int) -> float:
    """For cells only: two decimals of a float are exact enough to show, never to reckon."""
    return amount_fen / FEN_PER_YUAN
