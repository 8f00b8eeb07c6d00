"""What goes back to the resident when pieces of a paid line do not come."""

from orders.errors import AmountNegative, QuantityNotPositive, ShortageExceedsOrdered


def shortage_refund_fen(line_paid_fen: int, ordered_qty: int, short_qty: int) -> int:
    """Return what goes back when `short_qty` pieces of a line are short.

    Parameters
    ----------
    line_paid_fen
        What was paid for the line after discounts, 0 or more.
    ordered_qty
        Pieces paid for, 1 or more.
    short_qty
        Pieces that do not come.

    Returns
    -------
    int
        ⌊paid × short / ordered⌋: `short_qty` × unit price where the unit
        price is whole, the whole payment when nothing comes, never more than
        the exact share and never a fen less.

    Raises
    ------
    QuantityNotPositive, AmountNegative, ShortageExceedsOrdered
        If a figure is outside its range.
    """
    if ordered_qty < 1:
        raise QuantityNotPositive("A line has at least one piece.", ordered_qty=ordered_qty)
    if line_paid_fen < 0 or short_qty < 0:
        raise AmountNegative(
            "Neither a payment nor a shortage is negative.",
            line_paid_fen=line_paid_fen,
            short_qty=short_qty,
        )
    if short_qty > ordered_qty:
        raise ShortageExceedsOrdered(
            "A line cannot be short of more than it ordered.",
            ordered_qty=ordered_qty,
            short_qty=short_qty,
        )
    return line_paid_fen * short_qty // ordered_qty
