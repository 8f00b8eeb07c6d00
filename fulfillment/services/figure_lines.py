"""What one campaign sold, by leader, SKU and pickup point, in one statement.

The lines are read once, with what was allocated, refunded and claimed of each,
and every table of figures is a grouping of them.
"""

import json
from collections.abc import Mapping

from django.db import connection

from fulfillment.models.figures import LeaderFigures, PointFigures, SkuFigures
from orders.models.campaigns import Campaign
from orders.selectors.demand import DEMANDED_STATES

# A refund of money that was not needed gives back nothing of what was sold.
LINES_SQL = """
WITH line AS MATERIALIZED (
    SELECT l.id, l.order_id, l.sku_id, o.leader_id, o.pickup_point_id, o.resident_id,
           l.qty, l.amount_fen,
           coalesce(a.allocated_qty, 0) AS allocated,
           coalesce(a.substitute_qty, 0) AS substitutes
      FROM orders_orderline l
      JOIN orders_order o ON o.id = l.order_id
      LEFT JOIN fulfillment_allocation a ON a.order_line_id = l.id
     WHERE o.campaign_id = %(campaign)s AND o.state = ANY(%(demanded)s) AND NOT l.is_void
), given_back AS MATERIALIZED (
    SELECT r.order_line_id, f.reason, sum(r.amount_fen)::bigint AS fen
      FROM orders_refundline r
      JOIN line ON line.id = r.order_line_id
      JOIN orders_refund f ON f.id = r.refund_id
     WHERE f.state <> 'closed' AND f.reason NOT IN ('late_payment', 'duplicate_payment')
     GROUP BY r.order_line_id, f.reason
), claim AS MATERIALIZED (
    SELECT c.order_line_id, c.kind, count(*) AS claims
      FROM orders_claim c JOIN line ON line.id = c.order_line_id
     GROUP BY c.order_line_id, c.kind
), told AS MATERIALIZED (
    SELECT line.*, coalesce(g.fen, 0) AS refunded_fen, coalesce(c.claims, 0) AS claims
      FROM line
      LEFT JOIN (SELECT order_line_id, sum(fen)::bigint AS fen
                   FROM given_back GROUP BY order_line_id) g ON g.order_line_id = line.id
      LEFT JOIN (SELECT order_line_id, sum(claims) AS claims
                   FROM claim GROUP BY order_line_id) c ON c.order_line_id = line.id
), sold AS MATERIALIZED (
    SELECT order_id, leader_id, pickup_point_id, resident_id, sum(qty) AS pieces,
           sum(amount_fen) AS paid_fen, sum(refunded_fen) AS refunded_fen,
           sum(allocated + substitutes) AS given, sum(claims) AS claims
      FROM told GROUP BY order_id, leader_id, pickup_point_id, resident_id
), cost AS (
    SELECT pl.sku_id, sum(rl.accepted_qty::bigint * pl.unit_cost_fen)::bigint AS fen
      FROM fulfillment_cutoffrun run
      JOIN fulfillment_purchaseorder po ON po.run_id = run.id
      JOIN fulfillment_purchaseorderline pl ON pl.purchase_order_id = po.id
      JOIN fulfillment_goodsreceiptline rl ON rl.purchase_line_id = pl.id
     WHERE run.campaign_id = %(campaign)s
       AND NOT EXISTS (SELECT FROM fulfillment_receiptlinevoid v WHERE v.receipt_line_id = rl.id)
     GROUP BY pl.sku_id
), leaders AS (
    INSERT INTO fulfillment_leaderfigures (campaign_id, leader_id, delivery_date, orders,
           residents, pieces, paid_fen, refunded_fen, short_pieces, claims)
    SELECT %(campaign)s, leader_id, %(date)s, count(*), count(DISTINCT resident_id),
           sum(pieces), sum(paid_fen), sum(refunded_fen), sum(pieces - given), sum(claims)
      FROM sold GROUP BY leader_id
), skus AS (
    INSERT INTO fulfillment_skufigures (campaign_id, sku_id, delivery_date, lines, pieces,
           paid_fen, cost_fen, refunded_fen, short_pieces, claims)
    SELECT %(campaign)s, told.sku_id, %(date)s, count(*), sum(qty), sum(amount_fen),
           coalesce(min(cost.fen), 0), sum(refunded_fen),
           sum(qty - allocated - substitutes), sum(claims)
      FROM told LEFT JOIN cost ON cost.sku_id = told.sku_id GROUP BY told.sku_id
), points AS (
    INSERT INTO fulfillment_pointfigures (campaign_id, pickup_point_id, delivery_date, orders,
           served_orders, pieces, given_pieces, paid_fen, refunded_fen)
    SELECT %(campaign)s, pickup_point_id, %(date)s, count(*), count(*) FILTER (WHERE given > 0),
           sum(pieces), sum(given), sum(paid_fen), sum(refunded_fen)
      FROM sold GROUP BY pickup_point_id
)
SELECT (SELECT jsonb_build_object(
                   'orders', count(DISTINCT order_id), 'lines', count(*),
                   'pieces', coalesce(sum(qty), 0), 'paid_fen', coalesce(sum(amount_fen), 0),
                   'refunded_fen', coalesce(sum(refunded_fen), 0),
                   'allocated_pieces', coalesce(sum(allocated), 0),
                   'substitute_pieces', coalesce(sum(substitutes), 0),
                   'selling_leaders', count(DISTINCT leader_id),
                   'claims', coalesce(sum(claims), 0)) FROM told)
    || jsonb_build_object(
           'refunds_fen', (SELECT coalesce(jsonb_object_agg(reason, fen), '{}')
                             FROM (SELECT reason, sum(fen) AS fen FROM given_back
                                    GROUP BY reason) by_reason),
           'claims_by_kind', (SELECT coalesce(jsonb_object_agg(kind, claims), '{}')
                                FROM (SELECT kind, sum(claims) AS claims FROM claim
                                       GROUP BY kind) by_kind),
           'goods_fen', (SELECT coalesce(sum(fen), 0) FROM cost))
"""


def lines_add_up(campaign: Campaign) -> Mapping[str, object]:
    """Write the figures of a campaign's leaders, SKUs and points anew; return its own parts.

    Call it in a transaction in which nobody else adds up the same campaign.
    """
    for model in (LeaderFigures, SkuFigures, PointFigures):
        model._default_manager.filter(campaign=campaign).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            LINES_SQL,
            {
                "campaign": campaign.pk,
                "date": campaign.delivery_date,
                "demanded": list(DEMANDED_STATES),
            },
        )
        (parts,) = cursor.fetchone()
    # Django hands JSON out as text.
    found: dict[str, object] = json.loads(parts)
    return found
