"""Levels of leaders: what 30 days of own sales and service earn, and how a level is lost.

Nothing here knows who recruited whom; recruiting never counts. A leader rises
at once, falls one level at a time and only after a notice
(docs/algorithms/levels.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from leaders.domain.promises import ensure

WHOLE_BP = 10_000
# Over so many days own sales and service are counted; a leader falls at most
# once in as many, and hears of at most one fall.
WINDOW = timedelta(days=30)
NOTICE = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Own sales and service of one leader over 30 days.

    Parameters
    ----------
    orders
        Orders of own residents that were paid and not given back.
    buyers
        Residents who placed them.
    lines, claimed_lines
        Lines of these orders, and those with an approved claim.
    deliveries, counted_in_time
        Deliveries taken over, and those the leader counted before the time
        to report differences was over.
    """

    orders: int = 0
    buyers: int = 0
    lines: int = 0
    claimed_lines: int = 0
    deliveries: int = 0
    counted_in_time: int = 0

    @property
    def claim_bp(self) -> int | None:
        """Approved claims in basis points of lines, rounded up; None without lines."""
        return -(-self.claimed_lines * WHOLE_BP // self.lines) if self.lines else None

    @property
    def on_time_bp(self) -> int | None:
        """Deliveries counted in time in basis points, rounded down; None without deliveries."""
        return self.counted_in_time * WHOLE_BP // self.deliveries if self.deliveries else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A level as a value: its rank and what keeps a leader on it."""

    rank: int
    min_orders: int = 0
    min_buyers: int = 0
    max_claim_bp: int | None = None
    min_on_time_bp: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What figures lack for a level; all nothing means that it is reached.

    `claim_bp` and `on_time_bp` are what the figures are where they are not
    good enough, else None.
    """

    orders: int
    buyers: int
    claim_bp: int | None
    on_time_bp: int | None

    @property
    def is_nothing(self) -> bool:
        """Whether the level is reached."""
        return not (self.orders or self.buyers) and self.claim_bp is self.on_time_bp is None


def lacking(rung: Rung, figures: Figures) -> Lacking:
    """Return what figures lack for a level; what was never measured is not held against anyone."""
    claim, on_time = figures.claim_bp, figures.on_time_bp
    is_claimed = rung.max_claim_bp is not None and claim is not None and claim > rung.max_claim_bp
    is_late = (
        rung.min_on_time_bp is not None and on_time is not None and on_time < rung.min_on_time_bp
    )
    return Lacking(
        orders=max(rung.min_orders - figures.orders, 0),
        buyers=max(rung.min_buyers - figures.buyers, 0),
        claim_bp=claim if is_claimed else None,
        on_time_bp=on_time if is_late else None,
    )


def earned(rungs: Sequence[Rung], figures: Figures) -> Rung:
    """Return the highest level whose figures are reached, else the lowest there is."""
    ensure(bool(rungs), "somebody has set levels")
    reached = [rung for rung in rungs if lacking(rung, figures).is_nothing]
    return max(reached or [min(rungs, key=_rank)], key=_rank)


class Verdict(StrEnum):
    """What a review does to a leader."""

    STAY = "stay"
    RISE = "rise"
    ANNOUNCE = "announce"
    FALL = "fall"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a leader stands when a review comes.

    Parameters
    ----------
    rank
        Of the present level; None before the first.
    announced_for
        The day an announced fall takes effect, if one is announced.
    last_announced_on, last_fell_on
        Local days of the last announcement, whatever became of it, and of the
        last fall.
    """

    rank: int | None
    announced_for: date | None = None
    last_announced_on: date | None = None
    last_fell_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What happens, to which rank, and from which day on."""

    verdict: Verdict
    rank: int | None
    effective_on: date


def decide(rungs: Sequence[Rung], figures: Figures, standing: Standing, *, today: date) -> Decision:
    """Return what a review on a day does to a leader.

    A rise is at once and to what is earned. A fall is to the level below,
    announced 7 days ahead, at most once in 30 days, and withdrawn when the
    figures recover. The rank of a decision to stay or to withdraw is the
    present one.
    """
    rank = standing.rank
    due = earned(rungs, figures).rank
    if rank is None or due > rank:
        return Decision(verdict=Verdict.RISE, rank=due, effective_on=today)
    if due == rank:
        verdict = Verdict.WITHDRAW if standing.announced_for else Verdict.STAY
        return Decision(verdict=verdict, rank=rank, effective_on=today)
    below = max(rung.rank for rung in rungs if rung.rank < rank)
    if standing.announced_for is not None:
        if standing.announced_for > today:
            return Decision(verdict=Verdict.STAY, rank=rank, effective_on=today)
        return Decision(verdict=Verdict.FALL, rank=below, effective_on=today)
    if standing.last_announced_on and today < standing.last_announced_on + WINDOW:
        return Decision(verdict=Verdict.STAY, rank=rank, effective_on=today)
    earliest = standing.last_fell_on + WINDOW if standing.last_fell_on else today
    return Decision(
        verdict=Verdict.ANNOUNCE, rank=below, effective_on=max(today + NOTICE, earliest)
    )


def next_rung(rungs: Sequence[Rung], rank: int | None) -> Rung | None:
    """Return the level above a rank, the lowest for somebody without one, or None at the top."""
    above = [rung for rung in rungs if rank is None or rung.rank > rank]
    return min(above, key=_rank, default=None)


def _rank(rung: Rung) -> int:
    return rung.rank
