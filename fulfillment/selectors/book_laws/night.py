"""Laws of a closed day: its counts fall only where cases say so, and nothing is lost.

Each statement sums sort events, cases and declarations by itself; none reads
what the page of the day close shows.
"""

from fulfillment.selectors.book_laws.law import BookLaw

# Every (point, SKU) of a closed day: what was to lie in its slot, what lay
# there, and the pieces of cases at the load and at the door.
SLOTS = """
        WITH closed AS (
            SELECT id, campaign_id FROM fulfillment_cutoffrun WHERE day_closed_at IS NOT NULL
        ), planned AS (
            SELECT run_id, pickup_point_id, sku_id, sum(qty) AS qty
              FROM (SELECT a.run_id, o.pickup_point_id, l.sku_id, a.allocated_qty AS qty
                      FROM fulfillment_allocation a
                      JOIN orders_orderline l ON l.id = a.order_line_id
                      JOIN orders_order o ON o.id = l.order_id
                     UNION ALL
                    SELECT a.run_id, o.pickup_point_id, a.substitute_sku_id, a.substitute_qty
                      FROM fulfillment_allocation a
                      JOIN orders_orderline l ON l.id = a.order_line_id
                      JOIN orders_order o ON o.id = l.order_id
                     WHERE a.substitute_qty > 0) given
             WHERE run_id IN (SELECT id FROM closed)
             GROUP BY run_id, pickup_point_id, sku_id
        ), sown AS (
            SELECT w.run_id, d.pickup_point_id, t.sku_id, sum(e.qty) AS qty
              FROM fulfillment_sortevent e
              JOIN fulfillment_sorttask t ON t.id = e.sort_task_id
              JOIN fulfillment_wave w ON w.id = t.wave_id
              JOIN fulfillment_drop d ON d.id = e.drop_id
             WHERE e.stage = 'slot' AND w.run_id IN (SELECT id FROM closed)
             GROUP BY w.run_id, d.pickup_point_id, t.sku_id
        ), entered AS (
            SELECT DISTINCT w.run_id, d.pickup_point_id, t.sku_id
              FROM fulfillment_routeblock b
              JOIN fulfillment_sorttask t ON t.id = b.sort_task_id
              JOIN fulfillment_wave w ON w.id = t.wave_id
              JOIN fulfillment_drop d ON d.wave_id = w.id
             WHERE b.stage = 'slot' AND w.run_id IN (SELECT id FROM closed)
               AND b.route_no IN (0, nullif(split_part(d.slot_code, '-', 1), '')::int)
        ), found AS (
            SELECT c.run_id, d.pickup_point_id, c.sku_id,
                   coalesce(sum(c.qty) FILTER (WHERE c.stage = 'load'), 0) AS at_load,
                   coalesce(sum(c.qty) FILTER (WHERE c.stage = 'handover'), 0) AS at_door
              FROM fulfillment_exceptioncase c
              LEFT JOIN fulfillment_tote t ON t.id = c.tote_id
              JOIN fulfillment_drop d ON d.id = coalesce(c.drop_id, t.drop_id)
             WHERE c.cause <> 'over' AND c.sku_id IS NOT NULL
             GROUP BY c.run_id, d.pickup_point_id, c.sku_id
        ), slot AS (
            SELECT run_id, pickup_point_id, sku_id, coalesce(planned.qty, 0) AS planned,
                   CASE WHEN planned.qty > 0 AND entered.sku_id IS NULL
                        THEN coalesce(sown.qty, planned.qty)
                        ELSE coalesce(sown.qty, 0) END AS sorted,
                   entered.sku_id IS NOT NULL AS is_entered,
                   coalesce(found.at_load, 0) AS at_load, coalesce(found.at_door, 0) AS at_door
              FROM planned FULL JOIN sown USING (run_id, pickup_point_id, sku_id)
              LEFT JOIN entered USING (run_id, pickup_point_id, sku_id)
              LEFT JOIN found USING (run_id, pickup_point_id, sku_id)
        ), supply AS (
            SELECT run_id, sku_id, sum(qty) AS qty
              FROM (SELECT po.run_id, pl.sku_id, rl.arrived_qty - rl.rejected_qty AS qty
                      FROM fulfillment_goodsreceiptline rl
                      JOIN fulfillment_purchaseorderline pl ON pl.id = rl.purchase_line_id
                      JOIN fulfillment_purchaseorder po ON po.id = pl.purchase_order_id
                     WHERE NOT EXISTS (SELECT FROM fulfillment_receiptlinevoid v
                                        WHERE v.receipt_line_id = rl.id)
                     UNION ALL
                    SELECT used_run_id, sku_id, -qty
                      FROM fulfillment_leftovermovement WHERE kind = 'used'
                     UNION ALL
                    SELECT run_id, sku_id, -qty FROM fulfillment_exceptioncase
                     WHERE stage IN ('sort', 'weigh') AND cause <> 'over'
                       AND sku_id IS NOT NULL) moved
             WHERE run_id IN (SELECT id FROM closed)
             GROUP BY run_id, sku_id
        )
"""


