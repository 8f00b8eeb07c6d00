"""Laws of orders: what is held, limited, frozen and told is what the lines say."""

from fulfillment.selectors.book_laws.law import BookLaw

LAWS = (
    BookLaw(
        "order_totals",
        "an order's total is the sum of its lines",
        """
        SELECT o.order_no
          FROM orders_order o LEFT JOIN orders_orderline l ON l.order_id = o.id
         GROUP BY o.id
        HAVING coalesce(sum(l.qty::bigint * l.unit_price_fen), 0) <> o.total_fen
        """,
    ),
    BookLaw(
        "order_events",
        "an order is where its last event left it, and every event goes on from an earlier one",
        """
        SELECT o.order_no
          FROM orders_order o
         WHERE o.source <> 'import'
           AND o.state <> 'pending_payment'
           AND NOT EXISTS (
               SELECT FROM orders_orderevent e
                WHERE e.order_id = o.id
                  AND e.to_state = CASE o.state WHEN 'frozen' THEN 'paid' ELSE o.state END)
        UNION
        SELECT o.order_no
          FROM orders_order o JOIN orders_orderevent e ON e.order_id = o.id
         WHERE o.state = 'pending_payment'
            OR (o.state = 'paid' AND e.to_state <> 'paid')
            OR (o.source <> 'import' AND e.from_state <> 'pending_payment'
                AND NOT EXISTS (
                    SELECT FROM orders_orderevent b
                     WHERE b.order_id = o.id
                       AND b.to_state = CASE e.from_state WHEN 'frozen' THEN 'paid'
                                                          ELSE e.from_state END))
        """,
        stops_the_day=False,
    ),
    BookLaw(
        "stock",
        "what is reserved of a capped offer is what its orders hold, within the cap",
        """
        WITH counted AS (
            SELECT offer_id, sum(reserved_qty) AS reserved, sum(cap_qty) AS cap
              FROM orders_offerstock GROUP BY offer_id
        )
        SELECT 'offer ' || counted.offer_id
          FROM counted
          JOIN orders_offer f ON f.id = counted.offer_id
         WHERE reserved > cap OR cap <> f.stock_cap
            OR reserved <> (
               SELECT coalesce(sum(l.qty), 0)
                 FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
                WHERE l.offer_id = counted.offer_id AND NOT l.is_void
                  AND o.state NOT IN ('cancelled', 'late_paid'))
        """,
    ),
    BookLaw(
        "quotas",
        "what is counted of a resident's limit is what their orders hold, within the limit",
        """
        SELECT 'offer ' || q.offer_id || ', resident ' || q.resident_id
          FROM orders_residentquota q
         WHERE q.qty > q.limit_qty
            OR q.qty <> (
               SELECT coalesce(sum(l.qty), 0)
                 FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
                WHERE l.offer_id = q.offer_id AND o.resident_id = q.resident_id
                  AND NOT l.is_void AND o.source <> 'import'
                  AND o.state NOT IN ('cancelled', 'late_paid'))
        """,
    ),
    BookLaw(
        "snapshot",
        "the frozen demand equals the frozen order lines that did not fall out, offer by offer",
        """
        WITH sold AS (
            SELECT l.offer_id, sum(l.qty) AS qty
              FROM orders_orderline l
              JOIN orders_order o ON o.id = l.order_id
              JOIN orders_demandsnapshot s ON s.campaign_id = o.campaign_id
             WHERE o.state IN ('frozen', 'completed', 'refunding', 'refunded') AND NOT l.is_void
             GROUP BY l.offer_id
        )
        SELECT 'offer ' || coalesce(d.offer_id, sold.offer_id)
          FROM orders_demandline d FULL JOIN sold USING (offer_id)
         WHERE coalesce(d.qty, 0) <> coalesce(sold.qty, 0)
        """,
    ),
    BookLaw(
        "group_minimum",
        "a group that stayed below its minimum is not bought, and every fallen line went back",
        """
        SELECT 'offer ' || f.id
          FROM orders_offer f
          JOIN orders_demandsnapshot s ON s.campaign_id = f.campaign_id
          JOIN orders_demandline d ON d.snapshot_id = s.id AND d.offer_id = f.id
         WHERE f.min_group_qty IS NOT NULL AND d.qty < f.min_group_qty
        UNION ALL
        SELECT 'order line ' || l.id
          FROM orders_orderline l
          LEFT JOIN (orders_refundline rl JOIN orders_refund r
                         ON r.id = rl.refund_id AND r.state <> 'closed'
                        AND r.reason = 'group_not_reached') ON rl.order_line_id = l.id
         WHERE l.is_void AND l.unit_price_fen > 0
         GROUP BY l.id
        HAVING coalesce(sum(rl.qty), 0) <> l.qty
            OR coalesce(sum(rl.amount_fen), 0) <> l.qty::bigint * l.unit_price_fen
        """,
    ),
    BookLaw(
        "messages",
        "whoever paid for an order in time was told so",
        """
        SELECT o.order_no
          FROM orders_order o
         WHERE o.source <> 'import' AND o.resident_phone <> ''
           AND EXISTS (SELECT FROM orders_orderevent e
                        WHERE e.order_id = o.id AND e.to_state = 'paid')
           AND NOT EXISTS (SELECT FROM orders_outboxmessage m
                            WHERE m.topic = 'order_paid' AND m.dedupe_key = o.order_no)
        """,
        stops_the_day=False,
    ),
)
