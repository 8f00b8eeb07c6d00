"""Laws of money: what came in, what went back, and what is owed."""

from fulfillment.selectors.book_laws.law import BookLaw

LAWS = (
    BookLaw(
        "prepayments",
        "each paid order has exactly one payment that counts: its total, posted once",
        """
        SELECT o.order_no
          FROM orders_order o
          LEFT JOIN orders_payment p ON p.order_id = o.id AND p.verdict = 'paid'
          LEFT JOIN orders_transfer t
                 ON (t.idem_key = 'pay:' || p.out_trade_no AND t.event = 'payment_received')
                 OR t.idem_key = 'accept:' || p.out_trade_no
         WHERE o.state IN ('paid', 'frozen', 'completed', 'refunding', 'refunded')
         GROUP BY o.id
        HAVING count(DISTINCT p.id) <> 1
            OR max(p.amount_fen) <> o.total_fen
            OR max(coalesce(p.received_fen, p.amount_fen)) < o.total_fen
            OR count(DISTINCT t.id) > 1
            OR coalesce(max(t.amount_fen), 0) <> max(coalesce(p.received_fen, p.amount_fen))
        UNION ALL
        SELECT o.order_no
          FROM orders_order o JOIN orders_payment p ON p.order_id = o.id AND p.verdict = 'paid'
         WHERE o.state IN ('pending_payment', 'late_paid')
        """,
    ),
    BookLaw(
        "receipts",
        "each payment that succeeded is posted as it came in, and nothing else is",
        """
        WITH posted AS (
            SELECT t.id, substr(t.idem_key, 5) AS number, t.amount_fen, t.event,
                   EXISTS (SELECT FROM orders_transfer a
                            WHERE a.idem_key = 'accept:' || substr(t.idem_key, 5)) AS accepted
              FROM orders_transfer t
             WHERE t.event IN ('payment_received', 'payment_suspended')
        ), came AS (
            SELECT out_trade_no AS number, verdict,
                   coalesce(received_fen, amount_fen) AS amount_fen
              FROM orders_payment WHERE state = 'succeeded'
        )
        SELECT coalesce(came.number, posted.number)
          FROM came FULL JOIN posted USING (number)
         WHERE coalesce(came.amount_fen, 0) <> coalesce(posted.amount_fen, 0)
            OR (posted.event = 'payment_suspended')
               <> (came.verdict = 'hold_in_suspense' OR posted.accepted)
        """,
    ),
    BookLaw(
        "money_returned",
        "money that came too late, twice or for a cancelled order goes back in full",
        """
        SELECT p.out_trade_no
          FROM orders_payment p JOIN orders_order o ON o.id = p.order_id
         WHERE p.state = 'succeeded' AND p.verdict <> 'hold_in_suspense'
           AND (p.verdict <> 'paid' OR o.state = 'cancelled')
           AND p.refund_reserved_fen <> coalesce(p.received_fen, p.amount_fen)
        """,
        stops_the_day=False,
    ),
    BookLaw(
        "suspense",
        "in suspense is what nobody has decided about, order by order",
        """
        WITH held AS (
            SELECT order_id, sum(coalesce(received_fen, amount_fen) - refund_reserved_fen) AS fen
              FROM orders_payment WHERE verdict = 'hold_in_suspense' GROUP BY order_id
        ), booked AS (
            SELECT t.order_id, sum(CASE WHEN c.code = 'suspense' THEN t.amount_fen
                                        ELSE -t.amount_fen END) AS fen
              FROM orders_transfer t
              JOIN orders_account d ON d.id = t.debit_id
              JOIN orders_account c ON c.id = t.credit_id
             WHERE 'suspense' IN (d.code, c.code)
             GROUP BY t.order_id
        )
        SELECT o.order_no
          FROM held FULL JOIN booked USING (order_id)
          LEFT JOIN orders_order o ON o.id = order_id
         WHERE coalesce(held.fen, 0) <> coalesce(booked.fen, 0)
        """,
        stops_the_day=False,
    ),
    BookLaw(
        "refund_postings",
        "each refund is asked for, paid or taken back in the ledger as its state says",
        """
        SELECT f.out_refund_no
          FROM orders_refund f
          LEFT JOIN orders_transfer due ON due.idem_key = 'refund-req:' || f.out_refund_no
          LEFT JOIN orders_transfer done ON done.idem_key = 'refund-paid:' || f.out_refund_no
          LEFT JOIN orders_transfer back ON back.reverses_id = due.id
         WHERE coalesce(due.amount_fen, 0) <> f.amount_fen
            OR coalesce(done.amount_fen, 0)
               <> CASE f.state WHEN 'succeeded' THEN f.amount_fen ELSE 0 END
            OR coalesce(back.amount_fen, 0)
               <> CASE f.state WHEN 'closed' THEN f.amount_fen ELSE 0 END
            OR f.amount_fen <> coalesce((SELECT sum(rl.amount_fen) FROM orders_refundline rl
                                          WHERE rl.refund_id = f.id), f.amount_fen)
        """,
    ),
    BookLaw(
        "refunds_reserved",
        "what a payment has reserved is the sum of its refunds, never more than came in",
        """
        SELECT p.out_trade_no
          FROM orders_payment p
          LEFT JOIN orders_refund f ON f.payment_id = p.id AND f.state <> 'closed'
         GROUP BY p.id
        HAVING coalesce(sum(f.amount_fen), 0) <> p.refund_reserved_fen
            OR p.refund_reserved_fen > coalesce(p.received_fen, p.amount_fen)
        """,
    ),
    BookLaw(
        "shortage_refunds",
        "short pieces are refunded once, at their own price, to the fen; later losses soon after",
        """
        WITH refunded AS (
            SELECT rl.order_line_id, sum(rl.qty) AS qty, sum(rl.amount_fen) AS fen
              FROM orders_refundline rl JOIN orders_refund f ON f.id = rl.refund_id
             WHERE f.reason = 'shortage' AND f.state <> 'closed'
             GROUP BY rl.order_line_id
        ), done AS (
            SELECT s.run_id, s.finished_at FROM fulfillment_steprecord s
             WHERE s.name = 'refund' AND s.state = 'done'
        )
        SELECT 'order line ' || l.id
          FROM fulfillment_allocation a
          JOIN done ON done.run_id = a.run_id
          JOIN fulfillment_cutoffrun r ON r.id = a.run_id
          JOIN orders_orderline l ON l.id = a.order_line_id
          LEFT JOIN refunded ON refunded.order_line_id = l.id
         WHERE l.unit_price_fen > 0
           AND (coalesce(refunded.fen, 0) <> l.amount_fen * coalesce(refunded.qty, 0) / l.qty
             OR coalesce(refunded.qty, 0) > a.short_qty
             OR (coalesce(refunded.qty, 0) < a.short_qty
                 AND (r.day_closed_at IS NOT NULL OR NOT EXISTS (
                     SELECT FROM fulfillment_allocationchange c
                       JOIN fulfillment_allocationrun ar ON ar.id = c.allocation_run_id
                      WHERE c.allocation_id = a.id AND ar.made_at >= r.shortages_final_at))))
        """,
    ),
    BookLaw(
        "commission",
        "commission less what was taken back is what the ledger owes each leader, before payouts",
        """
        WITH entries AS (
            SELECT l.code, sum(CASE e.kind WHEN 'clawback' THEN -e.amount_fen
                                           ELSE e.amount_fen END) AS fen
              FROM fulfillment_commissionentry e JOIN leaders_leader l ON l.id = e.leader_id
             WHERE e.kind <> 'loss'
             GROUP BY l.code
        ), owed AS (
            SELECT substr(a.code, length('leader_payable:') + 1) AS code,
                   sum(CASE WHEN t.credit_id = a.id THEN t.amount_fen ELSE -t.amount_fen END) AS fen
              FROM orders_account a
              JOIN orders_transfer t ON a.id IN (t.debit_id, t.credit_id)
             WHERE a.code LIKE 'leader_payable:%%'
               AND t.event NOT IN ('tax_withheld', 'payout', 'loss_borne')
             GROUP BY a.code
        )
        SELECT coalesce(entries.code, owed.code)
          FROM entries FULL JOIN owed USING (code)
         WHERE coalesce(entries.fen, 0) <> coalesce(owed.fen, 0)
        """,
    ),
)
