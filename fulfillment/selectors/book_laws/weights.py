"""Laws of catch weight: what is weighed stands once, and light lines got their money."""

from fulfillment.selectors.book_laws.law import BookLaw

LAWS = (
    BookLaw(
        "portions",
        "a portion stands once, and is undone as it was weighed",
        """
        WITH standing AS (
            SELECT p.allocation_id, p.portion_no
              FROM fulfillment_weighedportion p
             WHERE p.undoes_id IS NULL
               AND NOT EXISTS (SELECT FROM fulfillment_weighedportion u WHERE u.undoes_id = p.id)
        )
        SELECT 'allocation ' || allocation_id || ' portion ' || portion_no
          FROM standing GROUP BY allocation_id, portion_no HAVING count(*) > 1
        UNION ALL
        SELECT 'allocation ' || u.allocation_id || ' portion ' || u.portion_no
          FROM fulfillment_weighedportion u
          JOIN fulfillment_weighedportion p ON p.id = u.undoes_id
         WHERE p.undoes_id IS NOT NULL
            OR (p.allocation_id, p.portion_no, p.gross_g, p.tare_g, p.nominal_g)
               <> (u.allocation_id, u.portion_no, u.gross_g, u.tare_g, u.nominal_g)
        """,
    ),
    BookLaw(
        "short_weights",
        "a fully weighed line gets back what its portions weigh less than sold, and no other does",
        """
        WITH weighed AS (
            SELECT p.allocation_id, p.portion_no, p.nominal_g, p.gross_g - p.tare_g AS net_g,
                   EXISTS (SELECT FROM fulfillment_weighedportion u
                            WHERE u.undoes_id = p.id) AS is_undone
              FROM fulfillment_weighedportion p WHERE p.undoes_id IS NULL
        ), standing AS (
            SELECT allocation_id, count(*) AS portions, max(portion_no) AS last_no,
                   sum(nominal_g) AS nominal_g, sum(net_g) AS net_g
              FROM weighed WHERE NOT is_undone GROUP BY allocation_id
        ), lightest AS (
            -- What the portions would owe as light as any of them ever was.
            SELECT allocation_id, bool_or(has_undone) AS has_undone,
                   sum(light_g)::numeric / min(nominal_g) AS pieces
              FROM (SELECT allocation_id, portion_no, bool_or(is_undone) AS has_undone,
                           max(greatest(nominal_g - net_g, 0)) AS light_g,
                           min(nominal_g) AS nominal_g
                      FROM weighed GROUP BY allocation_id, portion_no) AS of_portion
             GROUP BY allocation_id
        ), returned AS (
            SELECT rl.order_line_id, sum(rl.amount_fen) AS fen
              FROM orders_refundline rl JOIN orders_refund f ON f.id = rl.refund_id
             WHERE f.reason = 'short_weight' AND f.state <> 'closed'
             GROUP BY rl.order_line_id
        ), judged AS (
            -- The minimum is a setting: a closed day was settled under the one of its time,
            -- so only what no operator would keep is asked of it.
            SELECT l.id, coalesce(returned.fen, 0) AS returned_fen,
                   CASE WHEN a.allocated_qty > 0 AND standing.portions = a.allocated_qty
                             AND standing.last_no = a.allocated_qty
                        THEN greatest(0, a.allocated_qty::bigint * l.unit_price_fen
                             - div(standing.net_g * a.allocated_qty * l.unit_price_fen,
                                   standing.nominal_g))
                        ELSE 0 END AS owed_fen,
                   CASE WHEN lightest.has_undone OR standing.portions > a.allocated_qty
                        THEN ceil(l.unit_price_fen * lightest.pieces) END AS most_fen,
                   CASE WHEN r.day_closed_at IS NULL THEN %(weight_refund_min_fen)s
                        ELSE greatest(%(weight_refund_min_fen)s, 100) END
                        AS min_fen,
                   EXISTS (SELECT FROM fulfillment_steprecord s
                            WHERE s.run_id = a.run_id AND s.name = 'refund'
                              AND s.state = 'done') AS is_refunded
              FROM orders_orderline l
              LEFT JOIN fulfillment_allocation a ON a.order_line_id = l.id
              LEFT JOIN fulfillment_cutoffrun r ON r.id = a.run_id
              LEFT JOIN standing ON standing.allocation_id = a.id
              LEFT JOIN lightest ON lightest.allocation_id = a.id
              LEFT JOIN returned ON returned.order_line_id = l.id
             WHERE lightest.allocation_id IS NOT NULL OR returned.order_line_id IS NOT NULL
        )
        SELECT 'order line ' || id FROM judged
         WHERE returned_fen > greatest(owed_fen, coalesce(most_fen, 0))
            OR (is_refunded AND owed_fen >= min_fen AND returned_fen < owed_fen)
            OR (most_fen IS NULL AND returned_fen NOT IN (0, owed_fen))
        """,
    ),
)
