"""Laws of the ledger: it balances, closed days stay as they are, it agrees with the bills."""

from fulfillment.selectors.book_laws.law import BookLaw

LAWS = (
    BookLaw(
        "ledger_balance",
        "every transfer has a positive amount, and its reversal is its mirror",
        """
        SELECT idem_key FROM orders_transfer WHERE amount_fen <= 0 OR debit_id = credit_id
        UNION ALL
        SELECT r.idem_key
          FROM orders_transfer r JOIN orders_transfer t ON t.id = r.reverses_id
         WHERE (r.debit_id, r.credit_id, r.amount_fen)
               IS DISTINCT FROM (t.credit_id, t.debit_id, t.amount_fen)
        """,
    ),
    BookLaw(
        "documents",
        "every transfer names a business document that is there",
        """
        SELECT t.idem_key
          FROM orders_transfer t
         WHERE t.ref_type = '' OR t.ref_id = ''
            OR (t.ref_type = 'payment' AND NOT EXISTS (
                SELECT FROM orders_payment p WHERE p.out_trade_no = t.ref_id))
            OR (t.ref_type = 'refund' AND NOT EXISTS (
                SELECT FROM orders_refund f WHERE f.out_refund_no = t.ref_id))
            OR (t.ref_type = 'bill' AND NOT EXISTS (
                SELECT FROM orders_billcheck c
                 WHERE c.provider || ':' || c.bill_date = t.ref_id))
        """,
    ),
    BookLaw(
        "prepaid",
        "no order's prepayment is negative, and one that is over or unpaid has none left",
        """
        SELECT o.order_no
          FROM orders_order o
          JOIN orders_transfer t ON t.order_id = o.id
          JOIN orders_account d ON d.id = t.debit_id
          JOIN orders_account c ON c.id = t.credit_id
         WHERE 'customer_prepaid' IN (d.code, c.code)
         GROUP BY o.id
        HAVING sum(CASE WHEN c.code = 'customer_prepaid' THEN t.amount_fen
                        ELSE -t.amount_fen END)
               NOT BETWEEN 0 AND CASE WHEN o.state IN ('paid', 'frozen', 'refunding')
                                      THEN o.total_fen ELSE 0 END
        """,
        stops_the_day=False,
    ),
    BookLaw(
        "sales",
        "an order's money is a sale when the order is completed, and not before",
        """
        SELECT o.order_no
          FROM orders_order o
          JOIN orders_transfer t ON t.order_id = o.id AND t.event = 'handover_sale'
         WHERE o.state <> 'completed' OR t.idem_key <> 'sale:' || o.order_no
        """,
        stops_the_day=False,
    ),
    BookLaw(
        "adjustments",
        "what was moved by hand is what a second person has signed, to the fen and once",
        """
        WITH signed AS (
            SELECT 'adjust:' || id AS idem_key, facts ->> 'debit' AS debit,
                   facts ->> 'credit' AS credit, amount_fen
              FROM leaders_countersignature
             WHERE deed = 'ledger.adjust' AND state = 'signed'
               AND decided_by_id <> asked_by_id
        ), posted AS (
            SELECT t.idem_key, d.code AS debit, c.code AS credit, t.amount_fen
              FROM orders_transfer t
              JOIN orders_account d ON d.id = t.debit_id
              JOIN orders_account c ON c.id = t.credit_id
             WHERE t.event = 'adjusted'
        )
        SELECT coalesce(signed.idem_key, posted.idem_key)
          FROM signed FULL JOIN posted USING (idem_key)
         WHERE (signed.debit, signed.credit, signed.amount_fen)
               IS DISTINCT FROM (posted.debit, posted.credit, posted.amount_fen)
        """,
        stops_the_day=False,
    ),
    BookLaw(
        "closed_days",
        "the stored sums of a closed day are the sums of all transfers up to it",
        """
        WITH sides AS (
            SELECT debit_id AS account_id, business_date, amount_fen AS debit_fen,
                   0::bigint AS credit_fen
              FROM orders_transfer
             UNION ALL
            SELECT credit_id, business_date, 0, amount_fen FROM orders_transfer
        ), running AS (
            SELECT account_id, business_date,
                   sum(sum(debit_fen)) OVER same AS debit_fen,
                   sum(sum(credit_fen)) OVER same AS credit_fen
              FROM sides GROUP BY account_id, business_date
            WINDOW same AS (PARTITION BY account_id ORDER BY business_date)
        )
        SELECT a.code || ' ' || d.business_date
          FROM orders_dailybalance d
          JOIN orders_account a ON a.id = d.account_id
          LEFT JOIN LATERAL (SELECT r.debit_fen, r.credit_fen
                               FROM running r
                              WHERE r.account_id = d.account_id
                                AND r.business_date <= d.business_date
                              ORDER BY r.business_date DESC
                              LIMIT 1) AS moved ON true
         WHERE (d.debit_fen, d.credit_fen)
               <> (coalesce(moved.debit_fen, 0), coalesce(moved.credit_fen, 0))
        """,
        stops_the_day=False,
    ),
    BookLaw(
        "bills",
        "what moved on a checked day is the provider's bill net of what is listed as different",
        """
        SELECT c.provider || ' ' || c.bill_date
          FROM orders_billcheck c
         WHERE c.payments_fen - c.refunds_fen <>
               coalesce((
                   SELECT sum(t.amount_fen)
                     FROM orders_payment p
                     JOIN orders_transfer t ON t.idem_key = 'pay:' || p.out_trade_no
                    WHERE p.provider = c.provider AND p.state = 'succeeded'
                      AND (p.succeeded_at AT TIME ZONE %(zone)s)::date = c.bill_date
                      AND NOT EXISTS (
                          SELECT FROM orders_billdifference d
                           WHERE d.check_of_id = c.id AND d.number = p.out_trade_no
                             AND d.kind LIKE 'payment%%')), 0)
             - coalesce((
                   SELECT sum(coalesce(t.amount_fen, f.amount_fen))
                     FROM orders_refund f
                     JOIN orders_payment p ON p.id = f.payment_id
                     LEFT JOIN orders_transfer t ON t.idem_key = 'refund-paid:' || f.out_refund_no
                    WHERE p.provider = c.provider AND f.billed_on = c.bill_date
                      AND NOT EXISTS (
                          SELECT FROM orders_billdifference d
                           WHERE d.check_of_id = c.id AND d.number = f.out_refund_no
                             AND d.kind LIKE 'refund%%')), 0)
             + coalesce((
                   SELECT sum(CASE WHEN d.kind LIKE 'refund%%'
                                     OR (d.kind = 'duplicate_row' AND (
                                         EXISTS (SELECT FROM orders_refund f
                                                  WHERE f.out_refund_no = d.number)
                                      OR EXISTS (SELECT FROM orders_billdifference s
                                                  WHERE s.check_of_id = c.id
                                                    AND s.number = d.number
                                                    AND s.kind LIKE 'refund%%')))
                                   THEN -d.theirs_fen ELSE d.theirs_fen END)
                     FROM orders_billdifference d
                    WHERE d.check_of_id = c.id AND d.kind <> 'totals'), 0)
            OR c.fee_fen <> coalesce((
                   SELECT sum(CASE WHEN a.code = 'gateway_fee' THEN t.amount_fen
                                   ELSE -t.amount_fen END)
                     FROM orders_transfer t JOIN orders_account a ON a.id = t.debit_id
                    WHERE t.idem_key = 'fee:' || c.provider || ':' || c.bill_date), 0)
        """,
        stops_the_day=False,
    ),
)
