"""Integer-fen arithmetic: shares that add up, and wording.

Money is `int` fen everywhere. No function here takes or returns a float.
"""

from collections.abc import Sequence

from leaders.domain.promises import ensure
from orders.errors import AmountNegative, NothingToShareOver

FEN_PER_YUAN = 100


def share_fen(total_fen: int, weights: Sequence[int]) -> list[int]:
    """Split an amount in proportion to weights, exact to the fen.

    Largest remainder (Hamilton 1792): everybody gets the fen their weight
    earns rounded down, and the fen left over go to the largest remainders,
    the earlier position first where remainders are equal.

    Parameters
    ----------
    total_fen
        The amount to split, 0 or more.
    weights
        One weight per share, each 0 or more.

    Returns
    -------
    list of int
        One amount per weight. The amounts add up to `total_fen`, each is less
        than one fen away from its exact share, and a weight of 0 gets 0.

    Raises
    ------
    AmountNegative
        If the total or a weight is negative.
    NothingToShareOver
        If there is money to split and all weights are 0.
    """
    if total_fen < 0 or any(weight < 0 for weight in weights):
        raise AmountNegative("Only amounts and weights of 0 or more can be shared.")
    whole = sum(weights)
    if whole == 0:
        if total_fen:
            raise NothingToShareOver(
                "An amount cannot be shared out over nothing.", total_fen=total_fen
            )
        return [0] * len(weights)
    shares = [total_fen * weight // whole for weight in weights]
    left_over = total_fen - sum(shares)
    by_remainder = sorted(
        range(len(weights)), key=lambda at: (-(total_fen * weights[at] % whole), at)
    )
    for at in by_remainder[:left_over]:
        shares[at] += 1
    ensure(sum(shares) == total_fen, "a split neither makes nor loses money")
    return shares


def format_yuan(amount_fen: int) -> str:
    """Return an amount as people read it: 123450 fen is '1,234.50'."""
    sign = "-" if amount_fen < 0 else ""
    yuan, fen = divmod(abs(amount_fen), FEN_PER_YUAN)
    return f"{sign}{yuan:,}.{fen:02d}"


def yuan_text(amount_fen: int) -> str:
    """Return an amount with its sign and currency: -1230 fen is '-¥12.30'."""
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}¥{format_yuan(abs(amount_fen))}"


def format_qty(qty: int) -> str:
    """Return a number of pieces as people read it: 74550 is '74,550'."""
    return f"{qty:,}"
