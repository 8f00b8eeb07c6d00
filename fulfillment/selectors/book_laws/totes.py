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
        "a tote is loaded onto a trip of its drop, and a plate is on one slot at a time",
        """
        SELECT 'tote ' || e.tote_id
          FROM fulfillment_toteevent e
          JOIN fulfillment_tote t ON t.id = e.tote_id
         WHERE e.to_state IN ('loaded', 'delivered')
           AND NOT EXISTS (
                   SELECT 1 FROM fulfillment_stop s
                    WHERE s.drop_id = t.drop_id AND s.trip_id = e.trip_id)
        UNION
        SELECT 'plate ' || plate_no
          FROM fulfillment_tote
         WHERE plate_no <> '' AND state IN ('assigned', 'sealed', 'loaded')
         GROUP BY plate_no HAVING count(*) > 1
        """,
    ),
    BookLaw(
        "load_checks",
        "who signed for a load counted all sealed totes of the trip, on it or missing; the trips "
        "of a drop in parts take them among them",
        """
        WITH packed AS (
            SELECT d.id AS drop_id, bool_or(t.state = 'assigned') AS is_open,
                   d.unserved_reason <> '' AS is_left_in_part,
                   (SELECT count(*) FROM fulfillment_stop s WHERE s.drop_id = d.id) AS parts,
                   count(*) FILTER (
                       WHERE t.state IN ('sealed', 'loaded', 'delivered', 'empty')
                          OR (t.state = 'lost' AND EXISTS (
                                  SELECT 1 FROM fulfillment_toteevent e
                                   WHERE e.tote_id = t.id AND e.to_state = 'lost'
                                     AND e.from_state IN
                                         ('sealed', 'loaded', 'delivered', 'empty')))
                   ) AS totes
              FROM fulfillment_drop d JOIN fulfillment_tote t ON t.drop_id = d.id
             GROUP BY d.id
        ), sealed AS (
            SELECT s.trip_id, sum(CASE WHEN p.parts > 1 OR p.is_left_in_part THEN s.totes
                                       ELSE p.totes END) AS totes
              FROM fulfillment_stop s JOIN packed p ON p.drop_id = s.drop_id
             GROUP BY s.trip_id
        )
        SELECT 'route ' || p.route_no
          FROM fulfillment_loadcheck c
          JOIN fulfillment_trip p ON p.id = c.trip_id
          LEFT JOIN sealed ON sealed.trip_id = c.trip_id
         WHERE c.loaded_totes + c.missing_totes <> coalesce(sealed.totes, 0)
        UNION
        SELECT 'drop ' || p.drop_id
          FROM packed p JOIN fulfillment_stop s ON s.drop_id = p.drop_id
         WHERE p.parts > 1 AND p.totes > 0 AND NOT p.is_open AND NOT p.is_left_in_part
         GROUP BY p.drop_id, p.totes
        HAVING sum(s.totes) <> p.totes
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
