"""The books: clean after any day, and no planted lie stays unseen."""

import pytest
from django.db import connection

from fulfillment.selectors.book_laws import night, settlement, totes, weights
from fulfillment.selectors.books import LAWS, books_check
from orders.models.ledger import DailyBalance
from orders.models.orders import Order
from orders.models.payments import Payment, Refund, RefundState
from orders.models.reconciliation import BillDifference
from tests.factories.busy_day import BusyDay
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db

# One lie per law, told behind the back of every constraint and trigger.
LIES_ABOUT_GOODS = {
    "snapshot": "UPDATE orders_demandline SET qty = qty + 1",
    "purchase_need": "UPDATE fulfillment_purchaseorderline SET need_qty = need_qty - 1",
    "allocation": "UPDATE fulfillment_allocation SET allocated_qty = 1 WHERE allocated_qty = 0",
    "allocation_changes": """
        UPDATE fulfillment_allocation SET allocated_qty = allocated_qty - 1
         WHERE id = (SELECT min(id) FROM fulfillment_allocation)
    """,
    "shortage_refunds": "UPDATE orders_refundline SET amount_fen = amount_fen - 1",
    "refund_postings": "UPDATE orders_refundline SET amount_fen = amount_fen - 1",
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
             content_hash, printed_at)
        SELECT id, 'master_list', 'W', 1, 'w.pdf', 1, 1, 1, 'AAAA', '', now()
          FROM fulfillment_cutoffrun
    """,
}
LIES_ABOUT_MONEY = [
    pytest.param(law, lie, id=f"{law}-{nth}")
    for nth, (law, lie) in enumerate(
        [
            (
                "ledger_balance",
                """
                ALTER TABLE orders_transfer DROP CONSTRAINT transfer_amount_positive;
                UPDATE orders_transfer SET amount_fen = -amount_fen
                 WHERE event = 'payment_suspended'
                """,
            ),
            (
                "ledger_balance",
                """
                UPDATE orders_transfer
                   SET reverses_id = (SELECT id FROM orders_transfer
                                       WHERE event = 'payment_suspended')
                 WHERE id = (SELECT min(id) FROM orders_transfer WHERE event = 'refund_due')
                """,
            ),
            (
                "documents",
                "UPDATE orders_transfer SET ref_id = 'gone' WHERE event = 'refund_paid'",
            ),
            (
                "documents",
                "UPDATE orders_transfer SET ref_id = 'gone' WHERE event = 'payment_received'",
            ),
            (
                "prepaid",
                "UPDATE orders_transfer SET amount_fen = amount_fen - 1 WHERE event = 'refund_due'",
            ),
            ("prepaid", "UPDATE orders_order SET state = 'completed' WHERE state = 'frozen'"),
            (
                "sales",
                """
                INSERT INTO orders_transfer (debit_id, credit_id, amount_fen, event, idem_key,
                                             ref_type, ref_id, order_id, business_date, created_at)
                SELECT debit_id, credit_id, 1, 'handover_sale', 'sale:' || o.order_no,
                       'handover', o.order_no, o.id, business_date, created_at
                  FROM orders_transfer t JOIN orders_order o ON o.id = t.order_id
                 WHERE t.event = 'payment_received' AND o.state = 'frozen'
                 LIMIT 1
                """,
            ),
            (
                "closed_days",
                """
                UPDATE orders_dailybalance SET credit_fen = credit_fen + 1
                 WHERE id = (SELECT max(id) FROM orders_dailybalance)
                """,
            ),
            ("closed_days", "DELETE FROM orders_transfer WHERE event = 'refund_due'"),
            ("bills", "UPDATE orders_billcheck SET payments_fen = payments_fen + 1"),
            ("bills", "UPDATE orders_billcheck SET fee_fen = 1"),
            ("bills", "DELETE FROM orders_billdifference"),
            (
                "bills",
                "UPDATE orders_transfer SET amount_fen = amount_fen - 1 "
                "WHERE event = 'refund_paid'",
            ),
            ("bills", "UPDATE orders_refund SET billed_on = NULL"),
            ("bills", "UPDATE orders_payment SET succeeded_at = succeeded_at - interval '1 day'"),
            (
                "prepayments",
                "UPDATE orders_payment SET verdict = 'refund_late' WHERE verdict = 'paid'",
            ),
            ("prepayments", "UPDATE orders_order SET total_fen = 1 WHERE state = 'frozen'"),
            ("prepayments", "UPDATE orders_order SET state = 'pending_payment'"),
            ("prepayments", "DELETE FROM orders_transfer WHERE event = 'payment_received'"),
            (
                "receipts",
                "UPDATE orders_payment SET received_fen = 1 WHERE verdict = 'hold_in_suspense'",
            ),
            (
                "receipts",
                "UPDATE orders_transfer SET event = 'payment_received' "
                "WHERE event = 'payment_suspended'",
            ),
            (
                "receipts",
                """
                UPDATE orders_payment SET state = 'closed', verdict = ''
                 WHERE verdict = 'refund_duplicate'
                """,
            ),
            (
                "money_returned",
                """
                UPDATE orders_payment SET refund_reserved_fen = 0 WHERE verdict = 'refund_late'
                """,
            ),
            (
                "money_returned",
                """
                UPDATE orders_payment p SET refund_reserved_fen = refund_reserved_fen - 1
                  FROM orders_order o
                 WHERE o.id = p.order_id AND o.state = 'cancelled' AND p.verdict = 'paid'
                """,
            ),
            ("suspense", "DELETE FROM orders_transfer WHERE event = 'payment_suspended'"),
            (
                "suspense",
                """
                UPDATE orders_payment SET refund_reserved_fen = received_fen
                 WHERE verdict = 'hold_in_suspense'
                """,
            ),
            (
                "refund_postings",
                "UPDATE orders_refund SET state = 'submitted' WHERE state = 'succeeded'",
            ),
            ("refund_postings", "UPDATE orders_refund SET state = 'closed'"),
            ("refund_postings", "DELETE FROM orders_transfer WHERE event = 'refund_paid'"),
            ("refund_postings", "DELETE FROM orders_transfer WHERE event = 'refund_due'"),
            ("refunds_reserved", "UPDATE orders_payment SET refund_reserved_fen = 1"),
            (
                "refunds_reserved",
                """
                ALTER TABLE orders_payment DROP CONSTRAINT payment_refunds_within_received;
                UPDATE orders_refund SET amount_fen = amount_fen * 2;
                UPDATE orders_payment SET refund_reserved_fen = refund_reserved_fen * 2
                """,
            ),
            ("order_totals", "UPDATE orders_orderline SET qty = qty + 1"),
            ("order_totals", "DELETE FROM orders_orderline"),
            ("order_events", "DELETE FROM orders_orderevent WHERE to_state = 'late_paid'"),
            ("order_events", "DELETE FROM orders_orderevent WHERE to_state = 'paid'"),
            ("order_events", "UPDATE orders_order SET state = 'paid' WHERE state = 'cancelled'"),
            (
                "order_events",
                "UPDATE orders_order SET state = 'pending_payment' WHERE state = 'late_paid'",
            ),
            (
                "stock",
                """
                UPDATE orders_offerstock SET reserved_qty = reserved_qty + 1
                 WHERE id = (SELECT min(id) FROM orders_offerstock)
                """,
            ),
            ("stock", "UPDATE orders_offerstock SET cap_qty = cap_qty + 1"),
            ("stock", "UPDATE orders_orderline SET is_void = true"),
            ("quotas", "UPDATE orders_residentquota SET qty = qty + 1"),
            ("quotas", "UPDATE orders_order SET state = 'late_paid' WHERE state = 'frozen'"),
            ("snapshot", "DELETE FROM orders_demandline"),
            ("snapshot", "UPDATE orders_orderline SET is_void = false"),
            (
                "group_minimum",
                "UPDATE orders_offer SET min_group_qty = 4 WHERE min_group_qty IS NULL",
            ),
            ("group_minimum", "DELETE FROM orders_refundline"),
            (
                "adjustments",
                """
                UPDATE orders_transfer SET event = 'adjusted'
                 WHERE id = (SELECT min(id) FROM orders_transfer)
                """,
            ),
            ("messages", "DELETE FROM orders_outboxmessage WHERE topic = 'order_paid'"),
        ],
        start=1,
    )
]


def tell(lie: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(lie)


def broken() -> list[str]:
    return [result.name for result in books_check() if result.violations]


def test_the_books_of_a_played_day_agree() -> None:
    played()

    results = books_check()

    assert [result.name for result in results] == [law.name for law in LAWS]
    assert broken() == []


def test_the_books_of_a_busy_day_agree() -> None:
    day = BusyDay()

    assert broken() == []
    assert {order.state for order in Order.objects.all()} == {
        "frozen",
        "late_paid",
        "pending_payment",
        "cancelled",
    }
    assert set(Payment.objects.values_list("verdict", flat=True)) == {
        "paid",
        "refund_duplicate",
        "refund_late",
        "hold_in_suspense",
    }
    assert set(Refund.objects.values_list("state", flat=True)) == {
        RefundState.REQUESTED,
        RefundState.SUCCEEDED,
    }
    assert [row.number for row in BillDifference.objects.all()] == ["UNKNOWN"]
    assert DailyBalance.objects.exists()
    assert day.small_group.lines.filter(is_void=True).count() == 1


@pytest.mark.parametrize("law", LIES_ABOUT_GOODS)
def test_a_lie_about_goods_is_found_by_the_law_it_breaks(law: str) -> None:
    played()

    tell(LIES_ABOUT_GOODS[law])

    assert law in broken()


@pytest.mark.parametrize(("law", "lie"), LIES_ABOUT_MONEY)
def test_a_lie_about_money_is_found_by_the_law_it_breaks(law: str, lie: str) -> None:
    BusyDay()

    tell(lie)

    assert law in broken()


def test_every_law_has_a_lie() -> None:
    told = set(LIES_ABOUT_GOODS) | {str(param.values[0]) for param in LIES_ABOUT_MONEY}

    # The lies about weights, totes, closed days and settlement stand in test_weight_laws,
    # test_tote_laws, test_night_laws and test_settlement_laws, with days on which something
    # is weighed, loaded, closed and paid out.
    elsewhere = {law.name for law in (*weights.LAWS, *totes.LAWS, *night.LAWS, *settlement.LAWS)}
    assert told == {law.name for law in LAWS} - elsewhere


def test_the_first_offenders_are_named() -> None:
    played()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET total_fen = total_fen + 1 WHERE source_no = 'O1'")

    (result,) = [found for found in books_check() if found.name == "order_totals"]

    assert result.violations == 1
    assert result.offenders == ("C1-O1",)
