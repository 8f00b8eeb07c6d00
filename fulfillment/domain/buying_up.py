"""Buying up: more packs than were sold, until the supplier's minimums are met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fulfillment.domain.supplier_terms import SupplierTerms
from fulfillment.errors import PurchaseTermsNotUsable

# A minimum that takes more extra packs than this is a mistake in the terms.
PACKS_MAX = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    """A line that may grow: what it must cover, and the terms it is bought at."""

    line_key: int
    need_qty: int
    packs: int
    terms: SupplierTerms

    def amount_fen(self, packs: int) -> int:
        """What so many packs cost."""
        ordered_qty = packs * self.terms.pack_factor
        return ordered_qty * self.terms.unit_cost_at(ordered_qty)


def packs_bought_up(lines: Sequence[OpenLine], *, min_order_fen: int) -> Mapping[int, int]:
    """Return the packs by line key that meet every minimum of a supplier.

    First each SKU's own least order; then, pack by pack, the line whose
    surplus is the smallest part of what was sold of it: what sells much is
    the likeliest to be sold tomorrow. A pack that turns out not to be needed
    is taken back. No line shrinks.

    Raises `PurchaseTermsNotUsable` if no sensible number of packs gets there.
    """
    packs = {
        line.line_key: max(line.packs, line.terms.packs_for(line.terms.min_order_qty))
        for line in lines
    }
    added: list[OpenLine] = []
    while _amount(lines, packs) < min_order_fen:
        growing = [line for line in lines if line.amount_fen(packs[line.line_key] + 1)]
        if not growing or len(added) == PACKS_MAX:
            raise PurchaseTermsNotUsable(
                "No number of packs reaches this supplier's minimum.", min_order_fen=min_order_fen
            )
        grown = min(growing, key=lambda line: (_surplus_share(line, packs), line.terms.sku_code))
        packs[grown.line_key] += 1
        added.append(grown)
    for line in added:
        packs[line.line_key] -= 1
        if _amount(lines, packs) < min_order_fen:
            packs[line.line_key] += 1
    return packs


def _amount(lines: Sequence[OpenLine], packs: Mapping[int, int]) -> int:
    return sum(line.amount_fen(packs[line.line_key]) for line in lines)


def _surplus_share(line: OpenLine, packs: Mapping[int, int]) -> float:
    """The surplus after one more pack, as a part of what was sold."""
    ordered_qty = (packs[line.line_key] + 1) * line.terms.pack_factor
    return (ordered_qty - line.need_qty) / line.need_qty
