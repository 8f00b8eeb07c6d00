"""What speaks against selling a line at its price, before residents see it.

Nothing here is advice on law. The rules are an engineer's reading of

- the Price Law of 1997, article 14 (2): no dumping below cost, except to part
  with fresh, seasonal or overstocked goods at lawful reductions; article
  14 (4): no misleading prices;
- SAMR order 56 of 2022 (明码标价和禁止价格欺诈规定), articles 16, 17 and
  19 (3): a price that is compared with must be true and can be shown; where
  nothing more is said of it, it is no higher than the lowest price of the
  last seven days in the same place, or without a sale in them the last price
  before; no price is raised for the sake of being lowered;
- SAMR order 32 of 2020 (规范促销行为暂行规定), article 21: the same base for
  reductions.

We look further back than seven days (`PriceLimits.strike_days`), and hold a
former price against every price that was asked in that time and not only
against those somebody paid: both can only lower what may be struck through.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from orders.domain.landed_cost import (
    BP_WHOLE,
    CostRates,
    LandedCost,
    Margin,
    PieceCost,
    break_even_fen,
    landed_cost,
    margin_of,
)

PER_CENT = 100
FORMER = "former"
# What order 56, article 16, asks for.
STRIKE_DAYS_MIN = 7


class Severity(StrEnum):
    """Whether a fault keeps a campaign closed, or is only said."""

    BLOCKING = "blocking"
    WARNING = "warning"


class PriceRule(StrEnum):
    """Rules a line can break, the gravest first."""

    NO_PRICE = "no_price"
    NO_COST = "no_cost"
    BELOW_COST = "below_cost"
    BELOW_COST_UNAPPROVED = "below_cost_unapproved"
    STRIKE_WITHOUT_MEANING = "strike_without_meaning"
    STRIKE_WITHOUT_SOURCE = "strike_without_source"
    STRIKE_NOT_ABOVE = "strike_not_above"
    FORMER_NOT_BORNE_OUT = "former_not_borne_out"
    DEARER_THAN_PARALLEL = "dearer_than_parallel"
    PRICE_JUMP = "price_jump"
    THIN_MARGIN = "thin_margin"
    LOSS_LEADER_LIMIT = "loss_leader_limit"
    RESIDENT_LIMIT = "resident_limit"
    TOO_MANY_SKUS = "too_many_skus"


BLOCKING = frozenset(
    {
        PriceRule.NO_PRICE,
        PriceRule.NO_COST,
        PriceRule.BELOW_COST,
        PriceRule.BELOW_COST_UNAPPROVED,
        PriceRule.STRIKE_WITHOUT_MEANING,
        PriceRule.STRIKE_WITHOUT_SOURCE,
        PriceRule.STRIKE_NOT_ABOVE,
        PriceRule.FORMER_NOT_BORNE_OUT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFault:
    """One broken rule, with the figure and what it is held against.

    `is_value` and `should_value` are fen for prices, pieces for limits, basis
    points for margins and a number of SKUs for the whole; `should_value` is
    None where there is nothing to hold against.
    """

    rule: PriceRule
    is_value: int
    should_value: int | None = None

    @property
    def severity(self) -> Severity:
        """Whether it keeps the campaign closed."""
        return Severity.BLOCKING if self.rule in BLOCKING else Severity.WARNING

    @property
    def is_blocking(self) -> bool:
        """Whether it keeps the campaign closed."""
        return self.rule in BLOCKING


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLimits:
    """What prices are measured by; the operator sets each.

    Parameters
    ----------
    rates
        What a landed cost is made of.
    strike_days
        How far back a former price must have been the lowest.
    jump_percent, margin_min_bp
        From where on a new price or a thin margin is shown.
    loss_leader_limit, resident_limit
        The most pieces for one resident, below cost and otherwise.
    skus_max
        SKUs a campaign sells at most without a word.
    """

    rates: CostRates
    strike_days: int
    jump_percent: int
    margin_min_bp: int
    loss_leader_limit: int
    resident_limit: int
    skus_max: int


@dataclass(frozen=True, slots=True)
class LoggedPrice:
    """A price that held from a moment on."""

    valid_from: datetime
    price_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """A line of a campaign with everything its price is held against.

    Parameters
    ----------
    price_fen, limit_qty
        The price, and the most one resident may have.
    piece
        What a piece costs; None where nobody knows.
    strike_price_fen, strike_meaning, strike_source
        The struck-through price with what is said of it.
    former_fen
        The most that may be struck through as our own former price; None
        without a price in the log.
    last_price_fen
        The newest price in the log.
    has_reason, is_approved
        Whether a sale below cost has its reason, and a second person's word.
    parallel_low_fen
        The lowest price of the SKU in campaigns that sell in the same city at
        the same time.
    """

    price_fen: int
    piece: PieceCost | None
    limit_qty: int | None = None
    strike_price_fen: int | None = None
    strike_meaning: str = ""
    strike_source: str = ""
    former_fen: int | None = None
    last_price_fen: int | None = None
    has_reason: bool = False
    is_approved: bool = False
    parallel_low_fen: int | None = None

    def landed(self, rates: CostRates) -> LandedCost | None:
        """What a piece costs us at this price; None where its cost is unknown."""
        return (
            landed_cost(self.piece, price_fen=self.price_fen, rates=rates) if self.piece else None
        )

    def margin(self, rates: CostRates, qty: int = 1) -> Margin | None:
        """What so many pieces leave; None where their cost is unknown."""
        if self.piece is None:
            return None
        return margin_of(self.piece, price_fen=self.price_fen, qty=qty, rates=rates)

    def break_even(self, rates: CostRates) -> int | None:
        """The lowest price that bears its cost; None where the cost is unknown."""
        return break_even_fen(self.piece, rates=rates) if self.piece else None


def former_price(
    log: Iterable[LoggedPrice], *, before: datetime, strike_days: int
) -> LoggedPrice | None:
    """Return the lowest price that held in the days before a moment; None if none ever did.

    The price that was in force when those days began counts as one of them,
    however old. Of equal prices the latest is named.
    """
    begin = before - timedelta(days=strike_days)
    past = sorted((row for row in log if row.valid_from < before), key=lambda row: row.valid_from)
    earlier = [row for row in past if row.valid_from <= begin][-1:]
    held = [*earlier, *(row for row in past if row.valid_from > begin)]
    return min(reversed(held), key=lambda row: row.price_fen, default=None)


def price_faults(line: PricedLine, limits: PriceLimits) -> list[PriceFault]:
    """Return everything that speaks against a line, the gravest first."""
    found = [
        *_cost_faults(line, limits),
        *_strike_faults(line),
        *_comparison_faults(line, limits),
        *_limit_faults(line, limits),
    ]
    gravity = list(PriceRule)
    return sorted(found, key=lambda fault: gravity.index(fault.rule))


def campaign_faults(skus: int, limits: PriceLimits) -> list[PriceFault]:
    """Return what speaks against a campaign as a whole."""
    if skus <= limits.skus_max:
        return []
    return [PriceFault(rule=PriceRule.TOO_MANY_SKUS, is_value=skus, should_value=limits.skus_max)]


def whole_margin(
    lines: Mapping[str, PricedLine], qty_by_sku: Mapping[str, int], rates: CostRates
) -> Margin:
    """Return what all lines together leave at these quantities; unknown costs are left out."""
    margins: Sequence[Margin] = [
        margin
        for sku_code, line in lines.items()
        if (margin := line.margin(rates, qty_by_sku.get(sku_code, 0))) is not None
    ]
    return Margin(
        sales_fen=sum(margin.sales_fen for margin in margins),
        landed_fen=sum(margin.landed_fen for margin in margins),
    )


def _is_below_cost(line: PricedLine, rates: CostRates) -> bool:
    landed = line.landed(rates)
    return landed is not None and line.price_fen < landed.total_fen


def _cost_faults(line: PricedLine, limits: PriceLimits) -> Iterator[PriceFault]:
    if line.price_fen == 0:
        yield PriceFault(rule=PriceRule.NO_PRICE, is_value=0)
    landed = line.landed(limits.rates)
    if landed is None:
        yield PriceFault(rule=PriceRule.NO_COST, is_value=line.price_fen)
        return
    if _is_below_cost(line, limits.rates):
        figures = {"is_value": line.price_fen, "should_value": landed.total_fen}
        if not line.has_reason:
            yield PriceFault(rule=PriceRule.BELOW_COST, **figures)
        elif not line.is_approved:
            yield PriceFault(rule=PriceRule.BELOW_COST_UNAPPROVED, **figures)
        return
    margin_bp = (line.price_fen - landed.total_fen) * BP_WHOLE // max(line.price_fen, 1)
    if margin_bp < limits.margin_min_bp:
        yield PriceFault(
            rule=PriceRule.THIN_MARGIN, is_value=margin_bp, should_value=limits.margin_min_bp
        )


def _strike_faults(line: PricedLine) -> Iterator[PriceFault]:
    struck = line.strike_price_fen
    if struck is None:
        return
    if not line.strike_meaning:
        yield PriceFault(rule=PriceRule.STRIKE_WITHOUT_MEANING, is_value=struck)
    elif line.strike_meaning == FORMER:
        if line.former_fen is None or struck > line.former_fen:
            yield PriceFault(
                rule=PriceRule.FORMER_NOT_BORNE_OUT, is_value=struck, should_value=line.former_fen
            )
    elif not line.strike_source:
        yield PriceFault(rule=PriceRule.STRIKE_WITHOUT_SOURCE, is_value=struck)
    if struck <= line.price_fen:
        yield PriceFault(
            rule=PriceRule.STRIKE_NOT_ABOVE, is_value=struck, should_value=line.price_fen
        )


def _comparison_faults(line: PricedLine, limits: PriceLimits) -> Iterator[PriceFault]:
    last, parallel = line.last_price_fen, line.parallel_low_fen
    if last and abs(line.price_fen - last) * PER_CENT > last * limits.jump_percent:
        yield PriceFault(rule=PriceRule.PRICE_JUMP, is_value=line.price_fen, should_value=last)
    if parallel is not None and line.price_fen > parallel:
        yield PriceFault(
            rule=PriceRule.DEARER_THAN_PARALLEL, is_value=line.price_fen, should_value=parallel
        )


def _limit_faults(line: PricedLine, limits: PriceLimits) -> Iterator[PriceFault]:
    is_loss_leader = _is_below_cost(line, limits.rates)
    most = limits.loss_leader_limit if is_loss_leader else limits.resident_limit
    if line.limit_qty is None or line.limit_qty > most:
        rule = PriceRule.LOSS_LEADER_LIMIT if is_loss_leader else PriceRule.RESIDENT_LIMIT
        yield PriceFault(rule=rule, is_value=line.limit_qty or 0, should_value=most)
