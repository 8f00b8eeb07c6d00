"""What campaigns that are over teach: how demand builds up, and what days end at.

All goods share one curve until the data say otherwise. Whether categories, and
SKUs within them, build up in a way of their own is asked of the counts: they
vary around the wider curve, and what chance alone would do is known. What is
left over is their own way, and says how much each may draw its curve away
(the moments of a Dirichlet-multinomial distribution).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import fmean, pvariance

from orders.domain.forecast import PIECES_AT_ONCE, WHOLE_BP, Curve, Level, forecast, naive

# Equal steps of the sales window; twenty minutes of a usual day.
STEPS = 48
# Steps taken together where curves are compared, for enough pieces in each.
COMPARED_STEPS = 6
# Curves of one weekday are drawn from at least so many of them.
WEEKDAYS_MIN = 3

Pieces = Sequence[int]


@dataclass(frozen=True, slots=True)
class Habits:
    """What holds while history is too short to say; it counts as much as `CAMPAIGNS` of them.

    `spread` and `steadiness` are those of `orders.domain.forecast`.
    """

    spread: float
    steadiness: float


CAMPAIGNS = 4
WHOLE_CAMPAIGN = Habits(spread=0.04, steadiness=150)
ONE_SKU = Habits(spread=0.5, steadiness=75)
# Goods that were never sold are expected like others of their category.
NEW_SKU = Habits(spread=1.0, steadiness=75)
STEADIEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCampaign:
    """One campaign that is over.

    Parameters
    ----------
    weekday
        The day it sold on, Monday is 0.
    pieces
        Paid pieces by SKU code, one figure for each of the `STEPS`.
    bounded
        SKUs that sold out or sold in a slot only: they say nothing about how
        much was wanted, and when.
    """

    weekday: int
    pieces: Mapping[str, Pieces]
    bounded: frozenset[str] = frozenset()

    @property
    def by_step(self) -> list[int]:
        """The pieces of all goods by step."""
        return _summed(self.pieces.values())

    @property
    def final(self) -> int:
        """The pieces of all goods."""
        return sum(sum(pieces) for pieces in self.pieces.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuOutlook:
    """What is expected of one SKU, and what it ended at in the campaigns it was free in."""

    curve: Curve
    level: Level
    campaigns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is expected of a campaign before anything is paid."""

    curve: Curve
    level: Level
    steadiness: float
    campaigns: int
    skus: Mapping[str, SkuOutlook]
    new_skus: Mapping[str, SkuOutlook]
    new_sku: SkuOutlook

    def of_sku(self, sku_code: str, category: str) -> SkuOutlook:
        """What is expected of a SKU; of a new one what its category usually does."""
        return self.skus.get(sku_code) or self.new_skus.get(category, self.new_sku)


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """How far forecasts at the end of a step were off the end, on average (basis points)."""

    step: int
    naive_bp: int
    ours_bp: int


def outlook(past: Sequence[PastCampaign], category_of: Mapping[str, str]) -> Outlook | None:
    """Return what campaigns teach about the next one; None if nothing was sold in them."""
    sold = [campaign for campaign in past if campaign.final]
    whole = curve_of(_summed(campaign.by_step for campaign in sold)) if sold else None
    level = level_of([campaign.final for campaign in sold], WHOLE_CAMPAIGN)
    if whole is None or level is None:
        return None
    finals: defaultdict[str, list[int]] = defaultdict(list)
    by_sku: defaultdict[str, list[int]] = defaultdict(lambda: [0] * STEPS)
    for campaign in sold:
        for code, pieces in campaign.pieces.items():
            if code not in campaign.bounded and any(pieces):
                finals[code].append(sum(pieces))
                by_sku[code] = _summed((by_sku[code], pieces))
    grouped: defaultdict[str, list[str]] = defaultdict(list)
    for code in by_sku:
        grouped[category_of.get(code, "")].append(code)
    shelves = {name: _summed(by_sku[code] for code in codes) for name, codes in grouped.items()}
    curves = _drawn(shelves, dict.fromkeys(shelves, whole))
    within = {code: curves[category_of.get(code, "")] for code in by_sku}
    own = _drawn(by_sku, within)
    every = [final for found in finals.values() for final in found]
    return Outlook(
        curve=whole,
        level=level,
        steadiness=steadiness_of([campaign.by_step for campaign in sold]),
        campaigns=len(sold),
        skus={
            code: _expected(own[code], finals[code], ONE_SKU, len(finals[code])) for code in by_sku
        },
        new_skus={
            name: _expected(curves[name], [n for code in codes for n in finals[code]], NEW_SKU)
            for name, codes in grouped.items()
        },
        new_sku=_expected(whole, every or [round(level.mean)], NEW_SKU),
    )


def of_weekday(past: Sequence[PastCampaign], weekday: int) -> tuple[Sequence[PastCampaign], bool]:
    """Return the campaigns of a weekday and True, or all of them while those are too few."""
    same = [campaign for campaign in past if campaign.weekday == weekday]
    return (same, True) if len(same) >= WEEKDAYS_MIN else (past, False)


