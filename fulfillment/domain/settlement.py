"""Commission lines: what a leader earns on one order, and until when it is held."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from fulfillment.errors import LineListedTwice
from leaders.domain.commission import CommissionRule, commission_fen
from leaders.domain.promises import ensure
from orders.domain.money import share_fen

# What a reseller's commission stands under in place of a plan.
RESALE = "resale"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionBase:
    """What commission is earned on.

    Parameters
    ----------
    line_key
        Business key of the order line.
    base_fen
        Paid for the line minus refunded for it, 0 or more.
    rule
        The rule that applied when the order was paid; a SKU's own rate makes
        it differ from line to line.
    """

    line_key: str
    base_fen: int
    rule: CommissionRule


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionLine:
    """Commission of one order line, held until `hold_until`."""

    line_key: str
    plan_code: str
    base_fen: int
    rate_bp: int
    amount_fen: int
    hold_until: datetime


def hold_until(arrived_at: datetime, hold_days: int) -> datetime:
    """Return when commission of goods that arrived then is released."""
    return arrived_at + timedelta(days=hold_days)


def commission_lines(bases: Sequence[CommissionBase], arrived_at: datetime) -> list[CommissionLine]:
    """Return the commission of one order, line by line.

    For each rule the commission is taken once, on the bases of its lines
    together, and then split over these lines exactly, so the lines of an
    order add up to what its leader was promised for it.

    Parameters
    ----------
    bases
        The lines of one order, each once.
    arrived_at
        When the goods arrived at the pickup point.

    Returns
    -------
    list of CommissionLine
        In the order of `bases`, lines of 0 included.

    Raises
    ------
    LineListedTwice
        If a line is given twice.
    """
    if len({base.line_key for base in bases}) != len(bases):
        raise LineListedTwice("An order line earns commission once.")
    positions: dict[CommissionRule, list[int]] = defaultdict(list)
    for position, base in enumerate(bases):
        positions[base.rule].append(position)
    amounts_fen = [0] * len(bases)
    for rule, own in positions.items():
        own_bases = [bases[position].base_fen for position in own]
        total_fen = commission_fen(sum(own_bases), rule.rate_bp)
        for position, amount_fen in zip(own, share_fen(total_fen, own_bases), strict=True):
            amounts_fen[position] = amount_fen
    ensure(
        all(
            amount_fen <= base.base_fen for amount_fen, base in zip(amounts_fen, bases, strict=True)
        ),
        "no line earns more than was paid for it",
    )
    return [
        CommissionLine(
            line_key=base.line_key,
            plan_code=base.rule.plan_code,
            base_fen=base.base_fen,
            rate_bp=base.rule.rate_bp,
            amount_fen=amount_fen,
            hold_until=hold_until(arrived_at, base.rule.hold_days),
        )
        for base, amount_fen in zip(bases, amounts_fen, strict=True)
    ]


def clawback_fen(amount_fen: int, base_fen: int, lost_fen: int) -> int:
    """Return what is taken back in all of a commission whose base lost so much.

    Parameters
    ----------
    amount_fen, base_fen
        The commission as it was held, and what it was held on.
    lost_fen
        What went back of the base since, 0 to `base_fen`.

    Returns
    -------
    int
        The commission less its share of what is left, that share rounded
        down: all of it when nothing is left, nothing when nothing was lost,
        and never less for a larger loss.
    """
    ensure(0 <= lost_fen <= base_fen, "no more goes back than commission was held on")
    if not base_fen:
        return 0
    return amount_fen - amount_fen * (base_fen - lost_fen) // base_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLoss:
    """What one refund gave back of a line, 1 fen or more."""

    refund_no: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clawback:
    """What one refund takes back of a commission: its loss, and the commission's share of it."""

    refund_no: str
    base_fen: int
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCommission:
    """A commission as it was held, and what it was held on."""

    base_fen: int
    amount_fen: int


def losses_since(losses: Sequence[LineLoss], before_fen: int) -> list[LineLoss]:
    """Return the losses that came after the commission was held.

    `before_fen` is what had gone back by then; it is the sum of the oldest
    losses.
    """
    gone_fen = 0
    since = []
    for loss in losses:
        gone_fen += loss.amount_fen
        if gone_fen > before_fen:
            since.append(loss)
    return since


def clawbacks_due(
    held: HeldCommission, losses: Sequence[LineLoss], taken: Sequence[Clawback]
) -> list[Clawback]:
    """Return the claw-backs that refunds of a line still ask for, one for each refund.

    Parameters
    ----------
    held
        The commission as it was held.
    losses
        What went back of the base since, refund by refund, the oldest first.
    taken
        What was taken back before. A refund that was closed and asked for
        anew stands here under its first number; what it took is not taken
        again.

    Returns
    -------
    list of Clawback
        Taken and due together are what `clawback_fen` says of all losses. A
        loss too small to move a fen is listed with 0, so that every refund is
        answered once.
    """
    answered = {row.refund_no for row in taken}
    base_fen = sum(row.base_fen for row in taken)
    amount_fen = sum(row.amount_fen for row in taken)
    due: list[Clawback] = []
    lost_fen = 0
    for loss in losses:
        lost_fen = min(held.base_fen, lost_fen + loss.amount_fen)
        if loss.refund_no in answered:
            continue
        total_fen = clawback_fen(held.amount_fen, held.base_fen, lost_fen)
        row = Clawback(
            refund_no=loss.refund_no,
            base_fen=max(0, lost_fen - base_fen),
            amount_fen=max(0, total_fen - amount_fen),
        )
        due.append(row)
        base_fen += row.base_fen
        amount_fen += row.amount_fen
    ensure(amount_fen <= held.amount_fen, "no more is taken back than was held")
    return due


def resale_lines(
    lines: Sequence[CommissionLine], resell_rate_bp: int
) -> tuple[list[CommissionLine], list[CommissionLine]]:
    """Split the commission of an order between its owner and the leader who sold it.

    Parameters
    ----------
    lines
        The whole commission of the order, as `commission_lines` returns it.
    resell_rate_bp
        The reseller's rate on the same bases; of a line that earns less, the
        reseller gets all.

    Returns
    -------
    tuple
        The owner's lines and the reseller's, each in the order of `lines`;
        line by line the two add up to the whole.
    """
    bases_fen = [line.base_fen for line in lines]
    total_fen = commission_fen(sum(bases_fen), resell_rate_bp)
    owned, resold = [], []
    for line, share in zip(lines, share_fen(total_fen, bases_fen), strict=True):
        resold_fen = min(share, line.amount_fen)
        owned.append(replace(line, amount_fen=line.amount_fen - resold_fen))
        resold.append(
            replace(line, plan_code=RESALE, rate_bp=resell_rate_bp, amount_fen=resold_fen)
        )
    return owned, resold
