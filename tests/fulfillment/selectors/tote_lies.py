"""Lies about totes, told behind the back of every constraint and trigger."""

# What each law has to find.
LIES_ABOUT_TOTES = [
    ("tote_moves", "UPDATE fulfillment_tote SET state = 'loaded' WHERE state = 'delivered'"),
    ("tote_moves", "DELETE FROM fulfillment_toteevent WHERE to_state = 'loaded'"),
    ("tote_moves", "DELETE FROM fulfillment_toteevent"),
    ("tote_places", "UPDATE fulfillment_toteevent SET trip_id = NULL"),
    (
        "tote_places",
        """
        UPDATE fulfillment_toteevent
           SET trip_id = (SELECT max(id) FROM fulfillment_trip) WHERE to_state = 'loaded'
        """,
    ),
    ("tote_places", "UPDATE fulfillment_tote SET plate_no = 'P-1', state = 'sealed'"),
    ("load_checks", "UPDATE fulfillment_loadcheck SET loaded_totes = loaded_totes - 1"),
    (
        "load_checks",
        "UPDATE fulfillment_tote SET state = 'free' WHERE storage = 'chill'",
    ),
    ("tote_handovers", "UPDATE fulfillment_handover SET totes_delivered = 1"),
    ("tote_handovers", "DELETE FROM fulfillment_handover"),
    ("tote_balances", "UPDATE fulfillment_totecount SET out_qty = out_qty + 1"),
    ("tote_balances", "UPDATE fulfillment_totecount SET in_qty = 1 WHERE vehicle_id IS NOT NULL"),
    ("tote_balances", "DELETE FROM fulfillment_totecount WHERE leader_id IS NOT NULL"),
    ("tote_balances", "DELETE FROM fulfillment_totecount WHERE vehicle_id IS NOT NULL"),
    ("tote_balances", "UPDATE fulfillment_handover SET empties_returned = 7"),
]
