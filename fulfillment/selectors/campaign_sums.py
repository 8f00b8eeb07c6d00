"""The sums of one campaign that its lines do not tell, a statement for each desk.

Every statement is one row whose columns are parts of `fulfillment.domain.kpi_parts`.
They read the figures of leaders and points, so those are written first.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from fulfillment.domain.arrival_window import EARLY, LATE, STEP
from fulfillment.domain.dock_slots import STEP_MINUTES
from fulfillment.domain.kpi_parts import FIRST_ANSWER_MOST_MINUTES, RESOLUTION_MOST_HOURS
from fulfillment.selectors.trip_costs import TRIP_TABLES
from leaders.models.leaders import LeaderState
from orders.models.campaigns import Campaign
from orders.selectors.demand import DEMANDED_STATES

PICKUP_HOUR = "21:00"

_RUN = """
WITH run AS (
    SELECT r.id, r.warehouse_id, c.id AS campaign_id, c.delivery_date, c.frozen_at
      FROM fulfillment_cutoffrun r JOIN orders_campaign c ON c.id = r.campaign_id
     WHERE c.id = %(campaign)s
)"""


def _of_run(*parts: str) -> str:
    """A statement about the run of a campaign."""
    return "".join((_RUN, *parts))


# A dock opens the evening before: slots from noon on belong to the day before the delivery.
PURCHASING_SQL = _of_run("""
, ordered AS (
    SELECT po.id, po.created_at, po.seq, s.is_market,
           coalesce(po.slot_offered, s.slot_start) AS slot
      FROM run
      JOIN fulfillment_purchaseorder po ON po.run_id = run.id AND po.state <> 'cancelled'
      JOIN fulfillment_supplier s ON s.id = po.supplier_id
), arrival AS (
    SELECT g.purchase_order_id, max(g.received_at) AS at
      FROM fulfillment_goodsreceipt g JOIN ordered ON ordered.id = g.purchase_order_id
     GROUP BY g.purchase_order_id
), slotted AS (
    SELECT arrival.at, (run.delivery_date + ordered.slot
               - CASE WHEN ordered.slot >= '12:00' THEN interval '1 day' ELSE interval '0' END
               + interval '1 minute' * %(slot_minutes)s) AT TIME ZONE %(zone)s AS until
      FROM run CROSS JOIN ordered LEFT JOIN arrival ON arrival.purchase_order_id = ordered.id
     WHERE ordered.slot IS NOT NULL AND NOT ordered.is_market
), standing AS (
    SELECT rl.purchase_line_id, sum(rl.accepted_qty) AS qty
      FROM fulfillment_goodsreceiptline rl
      JOIN fulfillment_purchaseorderline pl ON pl.id = rl.purchase_line_id
      JOIN ordered ON ordered.id = pl.purchase_order_id
     WHERE NOT EXISTS (SELECT FROM fulfillment_receiptlinevoid v WHERE v.receipt_line_id = rl.id)
     GROUP BY rl.purchase_line_id
), first_orders AS (
    SELECT extract(epoch FROM max(ordered.created_at) - max(run.frozen_at)) AS s
      FROM run CROSS JOIN ordered WHERE ordered.seq = 1
), labels AS (
    SELECT extract(epoch FROM max(p.printed_at) - max(run.frozen_at)) AS s
      FROM run JOIN fulfillment_paper p
        ON p.run_id = run.id AND p.document = 'labels' AND p.revision = 1
)
SELECT (SELECT coalesce(sum(pl.ordered_qty), 0) FROM ordered
          JOIN fulfillment_purchaseorderline pl ON pl.purchase_order_id = ordered.id
         WHERE pl.ended_as = '') AS bought_pieces,
       (SELECT coalesce(sum(qty), 0) FROM standing) AS accepted_pieces,
       (SELECT count(*) FROM slotted) AS slotted_orders,
       (SELECT count(*) FROM slotted WHERE at <= until) AS punctual_orders,
       (SELECT greatest(0, round(coalesce(s, 0) / 60)) FROM first_orders) AS po_minutes,
       (SELECT count(s) FROM first_orders) AS po_days,
       (SELECT greatest(0, round(coalesce(s, 0) / 60)) FROM labels) AS label_minutes,
       (SELECT count(s) FROM labels) AS label_days
