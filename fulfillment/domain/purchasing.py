"""Buy to order (以销定采): demand turned into one purchase order per supplier.

What lies left over is used first. Packs are rounded up and never down, the
surplus that makes is shown, and a supplier's minimum, of the order or of one
SKU, is shown as a gap and never silently met or dropped. The worked example
is in docs/algorithms/purchasing.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fulfillment.domain.supplier_terms import SupplierTerms
from fulfillment.errors import SkuNeededTwice
from leaders.domain.promises import ensure


@dataclass(frozen=True, slots=True)
class Need:
    """How many pieces of one SKU are to be bought.

    Parameters
    ----------
    sku_code
        The SKU.
    need_qty
        Pieces that were paid for and do not lie left over, 0 or more.
    """

    sku_code: str
    need_qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseLine:
    """One SKU on a purchase order; `ordered_qty` = packs × pack factor.

    `min_order_qty` is what the supplier wants ordered at least of this SKU.
    """

    sku_code: str
    need_qty: int
    pack_factor: int
    packs: int
    ordered_qty: int
    surplus_qty: int
    unit_cost_fen: int
    amount_fen: int
    min_order_qty: int = 0

    @property
    def min_order_gap_qty(self) -> int:
        """Pieces missing to the supplier's least order of this SKU; the buyer decides."""
        return max(0, self.min_order_qty - self.ordered_qty)


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseProposal:
    """A purchase order as it would be sent to one supplier.

    Parameters
    ----------
    supplier_code
        The supplier.
    lines
        Its lines in order of SKU code.
    min_order_fen
        The supplier's minimum, 0 for none.
    """

    supplier_code: str
    lines: tuple[PurchaseLine, ...]
    min_order_fen: int

    @property
    def need_qty(self) -> int:
        """Pieces needed, all lines together."""
        return sum(line.need_qty for line in self.lines)

    @property
    def packs(self) -> int:
        """Packs ordered, all lines together."""
        return sum(line.packs for line in self.lines)

    @property
    def ordered_qty(self) -> int:
        """Pieces ordered, all lines together."""
        return sum(line.ordered_qty for line in self.lines)

    @property
    def surplus_qty(self) -> int:
        """Pieces ordered beyond the need, all lines together."""
        return sum(line.surplus_qty for line in self.lines)

    @property
    def amount_fen(self) -> int:
        """What the order costs."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def min_order_gap_fen(self) -> int:
        """What is missing to the supplier's minimum; the buyer decides."""
        return max(0, self.min_order_fen - self.amount_fen)


@dataclass(frozen=True, slots=True)
class Unsourced:
    """A need no supplier has terms for; a buyer must act on it."""

    sku_code: str
    need_qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchasePlan:
    """All purchase orders of a run; iterating it gives the proposals.

    Every need is in exactly one of the two parts.
    """

    proposals: tuple[PurchaseProposal, ...]
    unsourced: tuple[Unsourced, ...]

    def __iter__(self) -> Iterator[PurchaseProposal]:
        return iter(self.proposals)

    def __len__(self) -> int:
        return len(self.proposals)


def needs_of(demand: Mapping[str, int], leftovers: Mapping[str, int]) -> list[Need]:
    """Return what is to be bought: the frozen demand less what is taken from the shelf.

    Parameters
    ----------
    demand
        Paid pieces by SKU code.
    leftovers
        Pieces by SKU code that lie left over and are used, at most the demand.

    Returns
    -------
    list of Need
        One need per SKU of the demand, in order of SKU code; 0 where the
        shelf covers it all.
    """
    ensure(
        all(0 <= qty <= demand.get(sku_code, 0) for sku_code, qty in leftovers.items()),
        "no more lies used than was sold",
    )
    return [
        Need(sku_code, qty - leftovers.get(sku_code, 0)) for sku_code, qty in sorted(demand.items())
    ]


