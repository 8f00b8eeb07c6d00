"""What each rule would do to whom, before anybody decides.

The preview shares out with the very function that will share out, so what it
shows is what happens if nothing changes until then.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fulfillment.domain.allocation import LineDemand, ShortageRule, allocate
from orders.domain.refunds import shortage_refund_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """One order line, who gets it, and what was paid for it."""

    demand: LineDemand
    leader_key: str
    resident_key: str
    paid_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortGoods:
    """One SKU: its lines, and how many pieces there are for them."""

    sku_key: str
    lines: tuple[PreviewLine, ...]
    supply_qty: int

    @property
    def need_qty(self) -> int:
        """Pieces its lines ask for."""
        return sum(line.demand.qty for line in self.lines)

    @property
    def short_qty(self) -> int:
        """Pieces that are missing."""
        return max(0, self.need_qty - self.supply_qty)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLoss:
    """What one order line goes without, and what goes back for it."""

    line_key: str
    resident_key: str
    ordered_qty: int
    lost_qty: int
    refund_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderLoss:
    """What the residents of one leader go without, line by line, the largest loss first.

    Parameters
    ----------
    ordered_qty
        Pieces of the goods looked at that the leader's residents ordered.
    """

    leader_key: str
    ordered_qty: int
    lines: tuple[LineLoss, ...]

    @property
    def lost_qty(self) -> int:
        """Pieces lost."""
        return sum(line.lost_qty for line in self.lines)

    @property
    def lost_percent(self) -> int:
        """Share of what was ordered, rounded up: no loss reads as none."""
        return -(-100 * self.lost_qty // self.ordered_qty)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePreview:
    """What one rule would do: who loses what, whoever loses most first."""

    rule: ShortageRule
    losses: tuple[LeaderLoss, ...]

    @property
    def leaders(self) -> int:
        """Leaders with at least one resident who goes without."""
        return len(self.losses)

    @property
    def residents(self) -> int:
        """Residents who go without something."""
        return len({line.resident_key for loss in self.losses for line in loss.lines})

    @property
    def pieces(self) -> int:
        """Pieces short."""
        return sum(loss.lost_qty for loss in self.losses)

    @property
    def worst_percent(self) -> int:
        """The largest share that one leader loses of what was ordered of these goods."""
        return max((loss.lost_percent for loss in self.losses), default=0)

    @property
    def refund_fen(self) -> int:
        """What would go back."""
        return sum(line.refund_fen for loss in self.losses for line in loss.lines)


def preview(
    goods: Sequence[ShortGoods], rules: Mapping[str, ShortageRule], rule: ShortageRule
) -> RulePreview:
    """Say what one rule would do to these goods.

    Parameters
    ----------
    goods
        The SKUs looked at, one or the whole wave.
    rules
        SKUs for which a rule is chosen already: it stays theirs.
    rule
        The rule for all others.

    Returns
    -------
    RulePreview
        Leaders by falling loss, then by key; lines of a leader likewise.
    """
    ordered: Counter[str] = Counter()
    lost: defaultdict[str, list[LineLoss]] = defaultdict(list)
    for one in goods:
        for line in one.lines:
            ordered[line.leader_key] += line.demand.qty
        for line, loss in _losses(one, rules.get(one.sku_key, rule)):
            lost[line.leader_key].append(loss)
    losses = [
        LeaderLoss(
            leader_key=leader,
            ordered_qty=ordered[leader],
            lines=tuple(sorted(lines, key=lambda loss: (-loss.lost_qty, loss.line_key))),
        )
        for leader, lines in lost.items()
    ]
    return RulePreview(
        rule=rule,
        losses=tuple(sorted(losses, key=lambda loss: (-loss.lost_qty, loss.leader_key))),
    )


def offered_rule(short_qty: int, need_qty: int, quota_from_percent: int) -> ShortageRule:
    """Return the rule to offer first.

    Serving by time of payment is explained in one sentence and touches the
    fewest leaders; but one leader may lose nearly everything. From so many
    percent missing a quota for every leader is offered first.
    """
    if short_qty * 100 >= need_qty * quota_from_percent and short_qty:
        return ShortageRule.LEADER_QUOTA
    return ShortageRule.PAID_TIME


def _losses(goods: ShortGoods, rule: ShortageRule) -> Iterator[tuple[PreviewLine, LineLoss]]:
    given = allocate([line.demand for line in goods.lines], goods.supply_qty, rule).quantities
    for line in goods.lines:
        demand = line.demand
        if lost_qty := demand.qty - given[demand.line_key]:
            refund_fen = shortage_refund_fen(line.paid_fen, demand.qty, lost_qty)
            yield (
                line,
                LineLoss(
                    line_key=demand.line_key,
                    resident_key=line.resident_key,
                    ordered_qty=demand.qty,
                    lost_qty=lost_qty,
                    refund_fen=refund_fen,
                ),
            )