""")
SORTING_SQL = _of_run("""
, sown AS (
    SELECT e.sorter_name, sum(e.qty) FILTER (WHERE e.stage = 'slot') AS qty,
           extract(epoch FROM max(e.at) - min(e.at)) AS s
      FROM run
      JOIN fulfillment_wave w ON w.run_id = run.id
      JOIN fulfillment_sorttask t ON t.wave_id = w.id
      JOIN fulfillment_sortevent e ON e.sort_task_id = t.id
     GROUP BY w.id, e.sorter_name
)
SELECT coalesce(sum(qty), 0) AS sorted_pieces,
       coalesce(sum(qty) FILTER (WHERE sorter_name <> '' AND s >= 1), 0) AS timed_pieces,
       coalesce(round(sum(s) FILTER (WHERE sorter_name <> '' AND s >= 1 AND qty > 0)), 0)
           AS sorter_seconds,
       (SELECT coalesce(sum(c.qty), 0) FROM run
          JOIN fulfillment_exceptioncase c ON c.run_id = run.id
         WHERE c.stage IN ('load', 'handover') AND c.cause <> 'over'
           AND coalesce(nullif(c.bearer, ''), c.proposed_bearer) = 'warehouse')
       + (SELECT coalesce(sum(c.qty), 0) FROM orders_claim c
            JOIN orders_orderline l ON l.id = c.order_line_id
            JOIN orders_order o ON o.id = l.order_id
           WHERE o.campaign_id = %(campaign)s AND c.state = 'approved'
             AND c.bearer = 'warehouse') AS missorted_pieces
  FROM sown
""")
# The window a leader is told is rounded as by `fulfillment.domain.arrival_window`.
# Handed over is what a point was given, where a handover or somebody says that it was,
# less what was missing at the vehicle or at the door.
DELIVERY_SQL = _of_run(
    TRIP_TABLES,
    """
, stop AS (
    SELECT s.id, s.start_at, s.state, s.drop_id, s.trip_id,
           EXISTS (SELECT FROM fulfillment_handover h
                    WHERE h.stop_id = s.id AND h.state <> 'pending') AS is_entered
      FROM trip JOIN fulfillment_stop s ON s.trip_id = trip.trip_id
), arrival AS (
    SELECT e.stop_id, min(CASE WHEN e.device_at BETWEEN e.received_at - interval '12 hours'
                                                    AND e.received_at
                               THEN e.device_at ELSE e.received_at END) AS at
      FROM stop
      JOIN fulfillment_driverevent e ON e.stop_id = stop.id AND e.kind = 'arrive'
      JOIN fulfillment_drivereventresult x
        ON x.event_id = e.id AND x.outcome IN ('applied', 'waiting')
     GROUP BY e.stop_id
), handed AS (
    SELECT d.id AS drop_id, d.pickup_point_id
      FROM run JOIN fulfillment_wave w ON w.run_id = run.id
      JOIN fulfillment_drop d ON d.wave_id = w.id
     WHERE EXISTS (SELECT FROM stop WHERE stop.drop_id = d.id AND stop.is_entered
                      AND stop.state IN ('delivered', 'partly'))
        OR EXISTS (SELECT FROM fulfillment_unrecordedcount u
                    WHERE u.run_id = run.id AND u.stage = 'handover'
                      AND (u.drop_id = d.id OR u.trip_id IN (SELECT stop.trip_id FROM stop
                               WHERE stop.drop_id = d.id
                                 AND stop.state NOT IN ('refused', 'failed'))))
), missed AS (
    SELECT coalesce(sum(c.qty), 0) AS qty
      FROM run
      JOIN fulfillment_exceptioncase c ON c.run_id = run.id
      LEFT JOIN fulfillment_tote t ON t.id = c.tote_id
      JOIN handed ON handed.drop_id = coalesce(c.drop_id, t.drop_id)
     WHERE c.stage IN ('load', 'handover') AND c.cause <> 'over' AND c.sku_id IS NOT NULL
), given AS (
    SELECT coalesce(sum(p.given_pieces), 0) AS pieces,
           coalesce(sum(p.served_orders), 0) AS orders,
           coalesce(sum(p.given_pieces) FILTER (WHERE handed.drop_id IS NOT NULL), 0)
               - (SELECT qty FROM missed) AS handed_pieces,
           coalesce(sum(p.served_orders) FILTER (WHERE handed.drop_id IS NOT NULL), 0)
               AS arrived_orders
      FROM run JOIN fulfillment_pointfigures p ON p.campaign_id = run.campaign_id
      LEFT JOIN handed ON handed.pickup_point_id = p.pickup_point_id
), shelf AS (
    SELECT coalesce(-sum(m.qty) FILTER (WHERE m.used_run_id = run.id), 0) AS taken,
           coalesce(-sum(m.qty) FILTER (WHERE m.origin_run_id = run.id AND (m.kind = 'returned'
               OR m.kind = 'used' AND m.used_run_id <> run.id)), 0) AS passed_on
      FROM run JOIN fulfillment_leftovermovement m
        ON m.origin_run_id = run.id OR m.used_run_id = run.id
), cost AS (
    SELECT (SELECT coalesce(sum(cost_fen), 0) FROM trip)
           + (SELECT coalesce(sum(cost_fen), 0) FROM haul) AS delivery_fen,
           pieces * %(warehouse_fen)s AS warehouse_fen, pieces * %(packing_fen)s AS packing_fen,
           handed_pieces > 0 AS is_known
      FROM given
)
SELECT (SELECT coalesce(sum(stops), 0) FROM trip) AS stops,
       (SELECT count(*) FROM arrival) AS timed_stops,
       (SELECT count(*) FROM arrival JOIN stop ON stop.id = arrival.stop_id
         WHERE arrival.at
               BETWEEN date_bin(%(step)s, stop.start_at - %(early)s, %(origin)s)
                   AND date_bin(%(step)s, stop.start_at + %(late)s, %(origin)s)) AS punctual_stops,
       (SELECT count(*) FROM trip) AS trips,
       (SELECT coalesce(sum(distance_m), 0) FROM trip) AS distance_m,
       (SELECT coalesce(sum(load_ml), 0) FROM trip) AS load_ml,
       (SELECT coalesce(sum(capacity_ml), 0) FROM trip) AS capacity_ml,
       given.handed_pieces, given.arrived_orders,
       (SELECT count(*) FROM run
          JOIN orders_order o ON o.campaign_id = run.campaign_id
          JOIN fulfillment_pickup k ON k.order_id = o.id AND k.undone_at IS NULL
          JOIN handed ON handed.pickup_point_id = o.pickup_point_id
         WHERE o.state = ANY(%(demanded)s)
           AND k.picked_up_at <= (run.delivery_date + time %(pickup_hour)s)
                                 AT TIME ZONE %(zone)s) AS fetched_orders,
       CASE WHEN cost.is_known THEN %(accepted)s + shelf.taken ELSE 0 END AS received_pieces,
       CASE WHEN cost.is_known THEN shelf.passed_on ELSE 0 END AS returned_pieces,
       CASE WHEN cost.is_known THEN cost.delivery_fen ELSE 0 END AS delivery_fen,
       CASE WHEN cost.is_known THEN cost.warehouse_fen ELSE 0 END AS warehouse_fen,
       CASE WHEN cost.is_known THEN cost.packing_fen ELSE 0 END AS packing_fen,
       cost.delivery_fen + cost.warehouse_fen + cost.packing_fen AS logistics_fen
  FROM given CROSS JOIN cost CROSS JOIN shelf
