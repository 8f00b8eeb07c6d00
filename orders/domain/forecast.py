"""How many pieces a campaign will have sold at its end, from what is paid so far (销量预测).

A day's sales build up along a curve. What is paid so far, divided by the share
that is usually in by now, is one estimate of the end; what such days usually
end at is another. The two are weighed by how certain each is: credibility
theory (Bühlmann and Straub 1970), the empirical Bayes of statistics. Where
curve and level come from stands in `orders.domain.demand_history`, the worked
example in docs/algorithms/forecast.md.
"""

from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, sqrt

from leaders.domain.promises import ensure

WHOLE_BP = 10_000
# Pieces are bought several at once: their count varies so much more than single ones would.
PIECES_AT_ONCE = 3
# Where a range ends: of a normal distribution, one day in ten ends above it and one below.
RANGE_DEVIATIONS = 1.2816


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which a campaign's payments count; aware moments in their order."""

    opens_at: datetime
    closes_at: datetime

    def part_at(self, moment: datetime) -> float:
        """The part of the window that is over, from 0 to 1."""
        return min(1.0, max(0.0, (moment - self.opens_at) / (self.closes_at - self.opens_at)))


WHOLE_WINDOW = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Curve:
    """Which share of the pieces is paid at the end of each equal step of the window.

    In basis points; it never falls and ends at 10,000.
    """

    shares_bp: tuple[int, ...]

    def __post_init__(self) -> None:
        rises = list(self.shares_bp) == sorted(self.shares_bp) and self.shares_bp[0] >= 0
        ensure(rises, "a curve never falls")
        ensure(self.shares_bp[-1] == WHOLE_BP, "at the end of the window everything is in")

    def share_at(self, part: float, slot: tuple[float, float] = WHOLE_WINDOW) -> float:
        """The share that is in when a part of the window is over, straight within a step.

        Goods that sell in a slot of the window only, given as two parts of it,
        have sold everything when the slot is over.
        """
        begins, ends = slot
        if part >= ends:
            return 1.0
        before, until = self._at(begins), self._at(ends)
        if part <= begins or until <= before:
            return 0.0
        return (self._at(part) - before) / (until - before)

    def _at(self, part: float) -> float:
        at = part * len(self.shares_bp)
        step = min(int(at), len(self.shares_bp) - 1)
        before = self.shares_bp[step - 1] if step else 0
        return (before + (self.shares_bp[step] - before) * (at - step)) / WHOLE_BP


@dataclass(frozen=True, slots=True)
class Level:
    """What campaigns usually end at.

    Parameters
    ----------
    mean
        Pieces, above 0.
    spread
        Squared deviation between campaigns relative to the mean, above 0.
    """

    mean: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Pieces paid so far, expected at the end, and the range of eight days in ten."""

    sold: int
    final: int
    low: int
    high: int


def naive(sold: int, share: float) -> int:
    """The baseline: what is paid so far, divided by the mean share that is in by now.

    Below a basis point the share says nothing.
    """
    return max(sold, round(sold / share)) if share * WHOLE_BP >= 1 else sold


def forecast(
    sold: int, share: float, *, level: Level, steadiness: float, cap: int | None = None
) -> Forecast:
    """Return what will be sold at the end.

    Parameters
    ----------
    sold
        Pieces paid so far.
    share
        The share of all pieces that is usually in by now, 0 to 1.
    level
        What campaigns usually end at.
    steadiness
        How sure the share is: as sure as if counted among so many
        independent purchases.
    cap
        The pieces there are; None without end.

    Returns
    -------
    Forecast
        Sold ≤ low ≤ final ≤ high, and high ≤ cap unless more was sold. More
        sold never means fewer expected. At the end of the window, where the
        share is 1, everything is what was sold.
    """
    if share >= 1:
        return Forecast(sold=sold, final=sold, low=sold, high=sold)
    # How far sold/share may be off, squared and relative, times the share.
    doubt = (1 - share) * (PIECES_AT_ONCE / level.mean + 1 / steadiness)
    weight = doubt + level.spread * share
    end = max(float(sold), (doubt * level.mean + level.spread * sold) / weight)
    off = RANGE_DEVIATIONS * end * sqrt(level.spread * doubt / weight)
    most = None if cap is None else max(sold, cap)
    return Forecast(
        sold=sold,
        final=_within(round(end), sold, most),
        low=_within(floor(end - off), sold, most),
        high=_within(ceil(end + off), sold, most),
    )


def _within(pieces: int, least: int, most: int | None) -> int:
    return max(least, pieces if most is None else min(pieces, most))
