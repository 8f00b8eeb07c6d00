"""Laws of settlement: statements, the tax on them, and what leaders were paid."""

from fulfillment.selectors.book_laws.law import BookLaw

LAWS = (
    BookLaw(
        "statements",
        "a statement is the sum of its entries and of what was carried into it, taxed as posted",
        """
        SELECT s.statement_no
          FROM fulfillment_settlementstatement s
          CROSS JOIN LATERAL (
              SELECT coalesce(sum(e.amount_fen) FILTER (
                         WHERE e.kind NOT IN ('clawback', 'loss')), 0) AS earned_fen,
                     coalesce(sum(e.amount_fen) FILTER (
                         WHERE e.kind IN ('clawback', 'loss')), 0) AS deducted_fen,
                     coalesce(bool_or(e.leader_id <> s.leader_id), false) AS is_mixed
                FROM fulfillment_commissionentry e WHERE e.statement_id = s.id) own
          CROSS JOIN LATERAL (
              SELECT coalesce(sum(c.net_fen), 0) AS fen,
                     coalesce(bool_or(c.leader_id <> s.leader_id), false) AS is_mixed
                FROM fulfillment_settlementstatement c WHERE c.carried_into_id = s.id) carried
          LEFT JOIN fulfillment_taxwithholding w ON w.statement_id = s.id
          LEFT JOIN orders_transfer t ON t.idem_key = 'tax:' || s.statement_no
         WHERE own.earned_fen <> s.earned_fen OR own.deducted_fen <> s.deducted_fen
            OR carried.fen <> s.carried_fen OR own.is_mixed OR carried.is_mixed
            OR coalesce(w.tax_fen, 0) <> s.tax_fen OR coalesce(t.amount_fen, 0) <> s.tax_fen
            OR coalesce(w.income_fen, s.net_fen) <> s.net_fen + s.tax_fen
            OR (s.state = 'carried' AND s.tax_fen <> 0)
        """,
        stops_the_day=False,
    ),
    BookLaw(
        "leader_payable",
        "what the ledger owes a leader is earned, less taken back, less tax, less paid out",
        """
        WITH owed AS (
            SELECT code, sum(fen) AS fen
              FROM (SELECT l.code, CASE WHEN e.kind IN ('clawback', 'loss') THEN -e.amount_fen
                                        ELSE e.amount_fen END AS fen
                      FROM fulfillment_commissionentry e
                      JOIN leaders_leader l ON l.id = e.leader_id
                     UNION ALL
                    SELECT l.code, -s.tax_fen
                      FROM fulfillment_settlementstatement s
                      JOIN leaders_leader l ON l.id = s.leader_id
                     UNION ALL
                    SELECT l.code, -p.amount_fen
                      FROM fulfillment_payout p
                      JOIN fulfillment_settlementstatement s ON s.id = p.statement_id
                      JOIN leaders_leader l ON l.id = s.leader_id
                     WHERE p.state = 'paid') parts
             GROUP BY code
        ), booked AS (
            SELECT substr(a.code, length('leader_payable:') + 1) AS code,
                   sum(CASE WHEN t.credit_id = a.id THEN t.amount_fen ELSE -t.amount_fen END) AS fen
              FROM orders_account a
              JOIN orders_transfer t ON a.id IN (t.debit_id, t.credit_id)
             WHERE a.code LIKE 'leader_payable:%%'
             GROUP BY a.code
        )
        SELECT coalesce(owed.code, booked.code)
          FROM owed FULL JOIN booked USING (code)
         WHERE coalesce(owed.fen, 0) <> coalesce(booked.fen, 0)
        """,
        stops_the_day=False,
    ),
    BookLaw(
        "payouts",
        "every payout that was paid is posted once, and closes its statement and its entries",
        """
        SELECT coalesce(p.payout_no, t.ref_id)
          FROM fulfillment_payout p
          FULL JOIN (SELECT * FROM orders_transfer WHERE event = 'payout') t
                 ON t.idem_key = 'payout:' || p.payout_no
         WHERE coalesce(t.amount_fen, 0)
               <> CASE p.state WHEN 'paid' THEN p.amount_fen ELSE 0 END
         UNION ALL
        SELECT s.statement_no
          FROM fulfillment_settlementstatement s
          LEFT JOIN fulfillment_payout p ON p.statement_id = s.id AND p.state = 'paid'
         WHERE (s.state = 'paid') <> (p.id IS NOT NULL) OR p.amount_fen <> s.net_fen
         UNION ALL
        SELECT 'commission entry ' || e.id
          FROM fulfillment_commissionentry e
          JOIN fulfillment_settlementstatement s ON s.id = e.statement_id
         WHERE s.state <> 'carried' AND (e.state = 'paid') <> (s.state = 'paid')
        """,
        stops_the_day=False,
    ),
)