""",
)
MONEY_SQL = """
WITH entry AS (
    SELECT e.kind, e.state <> 'held' AS is_due, e.amount_fen, e.base_fen,
           e.leader_id = o.leader_id AS is_own
      FROM fulfillment_commissionentry e
      JOIN orders_orderline l ON l.id = e.order_line_id
      JOIN orders_order o ON o.id = l.order_id
     WHERE o.campaign_id = %(campaign)s
), signed AS (
    SELECT kind, is_due, is_own, amount_fen * sign AS amount_fen, base_fen * sign AS base_fen
      FROM entry CROSS JOIN LATERAL
           (SELECT CASE kind WHEN 'clawback' THEN -1 ELSE 1 END AS sign) s
     WHERE kind <> 'loss'
)
SELECT coalesce(sum(amount_fen), 0) AS commission_fen,
       coalesce(sum(amount_fen) FILTER (WHERE is_due), 0) AS released_fen,
       coalesce(sum(base_fen) FILTER (WHERE is_due AND is_own), 0) AS released_base_fen,
       (SELECT coalesce(sum(amount_fen), 0) FROM entry WHERE kind = 'loss')
       + (SELECT coalesce(sum(c.amount_fen), 0)
            FROM fulfillment_supplierclaim c
            JOIN fulfillment_exceptioncase k ON k.id = c.case_id
            JOIN fulfillment_cutoffrun r ON r.id = k.run_id
           WHERE r.campaign_id = %(campaign)s AND c.state IN ('accepted', 'deducted'))
           AS recovered_fen
  FROM signed
