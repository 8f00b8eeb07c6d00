"""Laws of goods and papers: what was sold is bought, shared out, carried and printed."""

from fulfillment.selectors.book_laws.law import BookLaw

LAWS = (
    BookLaw(
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
    BookLaw(
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
    BookLaw(
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
    BookLaw(
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
    BookLaw(
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
    BookLaw(
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
    BookLaw(
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