def misses(past: Sequence[PastCampaign]) -> list[Miss]:
    """Return how far the forecast of all pieces was off, by step, each campaign left out in turn.

    What the others teach is held against the campaign that was left out. Nothing
    where there are fewer than two.
    """
    ours: defaultdict[int, list[float]] = defaultdict(list)
    baseline: defaultdict[int, list[float]] = defaultdict(list)
    for left_out in range(len(past)):
        seen, unseen = [*past[:left_out], *past[left_out + 1 :]], past[left_out]
        taught = _whole(seen)
        if taught is None or not unseen.final:
            continue
        curve, level, steadiness = taught
        for step, sold in enumerate(accumulate(unseen.by_step), start=1):
            share = curve.share_at(step / STEPS)
            found = forecast(sold, share, level=level, steadiness=steadiness).final
            ours[step].append(abs(found - unseen.final) / unseen.final)
            baseline[step].append(abs(naive(sold, share) - unseen.final) / unseen.final)
    return [
        Miss(step=step, naive_bp=_bp(fmean(baseline[step])), ours_bp=_bp(fmean(ours[step])))
        for step in sorted(ours)
    ]


def curve_of(
    pieces: Pieces, wider: Curve | None = None, weight: float | None = None
) -> Curve | None:
    """Return the curve of pieces by step, drawn to a wider one as if that were `weight` pieces.

    Without a weight the wider curve holds alone. None without pieces and without it.
    """
    whole = sum(pieces)
    if wider is not None and (weight is None or not whole):
        return wider
    if not whole:
        return None
    if wider is None or weight is None:
        return Curve(tuple(paid * WHOLE_BP // whole for paid in accumulate(pieces)))
    drawn = zip(accumulate(pieces), wider.shares_bp, strict=True)
    shares = [int((paid * WHOLE_BP + weight * share) / (whole + weight)) for paid, share in drawn]
    return Curve((*shares[:-1], WHOLE_BP))


def own_weight(counts: Mapping[str, Pieces], wider: Mapping[str, Curve]) -> float | None:
    """Return how many pieces of its own outweigh half of the wider curve, for goods like these.

    None where the counts vary around their wider curves no more than chance
    would have them: then nothing has a curve of its own.
    """
    seen, purchases = [], []
    for key, pieces in counts.items():
        expected = [
            (share - before) / WHOLE_BP
            for before, share in pairwise(
                (0, *wider[key].shares_bp[COMPARED_STEPS - 1 :: COMPARED_STEPS])
            )
        ]
        taken = [sum(pieces[at : at + COMPARED_STEPS]) for at in range(0, STEPS, COMPARED_STEPS)]
        whole = sum(pieces)
        parts = [(got, whole * share) for got, share in zip(taken, expected, strict=True) if share]
        if whole and len(parts) > 1:
            chi = sum((got - mean) ** 2 / mean for got, mean in parts) / PIECES_AT_ONCE
            seen.append(chi / (len(parts) - 1))
            purchases.append(whole / PIECES_AT_ONCE)
    if not seen or fmean(seen) <= 1:
        return None
    excess = fmean(seen)
    return max(1.0, (fmean(purchases) - excess) / (excess - 1) * PIECES_AT_ONCE)


def level_of(finals: Sequence[int], habits: Habits) -> Level | None:
    """Return what campaigns that ended at these pieces usually end at; None without any.

    The chance of single purchases is taken out of the deviation between them.
    """
    mean = fmean(finals) if finals else 0.0
    if not mean:
        return None
    seen = max(0.0, pvariance(finals) / mean**2 - PIECES_AT_ONCE / mean)
    known = len(finals) - 1
    return Level(mean, (known * seen + CAMPAIGNS * habits.spread) / (known + CAMPAIGNS))


def steadiness_of(days: Sequence[Pieces]) -> float:
    """Return how sure the share at a moment is, from how it varied between campaigns.

    A share p counted among n purchases varies by p(1 - p)/n.
    """
    curves = [curve for curve in map(curve_of, days) if curve is not None]
    spread, expected = 0.0, 0.0
    for shares_bp in zip(*(curve.shares_bp for curve in curves), strict=True):
        shares = [share / WHOLE_BP for share in shares_bp]
        spread += pvariance(shares)
        expected += fmean(shares) * (1 - fmean(shares))
    known = max(0, len(curves) - 1)
    seen = min(STEADIEST, expected / spread) if spread else STEADIEST
    doubt = known / seen + CAMPAIGNS / WHOLE_CAMPAIGN.steadiness
    return (known + CAMPAIGNS) / doubt


def _whole(past: Sequence[PastCampaign]) -> tuple[Curve, Level, float] | None:
    """Curve, level and steadiness of all pieces."""
    level = level_of([campaign.final for campaign in past if campaign.final], WHOLE_CAMPAIGN)
    curve = curve_of(_summed(campaign.by_step for campaign in past)) if past else None
    if curve is None or level is None:
        return None
    return curve, level, steadiness_of([campaign.by_step for campaign in past])


def _drawn(counts: Mapping[str, Pieces], wider: Mapping[str, Curve]) -> dict[str, Curve]:
    weight = own_weight(counts, wider)
    return {key: curve_of(counts[key], wider[key], weight) or wider[key] for key in counts}


def _expected(
    curve: Curve, finals: Sequence[int], habits: Habits, campaigns: int = 0
) -> SkuOutlook:
    level = level_of(finals, habits) or Level(1.0, habits.spread)
    return SkuOutlook(curve=curve, level=level, campaigns=campaigns)


def _summed(many: Iterable[Pieces]) -> list[int]:
    return [sum(pieces) for pieces in zip(*many, strict=True)] or [0] * STEPS


def _bp(part: float) -> int:
    return round(part * WHOLE_BP)