def _of_closed_days(offenders_sql: str) -> str:
    """A statement that may read the slots of closed days."""
    return SLOTS + offenders_sql


LAWS = (
    BookLaw(
        "day_counts",
        "of a closed day every card, load and stop is entered, or somebody said it never was",
        _of_closed_days("""
        SELECT 'card ' || t.id
          FROM slot JOIN fulfillment_wave w USING (run_id)
          JOIN fulfillment_sorttask t ON t.wave_id = w.id AND t.sku_id = slot.sku_id
         WHERE slot.planned > 0 AND NOT slot.is_entered
           AND NOT EXISTS (SELECT FROM fulfillment_unrecordedcount u
                            WHERE u.stage = 'sort' AND u.sort_task_id = t.id)
        UNION
        SELECT 'load of trip ' || s.trip_id
          FROM slot JOIN fulfillment_wave w USING (run_id)
          JOIN fulfillment_drop d
            ON d.wave_id = w.id AND d.pickup_point_id = slot.pickup_point_id
          JOIN fulfillment_stop s ON s.drop_id = d.id
         WHERE slot.planned > 0
           AND NOT EXISTS (SELECT FROM fulfillment_loadcheck c WHERE c.trip_id = s.trip_id)
           AND NOT EXISTS (SELECT FROM fulfillment_unrecordedcount u
                            WHERE u.stage = 'load' AND u.trip_id = s.trip_id)
        UNION
        SELECT 'drop ' || d.id
          FROM slot JOIN fulfillment_wave w USING (run_id)
          JOIN fulfillment_drop d
            ON d.wave_id = w.id AND d.pickup_point_id = slot.pickup_point_id
          LEFT JOIN fulfillment_stop s ON s.drop_id = d.id
         WHERE slot.planned > 0 AND coalesce(s.state, '') NOT IN ('refused', 'failed')
           AND NOT EXISTS (SELECT FROM fulfillment_handover h
                            WHERE h.stop_id = s.id AND h.state <> 'pending')
           AND NOT EXISTS (SELECT FROM fulfillment_unrecordedcount u
                            WHERE u.stage = 'handover'
                              AND (u.trip_id = s.trip_id OR u.drop_id = d.id))
        """),
    ),
    BookLaw(
        "four_counts",
        "on a closed day no slot holds more than it was given, and loses no more than it held",
        _of_closed_days("""
        SELECT 'SKU ' || sku_id || ' at point ' || pickup_point_id
          FROM slot
         WHERE sorted > planned OR sorted < 0 OR at_load + at_door > sorted
        UNION
        SELECT 'SKU ' || sku_id || ' at point ' || pickup_point_id
          FROM found
         WHERE run_id IN (SELECT id FROM closed)
           AND NOT EXISTS (SELECT FROM slot WHERE slot.run_id = found.run_id
                              AND slot.pickup_point_id = found.pickup_point_id
                              AND slot.sku_id = found.sku_id)
           AND at_load + at_door > 0
        """),
    ),
    BookLaw(
        "day_cases",
        "the cases of a closed day are decided and take away no more than there was",
        _of_closed_days("""
        SELECT 'case ' || c.id
          FROM fulfillment_exceptioncase c
         WHERE c.run_id IN (SELECT id FROM closed) AND (c.state <> 'decided' OR c.bearer = '')
        UNION
        SELECT 'SKU ' || sku_id FROM supply WHERE qty < 0
        """),
    ),
    BookLaw(
        "day_balance",
        "what was sold for a closed day is delivered, refunded, replaced, free, or in a case",
        _of_closed_days("""
        , arrived AS (
            SELECT slot.run_id, slot.sku_id,
                   sum(CASE WHEN refused.all_parts THEN 0
                            ELSE sorted - at_load - at_door END) AS delivered,
                   sum(at_load + at_door) AS lost,
                   sum(planned - sorted) AS unfilled, sum(planned) AS planned
              FROM slot
              LEFT JOIN fulfillment_wave w ON w.run_id = slot.run_id
              LEFT JOIN fulfillment_drop d
                ON d.wave_id = w.id AND d.pickup_point_id = slot.pickup_point_id
              LEFT JOIN LATERAL (
                  SELECT bool_and(s.state IN ('refused', 'failed')) AS all_parts
                    FROM fulfillment_stop s WHERE s.drop_id = d.id) refused ON true
             GROUP BY slot.run_id, slot.sku_id
        ), sold AS (
            SELECT c.id AS run_id, l.sku_id, sum(l.qty) AS need,
                   sum(coalesce(a.substitute_qty, 0)) AS replaced,
                   coalesce(sum(a.ordered_qty - a.allocated_qty - a.substitute_qty)
                            FILTER (WHERE l.amount_fen = 0), 0) AS free
              FROM closed c
              JOIN orders_order o ON o.campaign_id = c.campaign_id
                AND o.state IN ('paid', 'frozen', 'completed', 'refunding', 'refunded')
              JOIN orders_orderline l ON l.order_id = o.id AND NOT l.is_void
              LEFT JOIN fulfillment_allocation a ON a.order_line_id = l.id
             GROUP BY c.id, l.sku_id
        ), refunded AS (
            SELECT c.id AS run_id, l.sku_id, sum(rl.qty) AS qty
              FROM closed c
              JOIN orders_order o ON o.campaign_id = c.campaign_id
              JOIN orders_orderline l ON l.order_id = o.id
              JOIN orders_refundline rl ON rl.order_line_id = l.id
              JOIN orders_refund f ON f.id = rl.refund_id
             WHERE f.reason = 'shortage' AND f.state <> 'closed'
             GROUP BY c.id, l.sku_id
        ), instead AS (
            SELECT run_id, substitute_sku_id AS sku_id, sum(substitute_qty) AS qty
              FROM fulfillment_allocation
             WHERE substitute_qty > 0 AND run_id IN (SELECT id FROM closed)
             GROUP BY run_id, substitute_sku_id
        )
        SELECT 'SKU ' || sku_id
          FROM sold FULL JOIN arrived USING (run_id, sku_id)
          LEFT JOIN refunded USING (run_id, sku_id)
          LEFT JOIN instead USING (run_id, sku_id)
          LEFT JOIN supply USING (run_id, sku_id)
         WHERE coalesce(need, 0) + coalesce(instead.qty, 0)
               <> coalesce(delivered, 0) + coalesce(lost, 0) + coalesce(unfilled, 0)
                + coalesce(refunded.qty, 0) + coalesce(replaced, 0) + coalesce(free, 0)
            OR coalesce(unfilled, 0)
               <> greatest(0, coalesce(planned, 0) - coalesce(supply.qty, 0))
        """),
    ),
    BookLaw(
        "leftovers",
        "a shelf never holds less than nothing, and what a closed day left over came onto it",
        _of_closed_days("""
        SELECT 'SKU ' || sku_id || ' of run ' || origin_run_id
          FROM fulfillment_leftovermovement
         GROUP BY origin_run_id, sku_id HAVING sum(qty) < 0
        UNION
        SELECT 'SKU ' || sku_id
          FROM (SELECT run_id, sku_id,
                       greatest(0, qty - coalesce((SELECT sum(planned) FROM slot
                                                    WHERE slot.run_id = supply.run_id
                                                      AND slot.sku_id = supply.sku_id), 0)) AS qty
                  FROM supply) spare
          FULL JOIN (SELECT origin_run_id AS run_id, sku_id, sum(qty) AS qty
                       FROM fulfillment_leftovermovement
                      WHERE kind = 'kept' AND origin_run_id IN (SELECT id FROM closed)
                      GROUP BY origin_run_id, sku_id) kept USING (run_id, sku_id)
         WHERE coalesce(spare.qty, 0) <> coalesce(kept.qty, 0)
        """),
    ),
    BookLaw(
        "supplier_statements",
        "a statement says what was accepted in its days, and its claims are deducted once",
        """
        WITH goods AS (
            SELECT s.id, coalesce(sum((rl.arrived_qty - rl.rejected_qty)::bigint
                                      * pl.unit_cost_fen), 0) AS fen
              FROM fulfillment_supplierstatement s
              LEFT JOIN fulfillment_purchaseorder po ON po.supplier_id = s.supplier_id
              LEFT JOIN fulfillment_purchaseorderline pl ON pl.purchase_order_id = po.id
              LEFT JOIN fulfillment_goodsreceiptline rl ON rl.purchase_line_id = pl.id
                AND (rl.counted_at AT TIME ZONE %(zone)s)::date BETWEEN s.from_on AND s.until_on
                AND NOT EXISTS (SELECT FROM fulfillment_receiptlinevoid v
                                 WHERE v.receipt_line_id = rl.id)
             GROUP BY s.id
        ), claimed AS (
            SELECT c.statement_id AS id, sum(c.amount_fen) AS fen
              FROM fulfillment_supplierclaim c WHERE c.state = 'deducted'
             GROUP BY c.statement_id
        ), posted AS (
            SELECT t.ref_id AS statement_no,
                   sum(t.amount_fen) FILTER (WHERE t.event = 'supplier_deducted') AS claims_fen
              FROM orders_transfer t WHERE t.ref_type = 'supplier_statement'
             GROUP BY t.ref_id
        )
        SELECT s.statement_no
          FROM fulfillment_supplierstatement s
          JOIN goods USING (id) LEFT JOIN claimed USING (id) LEFT JOIN posted USING (statement_no)
          LEFT JOIN orders_transfer paid ON paid.idem_key = 'supplier-paid:' || s.statement_no
         WHERE s.state <> 'draft'
           AND (s.goods_fen <> goods.fen OR s.claims_fen <> coalesce(claimed.fen, 0)
             OR s.claims_fen <> coalesce(posted.claims_fen, 0)
             OR coalesce(paid.amount_fen, 0)
                <> CASE s.state WHEN 'paid' THEN s.goods_fen - s.claims_fen ELSE 0 END)
        """,
    ),
    BookLaw(
        "supplier_claims",
        "a claim is worth what its pieces cost, and rests on a decision against the supplier",
        """
        SELECT 'claim ' || c.id
          FROM fulfillment_supplierclaim c
          JOIN fulfillment_exceptioncase e ON e.id = c.case_id
          JOIN fulfillment_purchaseorderline pl ON pl.id = c.purchase_line_id
          JOIN fulfillment_purchaseorder po ON po.id = pl.purchase_order_id
         WHERE c.amount_fen <> c.qty::bigint * pl.unit_cost_fen OR c.supplier_id <> po.supplier_id
            OR (c.state <> 'dropped' AND (e.bearer <> 'supplier' OR e.stage = 'receive'
                                          OR e.qty <> c.qty))
        UNION
        SELECT 'purchase line ' || pl.id
          FROM fulfillment_purchaseorderline pl
          JOIN (SELECT purchase_line_id, sum(qty) AS qty FROM fulfillment_supplierclaim
                 WHERE state <> 'dropped' GROUP BY purchase_line_id) c
            ON c.purchase_line_id = pl.id
          LEFT JOIN (SELECT rl.purchase_line_id, sum(rl.arrived_qty - rl.rejected_qty) AS qty
                       FROM fulfillment_goodsreceiptline rl
                      WHERE NOT EXISTS (SELECT FROM fulfillment_receiptlinevoid v
                                         WHERE v.receipt_line_id = rl.id)
                      GROUP BY rl.purchase_line_id) a ON a.purchase_line_id = pl.id
         WHERE c.qty > coalesce(a.qty, 0)
        """,
    ),
)
