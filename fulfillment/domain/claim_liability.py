"""Who most likely bears what a resident complains of (责任判定), by the four counts.

Pieces are counted at the dock, in the slot, at the vehicle and by the leader.
Whoever had the goods between the last count that was right and the first that
was wrong is proposed; what no count can tell stays with the operator. A person
decides.
"""

from dataclasses import dataclass
from enum import StrEnum

from fulfillment.domain.exceptions import Bearer, Cause
from leaders.domain.promises import ensure
from orders.domain.claims import WHOLE_BP


class Ground(StrEnum):
    """Why somebody is proposed; the desk reads it in words."""

    SORTED_SHORT = "sorted_short"
    NOT_LOADED = "not_loaded"
    DRIVER_SHORT = "driver_short"
    LEADER_REPORTED = "leader_reported"
    LEADER_COUNTED = "leader_counted"
    WRONG_SLOT = "wrong_slot"
    HIDDEN_DEFECT = "hidden_defect"
    PACKED_LIGHT = "packed_light"
    WEIGHED_BY_US = "weighed_by_us"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceCounts:
    """What the four counts say of one SKU; None is a count that was not entered.

    Parameters
    ----------
    accepted, rejected
        At the dock, of all the SKU that came for the day.
    planned, sorted
        For the resident's pickup point, and what sorters put into its slot.
    is_loaded
        Whether the load of the point's trip is signed for.
    handed, counted
        Pieces the leader was handed and what the leader counted of them.
    counted_cause
        Why pieces were missing or bad by the leader's count.
    is_weighed
        Whether the weigh station has weighed the resident's pieces.
    """

    accepted: int | None
    rejected: int
    planned: int
    sorted: int | None
    is_loaded: bool
    handed: int | None
    counted: int | None
    counted_cause: Cause | None = None
    is_weighed: bool = False

    @property
    def is_counted_in_full(self) -> bool:
        """Return whether the leader counted and found nothing wrong."""
        return self.counted is not None and self.counted == self.handed


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Who is proposed, and why."""

    bearer: Bearer
    ground: Ground


def propose(kind: str, counts: PieceCounts) -> Proposal:
    """Return who most likely bears a claim of this kind."""
    if kind == "missing":
        return _of_missing(counts)
    if kind == "damaged":
        return _of_damaged(counts)
    if kind == "wrong_item":
        return Proposal(bearer=Bearer.WAREHOUSE, ground=Ground.WRONG_SLOT)
    if kind == "light_weight" and counts.is_weighed:
        return Proposal(bearer=Bearer.WAREHOUSE, ground=Ground.WEIGHED_BY_US)
    if counts.accepted:
        ground = Ground.PACKED_LIGHT if kind == "light_weight" else Ground.HIDDEN_DEFECT
        return Proposal(bearer=Bearer.SUPPLIER, ground=ground)
    return Proposal(bearer=Bearer.OPERATOR, ground=Ground.UNKNOWN)


def _of_missing(counts: PieceCounts) -> Proposal:
    """Pieces that are not there: the first count that misses them tells."""
    if counts.sorted is not None and counts.sorted < counts.planned:
        return Proposal(bearer=Bearer.WAREHOUSE, ground=Ground.SORTED_SHORT)
    if not counts.is_loaded:
        return Proposal(bearer=Bearer.WAREHOUSE, ground=Ground.NOT_LOADED)
    if counts.is_counted_in_full:
        return Proposal(bearer=Bearer.LEADER, ground=Ground.LEADER_COUNTED)
    if counts.counted is not None:
        return Proposal(bearer=Bearer.DRIVER, ground=Ground.DRIVER_SHORT)
    return Proposal(bearer=Bearer.OPERATOR, ground=Ground.UNKNOWN)


def _of_damaged(counts: PieceCounts) -> Proposal:
    """What was whole when the leader counted it broke at the leader's."""
    if counts.counted_cause in (Cause.DAMAGED, Cause.QUALITY):
        return Proposal(bearer=Bearer.DRIVER, ground=Ground.LEADER_REPORTED)
    if counts.is_counted_in_full:
        return Proposal(bearer=Bearer.LEADER, ground=Ground.LEADER_COUNTED)
    return Proposal(bearer=Bearer.OPERATOR, ground=Ground.UNKNOWN)


def leader_loss_fen(refund_fen: int, rate_bp: int) -> int:
    """Return what a leader who bears a refund loses beside the commission it takes back.

    The refund less the commission on it, that share rounded up: what the
    operator gets back from the leader in both ways is what went to the resident.
    """
    loss_fen = refund_fen + -refund_fen * rate_bp // WHOLE_BP
    ensure(0 <= loss_fen <= refund_fen, "a leader bears no more than was paid back")
    return loss_fen
