"""How much of all sales hangs on few leaders: whoever sells much could leave."""

from collections.abc import Sequence
from dataclasses import dataclass

WHOLE_BP = 10_000
TENTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """Shares of all sales in basis points, rounded down.

    `top_count` is how many leaders make up a tenth of those who sold,
    rounded up; without sales everything is 0.
    """

    leaders: int
    top_count: int
    top_leader_bp: int
    top_tenth_bp: int


def concentration(sales_fen: Sequence[int]) -> Concentration:
    """Return the shares of the largest leader and of the largest tenth.

    Parameters
    ----------
    sales_fen
        Sales of each leader in any order; who sold nothing does not count.
    """
    sold = sorted((fen for fen in sales_fen if fen > 0), reverse=True)
    top_count = -(-len(sold) // TENTH)
    return Concentration(
        leaders=len(sold),
        top_count=top_count,
        top_leader_bp=share_bp(sum(sold[:1]), sum(sold)),
        top_tenth_bp=share_bp(sum(sold[:top_count]), sum(sold)),
    )


def share_bp(part_fen: int, whole_fen: int) -> int:
    """Return a share in basis points, rounded down; of nothing it is 0."""
    return part_fen * WHOLE_BP // whole_fen if whole_fen else 0