"""
PEOPLE_SQL = """
WITH seller AS (
    SELECT f.leader_id, bool_or(f.delivery_date > %(date)s - 30) AS is_kept,
           bool_or(f.delivery_date <= %(date)s - 30) AS is_former
      FROM fulfillment_leaderfigures f
      JOIN orders_campaign c ON c.id = f.campaign_id AND c.city = %(city)s
     WHERE f.delivery_date > %(date)s - 60 AND f.delivery_date <= %(date)s
     GROUP BY f.leader_id
), buyer AS (
    SELECT o.resident_id, count(*) AS orders
      FROM orders_campaign c JOIN orders_order o ON o.campaign_id = c.id
     WHERE c.city = %(city)s AND c.delivery_date > %(date)s - 7
       AND c.delivery_date <= %(date)s AND o.state = ANY(%(demanded)s)
     GROUP BY o.resident_id
), intent AS (
    SELECT o.paid_at IS NOT NULL AND o.state = ANY(%(demanded)s) AS is_paid
      FROM orders_jielongimport i
      JOIN orders_jielongentry e ON e.jielong_import_id = i.id
      LEFT JOIN orders_order o ON o.id = e.order_id
     WHERE i.campaign_id = %(campaign)s AND e.state IN ('unclear', 'ready', 'ordered')
)
SELECT (SELECT count(*) FROM leaders_leader h
         WHERE h.state = ANY(%(working)s) AND (h.joined_at AT TIME ZONE %(zone)s)::date <= %(date)s
           AND EXISTS (SELECT FROM leaders_pickuppoint p
                         LEFT JOIN fulfillment_servedpoint s ON s.pickup_point_id = p.id
                         LEFT JOIN fulfillment_warehouse w ON w.id = s.warehouse_id
                        WHERE p.leader_id = h.id AND p.is_open
                          AND coalesce(w.city, '') IN ('', %(city)s))) AS leaders,
       (SELECT count(*) FROM seller WHERE is_former) AS former_leaders,
       (SELECT count(*) FROM seller WHERE is_former AND is_kept) AS kept_leaders,
       (SELECT count(*) FROM buyer) AS week_buyers,
       (SELECT count(*) FROM buyer WHERE orders > 1) AS week_repeaters,
       (SELECT count(*) FROM intent) AS intents,
       (SELECT count(*) FROM intent WHERE is_paid) AS paid_intents
"""
# How often each span occurred, as JSON: minutes to the first word, hours to the decision.
ANSWERS_SQL = """
WITH span AS (
    SELECT least(%(answer_most)s, greatest(0, floor(extract(epoch FROM
               least(c.replied_at, c.decided_at) - c.filed_at) / 60)))::int AS minutes,
           least(%(resolution_most)s, greatest(0, floor(extract(epoch FROM
               c.decided_at - c.filed_at) / 3600)))::int AS hours,
           coalesce(c.replied_at, c.decided_at) IS NOT NULL AS is_answered,
           c.decided_at IS NOT NULL AS is_decided
      FROM orders_claim c
      JOIN orders_orderline l ON l.id = c.order_line_id
      JOIN orders_order o ON o.id = l.order_id
     WHERE o.campaign_id = %(campaign)s
)
SELECT 'first_answers', minutes, count(*) FROM span WHERE is_answered GROUP BY minutes
UNION ALL
SELECT 'resolutions', hours, count(*) FROM span WHERE is_decided GROUP BY hours
"""


def campaign_sums(campaign: Campaign) -> dict[str, Any]:
    """Return the parts of a campaign beside those of its lines, in five statements."""
    asked = _asked(campaign)
    sums = _row(PURCHASING_SQL, asked)
    for statement in (SORTING_SQL, DELIVERY_SQL, MONEY_SQL, PEOPLE_SQL):
        sums |= _row(statement, asked | {"accepted": sums["accepted_pieces"]})
    return sums | _tallies(asked)


def _asked(campaign: Campaign) -> dict[str, Any]:
    """What the statements are given."""
    return {
        "campaign": campaign.pk,
        "city": campaign.city,
        "date": campaign.delivery_date,
        "zone": timezone.get_default_timezone_name(),
        "demanded": list(DEMANDED_STATES),
        "working": [LeaderState.TRIAL, LeaderState.ACTIVE],
        "slot_minutes": STEP_MINUTES,
        "pickup_hour": PICKUP_HOUR,
        "step": STEP,
        "early": EARLY,
        "late": LATE + STEP - timedelta(microseconds=1),
        "origin": datetime(1970, 1, 1, tzinfo=UTC),
        "tote_ml": settings.TOTE_FILL_ML,
        "warehouse_fen": settings.WAREHOUSE_FEN_PER_PIECE,
        "packing_fen": settings.PACKING_FEN_PER_PIECE,
        "answer_most": FIRST_ANSWER_MOST_MINUTES,
        "resolution_most": RESOLUTION_MOST_HOURS,
    }


def _row(statement: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        names = [column.name for column in cursor.description or ()]
        return {name: int(value) for name, value in zip(names, cursor.fetchone(), strict=True)}


def _tallies(asked: Mapping[str, Any]) -> dict[str, dict[int, int]]:
    tallies: dict[str, dict[int, int]] = {"first_answers": {}, "resolutions": {}}
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS_SQL, asked)
        for name, value, times in cursor.fetchall():
            tallies[name][value] = times
    return tallies
