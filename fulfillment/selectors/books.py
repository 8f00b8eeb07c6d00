"""The books checked from the rows, by other code than the code that wrote them.

Each check is one SQL statement that returns the offenders: a key and what is
wrong with it. No statement uses a figure that a service stored as a total if
the same figure can be summed from the rows below it.
"""

from dataclasses import dataclass

from django.db import connection

# How many offenders of one check are named; the count is always complete.
NAMED_MAX = 5


@dataclass(frozen=True, slots=True)
class BookCheck:
    """One law of the books and the statement that finds who breaks it."""

    name: str
    law: str
    offenders_sql: str


@dataclass(frozen=True, slots=True)
class BookResult:
    """What one check found; `offenders` names the first few."""

    name: str
    law: str
    violations: int
    offenders: tuple[str, ...]


CHECKS = (
    BookCheck(
        "ledger_balance",
        "every transfer has a positive amount and two different accounts",
        """
        SELECT idem_key FROM orders_transfer
         WHERE amount_fen <= 0 OR debit_id = credit_id
        """,
    ),
    BookCheck(
        "prepayments",
        "each paid order has exactly one successful payment of its total, posted once",
        """
        SELECT o.order_no
          FROM orders_order o
          LEFT JOIN orders_payment p ON p.order_id = o.id AND p.state = 'succeeded'
          LEFT JOIN orders_transfer t
                 ON t.order_id = o.id AND t.event = 'payment_received'
         WHERE o.state NOT IN ('pending_payment', 'cancelled')
         GROUP BY o.id
        HAVING count(DISTINCT p.id) <> 1
            OR coalesce(max(p.amount_fen), 0) <> o.total_fen
            OR coalesce(max(t.amount_fen), 0) <> o.total_fen
        """,
    ),
    BookCheck(
        "order_totals",
        "an order's total is the sum of its lines",
        """
        SELECT o.order_no
          FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
         GROUP BY o.id
        HAVING sum(l.qty::bigint * l.unit_price_fen) <> o.total_fen
        """,
    ),
    BookCheck(
        "snapshot",
        "the frozen demand equals the frozen order lines, offer by offer",
        """
        WITH sold AS (
            SELECT l.offer_id, sum(l.qty) AS qty
              FROM orders_orderline l
              JOIN orders_order o ON o.id = l.order_id
              JOIN orders_demandsnapshot s ON s.campaign_id = o.campaign_id
             WHERE o.state IN ('frozen', 'completed', 'refunding', 'refunded')
             GROUP BY l.offer_id
        )
        SELECT 'offer ' || coalesce(d.offer_id, sold.offer_id)
          FROM orders_demandline d FULL JOIN sold USING (offer_id)
         WHERE coalesce(d.qty, 0) <> coalesce(sold.qty, 0)
        """,
    ),
    BookCheck(
        "purchase_need",
        "what was ordered from suppliers covers what was sold, in whole packs",
        """
        WITH bought AS (
            SELECT r.campaign_id, pl.sku_id, sum(pl.need_qty) AS need,
                   bool_and(pl.ordered_qty = pl.packs * pl.pack_factor
                            AND pl.ordered_qty >= pl.need_qty) AS covered
              FROM fulfillment_purchaseorderline pl
              JOIN fulfillment_purchaseorder po ON po.id = pl.purchase_order_id
              JOIN fulfillment_cutoffrun r ON r.id = po.run_id
             GROUP BY r.campaign_id, pl.sku_id
        ), sold AS (
            SELECT f.campaign_id, f.sku_id, d.qty
              FROM orders_demandline d JOIN orders_offer f ON f.id = d.offer_id
             WHERE EXISTS (SELECT 1 FROM bought WHERE bought.campaign_id = f.campaign_id)
        )
        SELECT 'SKU ' || coalesce(sold.sku_id, bought.sku_id)
          FROM sold FULL JOIN bought USING (campaign_id, sku_id)
         WHERE coalesce(sold.qty, 0) <> coalesce(bought.need, 0) OR NOT bought.covered
        """,
    ),
    BookCheck(
        "allocation",
        "per SKU the lines get what was accepted, or what was sold if that is less",
        """
        WITH accepted AS (
            SELECT po.run_id, pl.sku_id, coalesce(sum(rl.arrived_qty - rl.rejected_qty), 0) AS qty
              FROM fulfillment_purchaseorderline pl
              JOIN fulfillment_purchaseorder po ON po.id = pl.purchase_order_id
              LEFT JOIN fulfillment_goodsreceiptline rl ON rl.purchase_line_id = pl.id
             GROUP BY po.run_id, pl.sku_id
        ), shared AS (
            SELECT a.run_id, l.sku_id, sum(a.allocated_qty) AS allocated, sum(l.qty) AS sold,
                   bool_and(a.allocated_qty BETWEEN 0 AND l.qty AND a.ordered_qty = l.qty) AS sane
              FROM fulfillment_allocation a JOIN orders_orderline l ON l.id = a.order_line_id
             GROUP BY a.run_id, l.sku_id
        )
        SELECT 'SKU ' || shared.sku_id
          FROM shared LEFT JOIN accepted USING (run_id, sku_id)
         WHERE NOT sane OR allocated <> least(sold, coalesce(accepted.qty, 0))
        """,
    ),
    BookCheck(
        "shortage_refunds",
        "each short line is refunded once, at its own unit price, to the fen",
        """
        WITH refunded AS (
            SELECT rl.order_line_id, sum(rl.qty) AS qty, sum(rl.amount_fen) AS fen
              FROM orders_refundline rl JOIN orders_refund f ON f.id = rl.refund_id
             WHERE f.reason = 'shortage'
             GROUP BY rl.order_line_id
        )
        SELECT 'order line ' || l.id
          FROM fulfillment_allocation a
          JOIN orders_orderline l ON l.id = a.order_line_id
          LEFT JOIN refunded ON refunded.order_line_id = l.id
         WHERE EXISTS (SELECT 1 FROM fulfillment_steprecord s
                        WHERE s.run_id = a.run_id AND s.name = 'refund' AND s.state = 'done')
           AND l.unit_price_fen > 0
           AND (coalesce(refunded.qty, 0) <> l.qty - a.allocated_qty
             OR coalesce(refunded.fen, 0)
                <> (l.qty - a.allocated_qty)::bigint * l.unit_price_fen)
        """,
    ),
    BookCheck(
        "refund_postings",
        "each refund is the sum of its lines, posted once and reserved on its payment",
        """
        SELECT f.out_refund_no
          FROM orders_refund f
          JOIN orders_refundline rl ON rl.refund_id = f.id
          LEFT JOIN orders_transfer t ON t.idem_key = 'refund-req:' || f.out_refund_no
         GROUP BY f.id, t.id
        HAVING sum(rl.amount_fen) <> f.amount_fen OR coalesce(t.amount_fen, 0) <> f.amount_fen
        UNION ALL
        SELECT p.out_trade_no
          FROM orders_payment p LEFT JOIN orders_refund f ON f.payment_id = p.id
         GROUP BY p.id
        HAVING coalesce(sum(f.amount_fen), 0) <> p.refund_reserved_fen
            OR p.refund_reserved_fen > p.amount_fen
        """,
    ),
    BookCheck(
        "commission",
        "held commission equals what the ledger owes each leader",
        """
        WITH entries AS (
            SELECT l.code, sum(CASE e.kind WHEN 'clawback' THEN -e.amount_fen
                                           ELSE e.amount_fen END) AS fen
              FROM fulfillment_commissionentry e JOIN leaders_leader l ON l.id = e.leader_id
             GROUP BY l.code
        ), owed AS (
            SELECT substr(a.code, length('leader_payable:') + 1) AS code,
                   sum(CASE WHEN t.credit_id = a.id THEN t.amount_fen ELSE -t.amount_fen END) AS fen
              FROM orders_account a
              JOIN orders_transfer t ON a.id IN (t.debit_id, t.credit_id)
             WHERE a.code LIKE 'leader_payable:%'
             GROUP BY a.code
        )
        SELECT coalesce(entries.code, owed.code)
          FROM entries FULL JOIN owed USING (code)
         WHERE coalesce(entries.fen, 0) <> coalesce(owed.fen, 0)
        """,
    ),
    BookCheck(
        "drops",
        "the drops of a wave carry exactly what their pickup points were given",
        """
        WITH given AS (
            SELECT a.run_id, o.pickup_point_id, sum(a.allocated_qty) AS pieces
              FROM fulfillment_allocation a
              JOIN orders_orderline l ON l.id = a.order_line_id
              JOIN orders_order o ON o.id = l.order_id
             GROUP BY a.run_id, o.pickup_point_id
            HAVING sum(a.allocated_qty) > 0
        ), carried AS (
            SELECT w.run_id, d.pickup_point_id, d.pieces
              FROM fulfillment_drop d JOIN fulfillment_wave w ON w.id = d.wave_id
        )
        SELECT 'pickup point ' || coalesce(given.pickup_point_id, carried.pickup_point_id)
          FROM given FULL JOIN carried USING (run_id, pickup_point_id)
         WHERE coalesce(run_id, 0) IN (SELECT run_id FROM fulfillment_wave)
           AND coalesce(given.pieces, 0) <> coalesce(carried.pieces, 0)
        """,
    ),
    BookCheck(
        "sort_tasks",
        "each sort task spreads exactly the allocated pieces of its SKU",
        """
        WITH given AS (
            SELECT a.run_id, l.sku_id, sum(a.allocated_qty) AS pieces
              FROM fulfillment_allocation a JOIN orders_orderline l ON l.id = a.order_line_id
             GROUP BY a.run_id, l.sku_id HAVING sum(a.allocated_qty) > 0
        ), spread AS (
            SELECT w.run_id, t.sku_id, sum(t.pieces) AS pieces
              FROM fulfillment_sorttask t JOIN fulfillment_wave w ON w.id = t.wave_id
             GROUP BY w.run_id, t.sku_id
        )
        SELECT 'SKU ' || coalesce(given.sku_id, spread.sku_id)
          FROM given FULL JOIN spread USING (run_id, sku_id)
         WHERE run_id IN (SELECT run_id FROM fulfillment_wave)
           AND coalesce(given.pieces, 0) <> coalesce(spread.pieces, 0)
        """,
    ),
    BookCheck(
        "stops",
        "a planned drop is served once with all its totes, or is unserved with a reason",
        """
        SELECT 'drop ' || d.id
          FROM fulfillment_drop d
          JOIN fulfillment_wave w ON w.id = d.wave_id
          JOIN fulfillment_deliveryrun v ON v.cutoff_run_id = w.run_id
          LEFT JOIN fulfillment_stop s ON s.drop_id = d.id
          LEFT JOIN fulfillment_tote t ON t.drop_id = d.id
         GROUP BY d.id
        HAVING count(DISTINCT s.id) + (CASE WHEN d.unserved_reason <> '' THEN 1 ELSE 0 END) <> 1
            OR d.slot_code = ''
            OR max(s.weight_g) <> d.weight_g
            OR max(s.totes) <> count(DISTINCT t.id)
        """,
    ),
    BookCheck(
        "loads",
        "no trip carries more kilograms or totes than its vehicle may",
        """
        SELECT 'route ' || t.route_no
          FROM fulfillment_trip t
          JOIN fulfillment_vehicle v ON v.id = t.vehicle_id
          JOIN fulfillment_stop s ON s.trip_id = t.id
         GROUP BY t.id, v.id
        HAVING sum(s.weight_g) > v.capacity_g OR sum(s.totes) > v.capacity_totes
        """,
    ),
    BookCheck(
        "papers",
        "the papers that show the whole allocation show all of its pieces",
        """
        WITH given AS (
            SELECT run_id, sum(allocated_qty) AS pieces
              FROM fulfillment_allocation GROUP BY run_id
        )
        SELECT p.run_id || ' ' || p.document
          FROM fulfillment_paper p JOIN given USING (run_id)
         WHERE p.document IN ('master_list', 'sow_cards', 'check_list',
                              'delivery_note', 'hand_out_list')
           AND p.revision = (SELECT max(q.revision) FROM fulfillment_paper q
                              WHERE q.run_id = p.run_id AND q.document = p.document
                                AND q.scope = p.scope)
         GROUP BY p.run_id, p.document, given.pieces
        HAVING sum(p.pieces) <> given.pieces
        """,
    ),
)


def books_check() -> list[BookResult]:
    """Run every check over all rows; a clean book has no violations anywhere."""
    return [_run(check) for check in CHECKS]


def _run(check: BookCheck) -> BookResult:
    with connection.cursor() as cursor:
        cursor.execute(check.offenders_sql)
        offenders = [str(row[0]) for row in cursor.fetchall()]
    return BookResult(
        name=check.name,
        law=check.law,
        violations=len(offenders),
        offenders=tuple(sorted(offenders)[:NAMED_MAX]),
    )
