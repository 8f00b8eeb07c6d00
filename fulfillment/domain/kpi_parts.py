"""What key figures are made of: sums that add up over days, cities and leaders.

A share of a week is no mean of seven shares. So nothing but sums is stored, and
every figure of any period is computed from the sums of that period. A median is
no sum either; it is read from a tally, how often each value occurred, and
tallies add up.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

Tally = Mapping[int, int]
Named = Mapping[str, int]

# A tally is a row of figures in the database: what lasted longer counts as this long.
FIRST_ANSWER_MOST_MINUTES = 1_440
RESOLUTION_MOST_HOURS = 336


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The sums of one campaign, or of any number of them; nothing sold is all zeros.

    Parameters
    ----------
    orders, lines, pieces, paid_fen
        Paid demand as it was frozen, without lines that fell out.
    refunded_fen, refunds_fen
        What goes back of it, and the same by reason.
    allocated_pieces, substitute_pieces
        Pieces shared out, and those of other goods given instead.
    bought_pieces, accepted_pieces
        Ordered from suppliers, and accepted at the dock.
    slotted_orders, punctual_orders
        Purchase orders with a dock slot, and those all there when it ended.
    received_pieces, handed_pieces, returned_pieces
        Of days whose handovers are known: accepted and taken from the shelf, handed to
        leaders, and given back to suppliers or used for another day.
    sorted_pieces, missorted_pieces
        Put into slots, and missing or wrong later by the warehouse's fault.
    timed_pieces, sorter_seconds
        Pieces of sorters known by name, and each one's time from first to last entry.
    stops, timed_stops, punctual_stops
        Planned, with a known arrival, and inside the window the leader was told.
    trips, distance_m, load_ml, capacity_ml
        Of the delivery, ways back included.
    delivery_fen, warehouse_fen, packing_fen
        Costs, counted for days whose handovers are known, so that they are divided by
        the pieces they were spent on.
    arrived_orders, fetched_orders
        Orders at their pickup point, and those fetched by 21:00.
    claims, claims_by_kind, first_answers, resolutions
        Claims, by kind, and the minutes and hours they waited.
    goods_fen, recovered_fen, commission_fen, logistics_fen, fee_fen
        Goods accepted, losses that suppliers and leaders bear, commission less
        claw-backs, the whole cost of warehouse and delivery, the provider's fee.
    released_fen, released_base_fen
        Commission that is due for payout, and the sales it was earned on.
    selling_leaders, leaders
        Leaders with an order that day, and all who could have had one.
    former_leaders, kept_leaders
        Leaders who sold 31 to 60 days before, and those of them who sold since.
    week_buyers, week_repeaters
        Residents with an order in the seven days up to it, and with two or more.
    intents, paid_intents
        Rows of group chains that are still meant, and those paid.
    po_minutes, po_days, label_minutes, label_days
        From the cut-off to the last purchase order and to the labels, with how many
        campaigns that is known of.
    """

    orders: int = 0
    lines: int = 0
    pieces: int = 0
    paid_fen: int = 0
    refunded_fen: int = 0
    refunds_fen: Named = field(default_factory=dict)
    allocated_pieces: int = 0
    substitute_pieces: int = 0
    bought_pieces: int = 0
    accepted_pieces: int = 0
    slotted_orders: int = 0
    punctual_orders: int = 0
    received_pieces: int = 0
    handed_pieces: int = 0
    returned_pieces: int = 0
    sorted_pieces: int = 0
    missorted_pieces: int = 0
    timed_pieces: int = 0
    sorter_seconds: int = 0
    stops: int = 0
    timed_stops: int = 0
    punctual_stops: int = 0
    trips: int = 0
    distance_m: int = 0
    load_ml: int = 0
    capacity_ml: int = 0
    delivery_fen: int = 0
    warehouse_fen: int = 0
    packing_fen: int = 0
    arrived_orders: int = 0
    fetched_orders: int = 0
    claims: int = 0
    claims_by_kind: Named = field(default_factory=dict)
    first_answers: Tally = field(default_factory=dict)
    resolutions: Tally = field(default_factory=dict)
    goods_fen: int = 0
    recovered_fen: int = 0
    commission_fen: int = 0
    logistics_fen: int = 0
    fee_fen: int = 0
    released_fen: int = 0
    released_base_fen: int = 0
    selling_leaders: int = 0
    leaders: int = 0
    former_leaders: int = 0
    kept_leaders: int = 0
    week_buyers: int = 0
    week_repeaters: int = 0
    intents: int = 0
    paid_intents: int = 0
    po_minutes: int = 0
    po_days: int = 0
    label_minutes: int = 0
    label_days: int = 0

    @property
    def net_fen(self) -> int:
        """Net sales: what was paid less what goes back."""
        return self.paid_fen - self.refunded_fen

    @property
    def short_pieces(self) -> int:
        """Paid pieces that nobody got, nor anything instead."""
        return self.pieces - self.allocated_pieces - self.substitute_pieces


TALLIES = frozenset({"first_answers", "resolutions"})
NAMED = frozenset({"refunds_fen", "claims_by_kind"})
_NAMES = tuple(part.name for part in fields(Parts))


def parts_sum(days: Iterable[Parts]) -> Parts:
    """Add parts up, each by its name; of none it is the parts of nothing."""
    rows = list(days)
    values: dict[str, Any] = {}
    for name in _NAMES:
        cells = [getattr(row, name) for row in rows]
        values[name] = _merged(cells) if name in TALLIES | NAMED else sum(cells)
    return Parts(**values)


def parts_to_json(parts: Parts) -> dict[str, object]:
    """Parts as they are stored; what is 0 or empty is left out."""
    stored: dict[str, object] = {}
    for name in _NAMES:
        value = getattr(parts, name)
        if value:
            stored[name] = dict(value) if isinstance(value, Mapping) else value
    return stored


def parts_from_json(stored: Mapping[str, object]) -> Parts:
    """Parts as they were stored; a part nobody knew then is 0, one nobody knows now is left."""
    values: dict[str, Any] = {name: stored[name] for name in _NAMES if name in stored}
    for name in TALLIES & values.keys():
        # JSON knows texts as names only.
        values[name] = {int(value): times for value, times in values[name].items()}
    return Parts(**values)


def median(tally: Tally) -> int | None:
    """The value in the middle, of two the smaller; None of nothing."""
    left = (sum(tally.values()) + 1) // 2
    if not left:
        return None
    for value in sorted(tally):
        left -= tally[value]
        if left <= 0:
            return value
    raise AssertionError("the middle lies inside its tally")


def _merged(counts: Iterable[Mapping[Any, int]]) -> dict[Any, int]:
    merged: Counter[Any] = Counter()
    for count in counts:
        merged.update(count)
    return dict(merged)
