"""Every key figure as a plain function of summed parts.

Shares are in basis points, rounded to the nearest, money in whole fen. A figure
of which nothing can be said, because nothing was sold, counted or told, is None
and never 0. The formulas stand in docs/algorithms/kpis.md, each with an example.
"""

from fulfillment.domain.kpi_parts import Parts, median

WHOLE_BP = 10_000
HUNDREDTHS = 100
HOUR_S = 3_600


def ratio(part: int, whole: int, scale: int = 1) -> int | None:
    """Return `part * scale / whole`, rounded half up; None where the whole is 0."""
    if not whole:
        return None
    return (2 * part * scale + whole) // (2 * whole)


def share_bp(part: int, whole: int) -> int | None:
    """Return a share in basis points; None of nothing."""
    return ratio(part, whole, WHOLE_BP)


def gmv_fen(parts: Parts) -> int | None:
    """Everything paid."""
    return parts.paid_fen if parts.orders else None


def net_sales_fen(parts: Parts) -> int | None:
    """Paid less refunds."""
    return parts.net_fen if parts.orders else None


def fill_bp(parts: Parts) -> int | None:
    """Allocated of paid pieces."""
    return share_bp(parts.allocated_pieces, parts.pieces)


def supplier_fill_bp(parts: Parts) -> int | None:
    """Accepted of ordered pieces."""
    return share_bp(parts.accepted_pieces, parts.bought_pieces)


def supplier_punctual_bp(parts: Parts) -> int | None:
    """Purchase orders all there by the end of their slot, of those with a slot."""
    return share_bp(parts.punctual_orders, parts.slotted_orders)


def shrink_bp(parts: Parts) -> int | None:
    """What was received and neither handed over nor passed on, of what was received."""
    gone = parts.received_pieces - parts.handed_pieces - parts.returned_pieces
    return share_bp(gone, parts.received_pieces)


def sort_accuracy_bp(parts: Parts) -> int | None:
    """Sorted pieces less those missing or wrong by the warehouse's fault."""
    right = parts.sorted_pieces - min(parts.missorted_pieces, parts.sorted_pieces)
    return share_bp(right, parts.sorted_pieces)


def sort_productivity(parts: Parts) -> int | None:
    """Pieces per hour of a sorter."""
    return ratio(parts.timed_pieces, parts.sorter_seconds, HOUR_S)


def punctual_bp(parts: Parts) -> int | None:
    """Stops inside the announced window, of those with a known arrival."""
    return share_bp(parts.punctual_stops, parts.timed_stops)


def load_bp(parts: Parts) -> int | None:
    """Volume carried of the vehicles' room, trip by trip."""
    return share_bp(parts.load_ml, parts.capacity_ml)


def metres_per_stop(parts: Parts) -> int | None:
    """Distance driven, ways back included, per stop."""
    return ratio(parts.distance_m, parts.stops)


def stops_per_trip(parts: Parts) -> int | None:
    """Stops per trip, in hundredths."""
    return ratio(parts.stops, parts.trips, HUNDREDTHS)


def cost_per_piece_fen(parts: Parts) -> int | None:
    """Warehouse, delivery and packing per piece handed over."""
    cost_fen = parts.warehouse_fen + parts.delivery_fen + parts.packing_fen
    return ratio(cost_fen, parts.handed_pieces)


def pickup_bp(parts: Parts) -> int | None:
    """Orders fetched by 21:00, of those that had arrived."""
    return share_bp(parts.fetched_orders, parts.arrived_orders)


def claim_bp(parts: Parts) -> int | None:
    """Claims per line."""
    return share_bp(parts.claims, parts.lines)


def refund_bp(parts: Parts) -> int | None:
    """Refunded of paid."""
    return share_bp(parts.refunded_fen, parts.paid_fen)


def first_answer_minutes(parts: Parts) -> int | None:
    """Minutes to the first word, of the claim in the middle."""
    return median(parts.first_answers)


def resolution_hours(parts: Parts) -> int | None:
    """Hours to the decision, of the claim in the middle."""
    return median(parts.resolutions)


def contribution_fen(parts: Parts) -> int | None:
    """What an order leaves: net sales and recovered losses less goods and all that it cost."""
    earned_fen = parts.net_fen + parts.recovered_fen
    cost_fen = parts.goods_fen + parts.commission_fen + parts.logistics_fen + parts.fee_fen
    return ratio(earned_fen - cost_fen, parts.orders)


def commission_bp(parts: Parts) -> int | None:
    """Released commission of the sales it was earned on."""
    return share_bp(parts.released_fen, parts.released_base_fen)


def active_leaders_bp(parts: Parts) -> int | None:
    """Leaders with orders of all leaders, day by day."""
    return share_bp(parts.selling_leaders, parts.leaders)


def kept_leaders_bp(parts: Parts) -> int | None:
    """Leaders who sold 31 to 60 days before and sold again since."""
    return share_bp(parts.kept_leaders, parts.former_leaders)


def orders_per_leader(parts: Parts) -> int | None:
    """Orders per leader and day with orders, in hundredths."""
    return ratio(parts.orders, parts.selling_leaders, HUNDREDTHS)


def order_value_fen(parts: Parts) -> int | None:
    """Paid per order."""
    return ratio(parts.paid_fen, parts.orders)


def pieces_per_order(parts: Parts) -> int | None:
    """Pieces per order, in hundredths."""
    return ratio(parts.pieces, parts.orders, HUNDREDTHS)


def repeat_bp(parts: Parts) -> int | None:
    """Residents with two orders or more in seven days, of those with one or more."""
    return share_bp(parts.week_repeaters, parts.week_buyers)


def jielong_bp(parts: Parts) -> int | None:
    """Paid of the intents imported from group chains."""
    return share_bp(parts.paid_intents, parts.intents)


def po_minutes(parts: Parts) -> int | None:
    """Minutes from the cut-off to the last purchase order, on an average day."""
    return ratio(parts.po_minutes, parts.po_days)


def label_minutes(parts: Parts) -> int | None:
    """Minutes from the cut-off to the labels, on an average day."""
    return ratio(parts.label_minutes, parts.label_days)
