"""A month of simulated days, reckoned again by plain sums over rows and transfers."""

import random
from collections import Counter, defaultdict
from fractions import Fraction

import pytest
from django.test import Client

from fulfillment.models.payouts import Payout, PayoutState, TaxWithholding
from fulfillment.models.settlement import CommissionEntry, SettlementStatement
from leaders.models.accounts import Role
from orders.models.ledger import Transfer
from orders.models.orders import OrderLine
from orders.models.payments import RefundLine
from tests.factories.leaders import UserFactory
from tests.factories.payouts import broken_laws
from tests.journeys.settlement_month import Month

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SEED = 20260302
# Table of withholding rates 1, as printed: up to so many yuan, per cent, quick deduction in yuan.
PRINTED_TABLE = (
    (36_000, 3, 0),
    (144_000, 10, 2_520),
    (300_000, 20, 16_920),
    (420_000, 25, 31_920),
    (660_000, 30, 52_920),
    (960_000, 35, 85_920),
    (10**12, 45, 181_920),
)


def signed(entry: CommissionEntry) -> int:
    return -entry.amount_fen if entry.kind in ("clawback", "loss") else entry.amount_fen


def tax_by_hand(income_fen: int, months: int) -> int:
    """The year's tax in fen by fractions, rounded half up."""
    taxable = max(Fraction(0), Fraction(income_fen) * 4 / 5 / 100 - 5_000 * months)
    for up_to, percent, quick in PRINTED_TABLE:
        if taxable <= up_to:
            return int((taxable * percent / 100 - quick) * 100 + Fraction(1, 2))
    raise AssertionError


def test_a_month_of_settlement_ties_to_the_fen(client: Client) -> None:
    month = Month(seed=SEED)

    month.play()

    everything_happened(month)
    statements_are_their_entries()
    the_ledger_owes_what_is_left(month)
    nobody_was_paid_for_what_went_back()
    the_tax_is_the_tax_by_hand(month)
    assert broken_laws() == []
    a_line_can_be_followed(client)


def everything_happened(month: Month) -> None:
    """The month had everything that could go wrong with it."""
    entries = CommissionEntry.objects.all()
    assert {entry.kind for entry in entries} == {"sale", "resell", "clawback"}
    assert {(entry.plan_code, entry.rate_bp) for entry in entries if entry.kind == "sale"} == {
        ("formal", 1_000),
        ("gold", 1_100),
    }
    assert Counter(Payout.objects.values_list("state", flat=True))["expired"] == month.expired == 1
    assert SettlementStatement.objects.filter(state="carried").exists()
    assert SettlementStatement.objects.filter(deducted_fen__gt=0).exists()
    assert TaxWithholding.objects.filter(tax_fen__gt=0).exists()
    late = CommissionEntry.objects.filter(kind="clawback", order_line__isnull=False)
    taken_from = {
        (entry.order_line_id, entry.leader_id): entry.statement_id
        for entry in entries
        if entry.kind == "sale"
    }
    assert any(
        row.statement_id != taken_from.get((row.order_line_id, row.leader_id), row.statement_id)
        for row in late
    )
    assert set(entries.values_list("state", flat=True)) <= {"paid", "settled"}


def statements_are_their_entries() -> None:
    """Every entry stands in one statement, every carried fen arrives in the next."""
    of_statement: defaultdict[int, list[int]] = defaultdict(list)
    for entry in CommissionEntry.objects.all():
        assert entry.statement_id is not None
        of_statement[entry.statement_id].append(signed(entry))
    for statement in SettlementStatement.objects.all():
        own = of_statement.pop(statement.pk, [])
        carried = sum(row.net_fen for row in statement.carried_from.all())
        assert statement.earned_fen == sum(fen for fen in own if fen > 0)
        assert statement.deducted_fen == -sum(fen for fen in own if fen < 0)
        assert statement.carried_fen == carried
        assert statement.net_fen == sum(own) + carried - statement.tax_fen
        paid = sum(row.amount_fen for row in statement.payouts.filter(state=PayoutState.PAID))
        assert paid == (statement.net_fen if statement.state == "paid" else 0)
    assert not of_statement


