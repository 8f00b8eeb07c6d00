"""The laws of settlement hold after payouts, and find every lie about them."""

from datetime import date, timedelta

import pytest
from django.db import connection

from fulfillment.models.payouts import Payout, PayoutState
from fulfillment.models.settlement import (
    CommissionEntry,
    CommissionKind,
    CommissionState,
    SettlementState,
    SettlementStatement,
)
from fulfillment.selectors.book_laws import settlement
from fulfillment.selectors.books import books_check
from fulfillment.services.statements import statements_issue
from orders.domain.payout_postings import payout
from orders.services.ledger import transfers_post
from tests.factories.leaders import LeaderFactory
from tests.factories.payouts import HELD_UNTIL, TUESDAY, PayoutFactory, broken_laws, earn

pytestmark = pytest.mark.django_db

SUNDAY = date(2026, 3, 15)
WEEK = timedelta(days=7)
LIES = [
    ("statements", "UPDATE fulfillment_commissionentry SET amount_fen = amount_fen + 1"),
    ("statements", "UPDATE fulfillment_commissionentry SET kind = 'resell', cause = ''"),
    ("statements", "UPDATE fulfillment_settlementstatement SET carried_into_id = NULL"),
    ("statements", "UPDATE fulfillment_taxwithholding SET tax_fen = tax_fen + 1"),
    ("statements", "UPDATE fulfillment_taxwithholding SET income_fen = income_fen - 1"),
    ("statements", "DELETE FROM orders_transfer WHERE event = 'tax_withheld'"),
    (
        "statements",
        """
        UPDATE fulfillment_settlementstatement SET leader_id =
               (SELECT max(id) FROM leaders_leader) WHERE carried_into_id IS NOT NULL
        """,
    ),
    ("leader_payable", "UPDATE fulfillment_commissionentry SET kind = 'loss', cause = 'R'"),
    ("leader_payable", "DELETE FROM orders_transfer WHERE event = 'payout'"),
    ("leader_payable", "UPDATE fulfillment_payout SET state = 'failed'"),
    (
        "leader_payable",
        "UPDATE orders_transfer SET amount_fen = amount_fen + 1 WHERE event = 'tax_withheld'",
    ),
    ("payouts", "DELETE FROM orders_transfer WHERE event = 'payout'"),
    ("payouts", "UPDATE orders_transfer SET amount_fen = 1 WHERE event = 'payout'"),
    ("payouts", "UPDATE orders_transfer SET idem_key = 'payout:?' WHERE event = 'payout'"),
    ("payouts", "UPDATE fulfillment_payout SET state = 'submitted'"),
    ("payouts", "UPDATE fulfillment_settlementstatement SET state = 'issued' WHERE state = 'paid'"),
    ("payouts", "UPDATE fulfillment_commissionentry SET state = 'settled'"),
]


@pytest.fixture(autouse=True)
def _weeks() -> None:
    """A debt that is carried into a taxed statement, which is paid out; another is not."""
    leader = LeaderFactory.create()
    earn(leader, 700, kind=CommissionKind.CLAWBACK)
    statements_issue(until=SUNDAY, now=TUESDAY)
    earn(leader, 1_000_000, held_until=HELD_UNTIL + WEEK)
    earn(LeaderFactory.create(), 5_000, held_until=HELD_UNTIL + WEEK)
    statements_issue(until=SUNDAY + WEEK, now=TUESDAY + WEEK)
    statement = SettlementStatement.objects.get(leader=leader, state=SettlementState.ISSUED)
    one: Payout = PayoutFactory.create(statement=statement, state=PayoutState.PAID)
    SettlementStatement.objects.filter(pk=statement.pk).update(state=SettlementState.PAID)
    CommissionEntry.objects.filter(leader=leader).update(state=CommissionState.PAID)
    draft = payout(
        payout_no=one.payout_no,
        leader_code=leader.code,
        amount_fen=one.amount_fen,
        business_date=SUNDAY + WEEK,
    )
    transfers_post(drafts=[draft], now=TUESDAY + WEEK)


def test_weeks_that_were_settled_and_paid_keep_the_laws() -> None:
    assert broken_laws() == []


@pytest.mark.parametrize(("law", "lie"), LIES)
def test_a_lie_about_settlement_is_found_by_the_law_it_breaks(law: str, lie: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(lie)

    assert law in [result.name for result in books_check(settlement.LAWS) if result.violations]


def test_every_law_of_settlement_has_a_lie() -> None:
    assert {law for law, _lie in LIES} == {law.name for law in settlement.LAWS}
