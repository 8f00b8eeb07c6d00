"""The books: clean after a played day, and no planted error stays unseen."""

import pytest
from django.db import connection

from fulfillment.selectors.books import CHECKS, books_check
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db

# One lie per law, told behind the back of every constraint and trigger.
LIES = {
    "ledger_balance": """
        ALTER TABLE orders_transfer DROP CONSTRAINT transfer_amount_positive;
        UPDATE orders_transfer SET amount_fen = -amount_fen WHERE event = 'goods_received';
    """,
    "prepayments": "UPDATE orders_payment SET state = 'failed', verdict = '' WHERE out_trade_no LIKE '%O1'",
    "order_totals": "UPDATE orders_order SET total_fen = total_fen + 1 WHERE source_no = 'O1'",
    "snapshot": "UPDATE orders_demandline SET qty = qty + 1",
    "purchase_need": "UPDATE fulfillment_purchaseorderline SET need_qty = need_qty - 1",
    "allocation": """
        UPDATE fulfillment_allocation SET allocated_qty = allocated_qty - 1
         WHERE id = (SELECT min(id) FROM fulfillment_allocation)
    """,
    "shortage_refunds": "UPDATE orders_refundline SET amount_fen = amount_fen - 1",
    "refund_postings": "UPDATE orders_refund SET amount_fen = amount_fen - 1",
    "commission": """
        UPDATE fulfillment_commissionentry SET amount_fen = amount_fen - 1
         WHERE id = (SELECT min(id) FROM fulfillment_commissionentry)
    """,
    "drops": "UPDATE fulfillment_drop SET pieces = pieces + 1",
    "sort_tasks": "UPDATE fulfillment_sorttask SET pieces = pieces + 1",
    "stops": "DELETE FROM fulfillment_stop WHERE stop_seq = 1",
    "loads": "UPDATE fulfillment_vehicle SET capacity_totes = 1",
    "papers": """
        INSERT INTO fulfillment_paper
            (run_id, document, scope, revision, file, pages, lines, pieces, control_code,
             printed_at)
        SELECT id, 'master_list', 'W', 1, 'w.pdf', 1, 1, 1, 'AAAA', now()
          FROM fulfillment_cutoffrun
    """,
}


def broken() -> list[str]:
    return [result.name for result in books_check() if result.violations]


def test_the_books_of_a_played_day_agree() -> None:
    played()

    results = books_check()

    assert [result.name for result in results] == [check.name for check in CHECKS]
    assert broken() == []


@pytest.mark.parametrize("law", [check.name for check in CHECKS])
def test_a_lie_is_found_by_the_law_it_breaks(law: str) -> None:
    played()

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(LIES[law])

    assert law in broken()


def test_the_first_offenders_are_named() -> None:
    played()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET total_fen = total_fen + 1 WHERE source_no = 'O1'")

    (result,) = [found for found in books_check() if found.name == "order_totals"]

    assert result.violations == 1
    assert result.offenders == ("C1-O1",)
