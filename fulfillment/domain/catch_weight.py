"""Catch weight (称重品): sold at a nominal weight, settled at the weight that came.

Money only goes back, never on top (只退不补): a prepaid neighbour has no purse
at the door. The worked example is in docs/algorithms/catch_weight.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fulfillment.errors import PortionOutsideBand
from leaders.domain.promises import ensure

BP = 10_000
# Goods without a tolerance of their own are still guarded against slips of the
# finger: a point in the wrong place is a factor of ten.
UNSET_TOLERANCE_BP = 5_000


class Verdict(StrEnum):
    """How a portion lies to its band."""

    UNDER = "under"
    WITHIN = "within"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Band:
    """What a portion may weigh, in whole grams, both ends within."""

    lo_g: int
    hi_g: int

    def verdict(self, net_g: int) -> Verdict:
        """Return how a net weight lies to the band."""
        if net_g < self.lo_g:
            return Verdict.UNDER
        return Verdict.OVER if net_g > self.hi_g else Verdict.WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """One standing portion of a line.

    Attributes
    ----------
    number
        1 or more; a line has one portion for each of its pieces.
    nominal_g
        What a piece was sold as when it was weighed.
    net_g
        What it weighs.
    """

    number: int
    nominal_g: int
    net_g: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What a fully weighed line costs.

    Attributes
    ----------
    charge_fen, refund_fen
        Their sum is what was paid.
    over_g, over_fen
        What is given on top, and its worth at the price paid: our cost.
    """

    charge_fen: int
    refund_fen: int
    over_g: int
    over_fen: int


def weight_band(nominal_g: int, tolerance_bp: int) -> Band:
    """Return the band around a nominal weight, rounded inwards to whole grams.

    Parameters
    ----------
    nominal_g
        What one piece is sold as, 1 or more.
    tolerance_bp
        Allowed to either side, in basis points; 300 is 3 %. 0 is none set, and
        counts as `UNSET_TOLERANCE_BP`.
    """
    allowed_bp = tolerance_bp or UNSET_TOLERANCE_BP
    lo_g = -(-nominal_g * (BP - allowed_bp) // BP)
    hi_g = nominal_g * (BP + allowed_bp) // BP
    return Band(max(lo_g, 1), hi_g)


def require_within(band: Band, net_g: int, *, approval_note: str) -> Verdict:
    """Return the verdict; outside the band only with the supervisor's words.

    Raises
    ------
    PortionOutsideBand
        If the portion lies outside and nobody says why it may go out.
    """
    verdict = band.verdict(net_g)
    if verdict is not Verdict.WITHIN and not approval_note.strip():
        raise PortionOutsideBand(
            "Outside what these goods may weigh. Weigh it again, or let the supervisor "
            "write down why it goes out.",
            net_g=net_g,
            lo_g=band.lo_g,
            hi_g=band.hi_g,
        )
    return verdict


def is_weighed(portions: Sequence[Portion], pieces: int) -> bool:
    """Tell whether exactly the pieces of a line are weighed, each of them once."""
    return pieces > 0 and sorted(portion.number for portion in portions) == list(
        range(1, pieces + 1)
    )


def settle(*, paid_fen: int, nominal_g: int, actual_g: int, refund_min_fen: int) -> Settlement:
    """Return what a fully weighed line costs.

    Parameters
    ----------
    paid_fen
        What was paid for the pieces that are handed out, 0 or more.
    nominal_g
        What they were sold as, all together, 1 or more.
    actual_g
        What they weigh, all together, 0 or more.
    refund_min_fen
        Less than this stays: paying it back costs more than it is.

    Returns
    -------
    Settlement
        `charge = min(paid, ⌊actual × paid ÷ nominal⌋)`: nobody pays for a gram
        that did not come, and never more than was paid.
    """
    charge_fen = min(paid_fen, actual_g * paid_fen // nominal_g)
    refund_fen = paid_fen - charge_fen
    if refund_fen < refund_min_fen:
        charge_fen, refund_fen = paid_fen, 0
    over_g = max(0, actual_g - nominal_g)
    settlement = Settlement(
        charge_fen=charge_fen,
        refund_fen=refund_fen,
        over_g=over_g,
        over_fen=over_g * paid_fen // nominal_g,
    )
    ensure(0 <= settlement.refund_fen <= paid_fen, "a refund is a part of what was paid")
    ensure(not (settlement.over_g and settlement.refund_fen), "nothing goes back for more weight")
    return settlement


def settle_line(
    portions: Sequence[Portion], *, pieces: int, unit_price_fen: int, refund_min_fen: int
) -> Settlement | None:
    """Return what a line costs by its standing portions; None until all are weighed."""
    if not is_weighed(portions, pieces):
        return None
    return settle(
        paid_fen=pieces * unit_price_fen,
        nominal_g=sum(portion.nominal_g for portion in portions),
        actual_g=sum(portion.net_g for portion in portions),
        refund_min_fen=refund_min_fen,
    )
