"""What delivery costs, trip by trip, as it was planned.

A trip costs its kilometres, its hours, the hours after its driver's shift, and
its share of what the vehicle costs a day. The goods' way to a grid warehouse
is a cost of its own.
"""

# Two tables that a statement with a table `run (id, delivery_date)` goes on with: a row per
# trip, and a row per run and vehicle between warehouses. They ask for %(zone)s and %(tote_ml)s.
TRIP_TABLES = """, trip AS (
    SELECT run.id AS run_id, t.id AS trip_id, t.vehicle_id, t.driver_id, t.route_no,
           count(s.id) AS stops,
           coalesce(sum(s.distance_m), 0) + t.return_distance_m AS distance_m,
           coalesce(sum(s.volume_ml), 0)::bigint AS load_ml,
           coalesce(v.capacity_ml, v.capacity_totes::bigint * %(tote_ml)s) AS capacity_ml,
           round(v.fixed_cost_fen::numeric / count(*) OVER (PARTITION BY run.id, t.vehicle_id)
                 + (coalesce(sum(s.distance_m), 0) + t.return_distance_m)
                   * v.cost_per_km_fen / 1000.0
                 + extract(epoch FROM t.returns_at - t.departs_at) * v.cost_per_hour_fen / 3600
                 + greatest(0, extract(epoch FROM t.returns_at - greatest(t.departs_at,
                     (run.delivery_date + v.shift_end) AT TIME ZONE %(zone)s)))
                   * v.overtime_per_hour_fen / 3600)::bigint AS cost_fen
      FROM run
      JOIN fulfillment_deliveryrun d ON d.cutoff_run_id = run.id AND d.state <> 'cancelled'
      JOIN fulfillment_trip t ON t.delivery_run_id = d.id
      JOIN fulfillment_vehicle v ON v.id = t.vehicle_id
      LEFT JOIN fulfillment_stop s ON s.trip_id = t.id
     GROUP BY run.id, run.delivery_date, t.id, v.id
), haul AS (
    SELECT run.id AS run_id, h.vehicle_id, sum(h.distance_m)::bigint AS distance_m,
           round(v.fixed_cost_fen + sum(h.distance_m) * v.cost_per_km_fen / 1000.0
                 + extract(epoch FROM max(h.depart_at) - min(h.leaves_at))
                   * v.cost_per_hour_fen / 3600)::bigint AS cost_fen
      FROM run
      JOIN fulfillment_linehaul h ON h.cutoff_run_id = run.id
      JOIN fulfillment_vehicle v ON v.id = h.vehicle_id
     GROUP BY run.id, h.vehicle_id, v.id
)"""