def the_ledger_owes_what_is_left(month: Month) -> None:
    """Leader by leader, the account is entries less tax less payouts, and nothing else."""
    owed: Counter[str] = Counter()
    events: set[str] = set()
    for transfer in Transfer.objects.select_related("debit", "credit"):
        events.add(transfer.event)
        owed[transfer.credit.code] += transfer.amount_fen
        owed[transfer.debit.code] -= transfer.amount_fen
    assert events == {"commission_held", "commission_clawback", "tax_withheld", "payout"}
    for leader in month.leaders:
        earned = sum(signed(entry) for entry in leader.commission_entries.all())
        taxed = sum(row.tax_fen for row in leader.tax_withholdings.all())
        paid = sum(
            row.amount_fen
            for row in Payout.objects.filter(statement__leader=leader, state=PayoutState.PAID)
        )
        left = sum(
            row.net_fen for row in leader.statements.filter(carried_into=None).exclude(state="paid")
        )
        assert owed[f"leader_payable:{leader.code}"] == earned - taxed - paid == left
    assert owed["tax_payable"] == sum(row.tax_fen for row in TaxWithholding.objects.all())
    assert sum(owed.values()) == 0


def nobody_was_paid_for_what_went_back() -> None:
    """A line earns the rate on what its resident paid in the end, to a fen for rounding."""
    back: Counter[int] = Counter()
    for row in RefundLine.objects.all():
        back[row.order_line_id] += row.amount_fen
    earned: Counter[int] = Counter()
    for entry in CommissionEntry.objects.all():
        earned[entry.order_line_id or 0] += signed(entry)
    for line in OrderLine.objects.select_related("order"):
        kept_fen = line.amount_fen - back[line.pk]
        rate_bp = line.order.commission_rate_bp or 0
        assert earned[line.pk] <= kept_fen * rate_bp / 10_000 + 1
        if not kept_fen:
            assert earned[line.pk] == 0
    assert any(back[line.pk] == line.amount_fen for line in OrderLine.objects.all())


def the_tax_is_the_tax_by_hand(month: Month) -> None:
    """Statement by statement, from the income of the year and its months."""
    firm = month.leaders[2]
    assert not firm.tax_withholdings.exists()
    for leader in month.leaders[:2]:
        income_fen = withheld_fen = 0
        months: list[int] = []
        rows = leader.tax_withholdings.select_related("statement").order_by("statement__issued_at")
        for row in rows:
            income_fen += row.statement.net_fen + row.statement.tax_fen
            months = [*months, row.month.month] if row.month.month not in months else months
            due_fen = tax_by_hand(income_fen, len(months)) - withheld_fen
            assert row.tax_fen == max(0, due_fen)
            withheld_fen += row.tax_fen
        taxed = leader.statements.exclude(state="carried").count()
        assert taxed == rows.count()


def a_line_can_be_followed(client: Client) -> None:
    """The path of a line that is drawn at random, on one page from order to payout."""
    client.force_login(UserFactory.create(role=Role.FINANCE))
    paid = CommissionEntry.objects.filter(state="paid", kind="clawback").order_by("pk")
    entry = random.Random(SEED).choice(list(paid))
    line, statement = entry.order_line, entry.statement
    assert line is not None
    assert statement is not None
    while statement.carried_into is not None:
        statement = statement.carried_into

    page = client.get(f"/settlement/lines/{line.order.order_no}/1/").content.decode()

    payout = Payout.objects.get(statement=statement, state=PayoutState.PAID)
    for word in (line.order.order_no, entry.cause, statement.statement_no, payout.payout_no):
        assert word in page
    assert "commission taken back" in page
    assert "commission paid out" in page
