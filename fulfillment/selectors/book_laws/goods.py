"""Laws of goods and papers: what was sold is bought, shared out, carried and printed."""

from fulfillment.selectors.book_laws.law import BookLaw

LAWS = (
    BookLaw(
        "purchase_need",
        "what is ordered and what was left over cover what was sold, in whole packs",
        """
        WITH bought AS (
            SELECT r.campaign_id, pl.sku_id, sum(pl.need_qty) AS need,
                   bool_and(pl.ordered_qty = pl.packs * pl.pack_factor
                            AND pl.ordered_qty >= pl.need_qty) AS covered
              FROM fulfillment_purchaseorderline pl
              JOIN fulfillment_purchaseorder po ON po.id = pl.purchase_order_id
              JOIN fulfillment_cutoffrun r ON r.id = po.run_id
             WHERE pl.ended_as <> 'moved'
             GROUP BY r.campaign_id, pl.sku_id
        ), left_over AS (
            SELECT r.campaign_id, m.sku_id, -sum(m.qty) AS used
              FROM fulfillment_leftovermovement m
              JOIN fulfillment_cutoffrun r ON r.id = m.used_run_id
             WHERE m.kind = 'used'
             GROUP BY r.campaign_id, m.sku_id
        ), bought_for AS (
            SELECT campaign_id FROM bought UNION SELECT campaign_id FROM left_over
        ), sold AS (
            SELECT f.campaign_id, f.sku_id, sum(d.qty) AS qty
              FROM orders_demandline d JOIN orders_offer f ON f.id = d.offer_id
             WHERE f.campaign_id IN (SELECT campaign_id FROM bought_for)
             GROUP BY f.campaign_id, f.sku_id
        )
        SELECT 'SKU ' || sku_id
          FROM sold FULL JOIN bought USING (campaign_id, sku_id)
                    FULL JOIN left_over USING (campaign_id, sku_id)
         WHERE coalesce(sold.qty, 0) <> coalesce(bought.need, 0) + coalesce(left_over.used, 0)
            OR NOT coalesce(bought.covered, TRUE)
        """,
    ),
    BookLaw(
        "allocation",
        "per SKU the lines get what there is, and nothing is spare that a line could still get",
        """
        WITH supply AS (
            SELECT run_id, sku_id, greatest(0, sum(qty)) AS qty
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
                    SELECT run_id, sku_id, -qty
                      FROM fulfillment_exceptioncase
                     WHERE stage IN ('sort', 'weigh') AND cause <> 'over'
                     UNION ALL
                    SELECT run_id, substitute_sku_id, -substitute_qty
                      FROM fulfillment_allocation WHERE substitute_qty > 0) moved
             GROUP BY run_id, sku_id
        ), refunded AS (
            SELECT rl.order_line_id, sum(rl.qty) AS qty
              FROM orders_refundline rl JOIN orders_refund f ON f.id = rl.refund_id
             WHERE f.reason = 'shortage'
             GROUP BY rl.order_line_id
        ), line AS (
            SELECT a.run_id, l.sku_id, a.allocated_qty AS has, a.is_fixed, f.is_all_or_nothing,
                   o.pickup_point_id, k.weight_g,
                   l.qty - a.substitute_qty - coalesce(refunded.qty, 0) AS wants,
                   a.ordered_qty = l.qty AS is_ordered
              FROM fulfillment_allocation a
              JOIN orders_orderline l ON l.id = a.order_line_id
              JOIN orders_order o ON o.id = l.order_id
              JOIN orders_sku k ON k.id = l.sku_id
              JOIN orders_offer f ON f.id = l.offer_id
              LEFT JOIN refunded ON refunded.order_line_id = l.id
        ), room AS (
            SELECT DISTINCT ON (d.id) w.run_id, d.pickup_point_id, free_g
              FROM (SELECT s.drop_id, s.part_no,
                           v.capacity_g - sum(s.weight_g) OVER (PARTITION BY t.id) AS free_g
                      FROM fulfillment_stop s
                      JOIN fulfillment_trip t ON t.id = s.trip_id
                      JOIN fulfillment_vehicle v ON v.id = t.vehicle_id) part
              JOIN fulfillment_drop d ON d.id = part.drop_id
              JOIN fulfillment_wave w ON w.id = d.wave_id
             ORDER BY d.id, part_no DESC
        ), shared AS (
            SELECT run_id, sku_id, coalesce(max(supply.qty), 0) - sum(has) AS spare,
                   bool_and(is_ordered AND has BETWEEN 0 AND wants) AS sane
              FROM line LEFT JOIN supply USING (run_id, sku_id)
             GROUP BY run_id, sku_id
        )
        SELECT 'SKU ' || shared.sku_id
          FROM shared JOIN fulfillment_cutoffrun r ON r.id = shared.run_id
         WHERE NOT sane OR spare < 0
            OR (spare > 0 AND r.shortages_final_at IS NULL AND EXISTS (
                SELECT FROM line LEFT JOIN room USING (run_id, pickup_point_id)
                 WHERE run_id = shared.run_id AND line.sku_id = shared.sku_id
                   AND has < wants AND NOT is_fixed
                   AND (NOT is_all_or_nothing OR wants - has <= spare)
                   AND (free_g IS NULL OR free_g >= weight_g::bigint
                        * CASE WHEN is_all_or_nothing THEN wants - has ELSE 1 END)))
        """,
    ),
    BookLaw(
        "allocation_changes",
        "what a line has is what the last sharing out that touched it gave it",
        """
        WITH noted AS (
            SELECT run_id FROM fulfillment_allocationrun WHERE cause = 'first'
        ), last AS (
            SELECT DISTINCT ON (c.allocation_id) c.allocation_id, c.after_qty
              FROM fulfillment_allocationchange c
              JOIN fulfillment_allocationrun ar ON ar.id = c.allocation_run_id
             ORDER BY c.allocation_id, ar.seq DESC
        )
        SELECT 'order line ' || a.order_line_id
          FROM fulfillment_allocation a
          JOIN noted ON noted.run_id = a.run_id
          LEFT JOIN last ON last.allocation_id = a.id
         WHERE a.allocated_qty + a.substitute_qty <> coalesce(last.after_qty, a.ordered_qty)
        """,
    ),
    BookLaw(
        "drops",
        "the drops of a wave carry exactly what their pickup points were given",
        """
        WITH given AS (
            SELECT a.run_id, o.pickup_point_id,
                   sum(a.allocated_qty + a.substitute_qty) AS pieces
              FROM fulfillment_allocation a
              JOIN orders_orderline l ON l.id = a.order_line_id
              JOIN orders_order o ON o.id = l.order_id
             GROUP BY a.run_id, o.pickup_point_id
            HAVING sum(a.allocated_qty + a.substitute_qty) > 0
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
    BookLaw(
        "sort_tasks",
        "each sort task spreads exactly the pieces of its SKU that somebody gets",
        """
        WITH given AS (
            SELECT run_id, sku_id, sum(qty) AS pieces
              FROM (SELECT a.run_id, l.sku_id, a.allocated_qty AS qty
                      FROM fulfillment_allocation a
                      JOIN orders_orderline l ON l.id = a.order_line_id
                     UNION ALL
                    SELECT run_id, substitute_sku_id, substitute_qty
                      FROM fulfillment_allocation WHERE substitute_qty > 0) placed
             GROUP BY run_id, sku_id HAVING sum(qty) > 0
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
    BookLaw(
        "stops",
        "a planned drop is served with the totes expected of it, whole or in parts that are all of"
        " it, or a reason says why not",
        """
        WITH served AS (
            SELECT drop_id, count(*) AS parts, sum(weight_g) AS weight_g, sum(totes) AS totes
              FROM fulfillment_stop GROUP BY drop_id
        ), packed AS (
            SELECT drop_id, bool_or(state NOT IN ('assigned', 'free')) AS is_sealed,
                   count(*) FILTER (WHERE coalesce(
                       (SELECT e.from_state FROM fulfillment_toteevent e
                         WHERE e.tote_id = t.id ORDER BY e.id LIMIT 1), 'assigned') <> 'free')
                   AS expected
              FROM fulfillment_tote t GROUP BY drop_id
        )
        SELECT 'drop ' || d.id
          FROM fulfillment_drop d
          JOIN fulfillment_wave w ON w.id = d.wave_id
          LEFT JOIN served ON served.drop_id = d.id
          LEFT JOIN packed ON packed.drop_id = d.id
         WHERE EXISTS (SELECT FROM fulfillment_deliveryrun v WHERE v.cutoff_run_id = w.run_id)
           AND (d.slot_code = ''
                OR (parts IS NULL AND d.unserved_reason = '')
                OR (d.unserved_reason = '' AND served.weight_g <> d.weight_g)
                OR (d.unserved_reason <> '' AND served.weight_g >= d.weight_g)
                OR (d.unserved_reason = '' AND NOT (parts > 1 AND is_sealed)
                    AND served.totes <> coalesce(expected, 0)))
        """,
    ),
    BookLaw(
        "loads",
        "no trip carries more kilograms or totes than its vehicle may; what a part of a drop"
        " really took is known from its sealing",
        """
        WITH part AS (
            SELECT s.trip_id, s.weight_g,
                   CASE WHEN EXISTS (SELECT FROM fulfillment_stop o
                                      WHERE o.drop_id = s.drop_id AND o.id <> s.id)
                         AND EXISTS (SELECT FROM fulfillment_tote k
                                      WHERE k.drop_id = s.drop_id
                                        AND k.state NOT IN ('assigned', 'free'))
                        THEN 0 ELSE s.totes END AS totes
              FROM fulfillment_stop s
        )
        SELECT 'route ' || t.route_no
          FROM fulfillment_trip t
          JOIN fulfillment_vehicle v ON v.id = t.vehicle_id
          JOIN part ON part.trip_id = t.id
         GROUP BY t.id, v.id
        HAVING sum(part.weight_g) > v.capacity_g OR sum(part.totes) > v.capacity_totes
        """,
    ),
    BookLaw(
        "papers",
        "the papers that show the whole allocation show all of its pieces, unless it was"
        " shared out again since and they wait to be replaced",
        """
        WITH given AS (
            SELECT a.run_id, sum(a.allocated_qty + a.substitute_qty) AS pieces
              FROM fulfillment_allocation a JOIN fulfillment_cutoffrun r ON r.id = a.run_id
             WHERE r.papers_basis = ''
                OR r.papers_basis || ' ' LIKE '%%allocations=' || (
                       SELECT count(*) FROM fulfillment_allocationrun s WHERE s.run_id = r.id
                   ) || ' %%'
             GROUP BY a.run_id
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
