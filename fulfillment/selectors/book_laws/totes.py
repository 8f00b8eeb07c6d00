"""Laws of totes: each is in one place, and balances are what papers and events say."""

from fulfillment.selectors.book_laws.law import BookLaw

LAWS = (
    BookLaw(
        "tote_moves",
        "a tote stands where its last event left it, and every event starts where the last ended",
        """
        WITH moves AS (
            SELECT e.tote_id, e.from_state, e.to_state,
                   lag(e.to_state) OVER way AS before,
                   lead(e.id) OVER way IS NULL AS is_last
              FROM fulfillment_toteevent e
            WINDOW way AS (PARTITION BY e.tote_id ORDER BY e.id)
        )
        SELECT 'tote ' || t.id
          FROM fulfillment_tote t LEFT JOIN moves m ON m.tote_id = t.id
         WHERE CASE WHEN m.tote_id IS NULL THEN t.state NOT IN ('assigned', 'free')
                    ELSE (m.before IS NOT NULL AND m.before <> m.from_state)
                      OR (m.before IS NULL AND m.from_state NOT IN ('assigned', 'free'))
                      OR (m.is_last AND m.to_state <> t.state)
               END
        """,
    ),
    BookLaw(
        "tote_places",
        "a tote is loaded onto the trip of its drop, and a plate is on one slot at a time",
        """
        SELECT 'tote ' || e.tote_id
          FROM fulfillment_toteevent e
          JOIN fulfillment_tote t ON t.id = e.tote_id
          LEFT JOIN fulfillment_stop s ON s.drop_id = t.drop_id
         WHERE e.to_state IN ('loaded', 'delivered')
           AND (e.trip_id IS NULL OR s.trip_id IS NULL OR e.trip_id <> s.trip_id)
        UNION
        SELECT 'plate ' || plate_no
          FROM fulfillment_tote
         WHERE plate_no <> '' AND state IN ('assigned', 'sealed', 'loaded')
         GROUP BY plate_no HAVING count(*) > 1
        """,
    ),
    BookLaw(
        "load_checks",
        "who signed for a load counted all sealed totes of the trip, on it or missing",
        """
        WITH sealed AS (
            SELECT s.trip_id, count(*) AS totes
              FROM fulfillment_tote t JOIN fulfillment_stop s ON s.drop_id = t.drop_id
             WHERE t.state IN ('sealed', 'loaded', 'delivered', 'empty')
                OR (t.state = 'lost' AND EXISTS (
                       SELECT 1 FROM fulfillment_toteevent e
                        WHERE e.tote_id = t.id AND e.to_state = 'lost'
                          AND e.from_state IN ('sealed', 'loaded', 'delivered', 'empty')))
             GROUP BY s.trip_id
        )
        SELECT 'route ' || p.route_no
          FROM fulfillment_loadcheck c
          JOIN fulfillment_trip p ON p.id = c.trip_id
          LEFT JOIN sealed ON sealed.trip_id = c.trip_id
         WHERE c.loaded_totes + c.missing_totes <> coalesce(sealed.totes, 0)
        """,
    ),
    BookLaw(
        "tote_handovers",
        "a handover of a signed load counts the totes that its trip delivered there",
        """
        WITH delivered AS (
            SELECT t.drop_id, e.trip_id, count(DISTINCT t.id) AS totes
              FROM fulfillment_toteevent e JOIN fulfillment_tote t ON t.id = e.tote_id
             WHERE e.to_state = 'delivered'
             GROUP BY t.drop_id, e.trip_id
        )
        SELECT 'stop ' || s.id
          FROM fulfillment_stop s
          JOIN fulfillment_loadcheck c ON c.trip_id = s.trip_id
          LEFT JOIN fulfillment_handover h ON h.stop_id = s.id AND h.state <> 'pending'
          LEFT JOIN delivered d ON d.drop_id = s.drop_id AND d.trip_id = s.trip_id
         WHERE coalesce(h.totes_delivered, 0) <> coalesce(d.totes, 0)
        """,
    ),
    BookLaw(
        "tote_balances",
        "what a trip moved in the ledger of totes is what was loaded, handed over and taken back",
        """
        WITH stops AS (
            SELECT s.trip_id, p.vehicle_id, pp.leader_id,
                   h.totes_delivered AS delivered, h.empties_returned AS empties
              FROM fulfillment_handover h
              JOIN fulfillment_stop s ON s.id = h.stop_id
              JOIN fulfillment_loadcheck c ON c.trip_id = s.trip_id
              JOIN fulfillment_trip p ON p.id = s.trip_id
              JOIN fulfillment_drop d ON d.id = s.drop_id
              JOIN leaders_pickuppoint pp ON pp.id = d.pickup_point_id
             WHERE h.state <> 'pending'
        ), of_leaders AS (
            SELECT trip_id, leader_id, sum(delivered) AS delivered, sum(empties) AS empties
              FROM stops GROUP BY trip_id, leader_id
        ), with_leaders AS (
            SELECT trip_id, leader_id, sum(out_qty) AS went, sum(in_qty) AS came
              FROM fulfillment_totecount
             WHERE trip_id IS NOT NULL AND leader_id IS NOT NULL
             GROUP BY trip_id, leader_id
        ), of_vehicles AS (
            SELECT c.trip_id, c.loaded_totes + coalesce(sum(st.empties), 0) AS went,
                   coalesce(sum(st.delivered), 0) AS left_it
              FROM fulfillment_loadcheck c LEFT JOIN stops st ON st.trip_id = c.trip_id
             GROUP BY c.trip_id, c.loaded_totes
        ), with_vehicles AS (
            SELECT trip_id, sum(out_qty) AS went, sum(in_qty) AS came
              FROM fulfillment_totecount
             WHERE trip_id IS NOT NULL AND vehicle_id IS NOT NULL
             GROUP BY trip_id
        )
        SELECT 'leader ' || leader_id || ' trip ' || trip_id
          FROM of_leaders FULL JOIN with_leaders USING (trip_id, leader_id)
         WHERE coalesce(delivered, 0) <> coalesce(went, 0)
            OR coalesce(empties, 0) <> coalesce(came, 0)
        UNION
        SELECT 'vehicle of trip ' || trip_id
          FROM of_vehicles FULL JOIN with_vehicles USING (trip_id)
         WHERE coalesce(of_vehicles.went, 0) <> coalesce(with_vehicles.went, 0)
            OR coalesce(with_vehicles.came, 0) < coalesce(left_it, 0)
        """,
    ),
)