def propose(
    needs: Sequence[Need], terms: Iterable[SupplierTerms], minimums: Mapping[str, int]
) -> PurchasePlan:
    """Return the purchase orders that cover the needs.

    Each SKU is bought from one supplier: the lowest rank, then the lowest
    cost of the packs it takes (not of the piece: a cheap piece in a large pack
    or with a large least order can cost more), then the supplier code. What is
    ordered covers the need; a least order that is larger stays a gap.

    Parameters
    ----------
    needs
        Pieces per SKU, each SKU once. A need of 0 buys nothing.
    terms
        All usable terms, any number per SKU.
    minimums
        Minimum order in fen per supplier code; a supplier not in it has none.

    Returns
    -------
    PurchasePlan
        Proposals in order of supplier code, unsourced needs in order of SKU
        code. Per line: need ≤ ordered = packs × pack factor < need + pack
        factor.

    Raises
    ------
    SkuNeededTwice
        If a SKU has two needs.
    """
    best = _best_terms(needs, terms)
    lines_of: dict[str, list[PurchaseLine]] = defaultdict(list)
    unsourced = []
    for need in sorted(needs, key=lambda need: need.sku_code):
        if need.need_qty < 1:
            continue
        chosen = best.get(need.sku_code)
        if chosen is None:
            unsourced.append(Unsourced(need.sku_code, need.need_qty))
        else:
            lines_of[chosen.supplier_code].append(line_for(need.need_qty, chosen))
    plan = PurchasePlan(
        proposals=tuple(
            PurchaseProposal(
                supplier_code=supplier_code,
                lines=tuple(lines),
                min_order_fen=minimums.get(supplier_code, 0),
            )
            for supplier_code, lines in sorted(lines_of.items())
        ),
        unsourced=tuple(unsourced),
    )
    _check(needs, plan)
    return plan


def _best_terms(needs: Sequence[Need], terms: Iterable[SupplierTerms]) -> dict[str, SupplierTerms]:
    need_qty: dict[str, int] = {}
    for need in needs:
        if need.sku_code in need_qty:
            raise SkuNeededTwice("Sum the needs of a SKU first.", sku_code=need.sku_code)
        need_qty[need.sku_code] = need.need_qty
    best: dict[str, SupplierTerms] = {}
    for offer in terms:
        if offer.sku_code not in need_qty:
            continue
        held = best.get(offer.sku_code)
        qty = need_qty[offer.sku_code]
        if held is None or _preference(offer, qty) < _preference(held, qty):
            best[offer.sku_code] = offer
    return best


def _preference(offer: SupplierTerms, need_qty: int) -> tuple[int, int, str]:
    return (offer.rank, offer.cost_of(need_qty), offer.supplier_code)


def line_for(need_qty: int, chosen: SupplierTerms) -> PurchaseLine:
    """Return the line that covers a need from one supplier, in the fewest whole packs."""
    packs = chosen.packs_for(need_qty)
    ordered_qty = packs * chosen.pack_factor
    unit_cost_fen = chosen.unit_cost_at(ordered_qty)
    return PurchaseLine(
        sku_code=chosen.sku_code,
        need_qty=need_qty,
        pack_factor=chosen.pack_factor,
        packs=packs,
        ordered_qty=ordered_qty,
        surplus_qty=ordered_qty - need_qty,
        unit_cost_fen=unit_cost_fen,
        amount_fen=ordered_qty * unit_cost_fen,
        min_order_qty=chosen.min_order_qty,
    )


def _check(needs: Sequence[Need], plan: PurchasePlan) -> None:
    bought = sum(proposal.ordered_qty - proposal.surplus_qty for proposal in plan.proposals)
    left_out = sum(need.need_qty for need in plan.unsourced)
    ensure(
        bought + left_out == sum(max(0, need.need_qty) for need in needs),
        "every piece needed is bought or reported as unsourced",
    )
    for proposal in plan.proposals:
        for line in proposal.lines:
            ensure(
                line.need_qty <= line.ordered_qty < line.need_qty + line.pack_factor
                and line.ordered_qty % line.pack_factor == 0,
                "whole packs cover the need, and not one pack more",
            )
