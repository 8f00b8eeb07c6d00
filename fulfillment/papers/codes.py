"""QR symbols and Code128 bars as vector shapes, in mm from their top left corner."""

from functools import lru_cache

import segno
from reportlab.graphics.barcode.code128 import Code128

# A fixed mask is a third of the cost of trying all eight; every reader copes.
QR_MASK = 0
QR_QUIET_MODULES = 4
BAR_MODULE_MM = 0.33
BAR_QUIET_MODULES = 10


@lru_cache(maxsize=4096)
def qr_runs(payload: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """A QR symbol as horizontal runs of dark modules.

    Returns
    -------
    tuple
        Modules per side without the quiet zone, and `(column, row, length)`
        of every dark run.
    """
    symbol = segno.make(payload, error="m", micro=False, mask=QR_MASK, boost_error=False)
    runs: list[tuple[int, int, int]] = []
    for y, row in enumerate(symbol.matrix):
        start = None
        for x, dark in enumerate((*row, 0)):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                runs.append((start, y, x - start))
                start = None
    return len(symbol.matrix), tuple(runs)


@lru_cache(maxsize=4096)
def bar_runs(payload: str) -> tuple[int, tuple[tuple[int, int], ...]]:
    """A Code128 symbol as dark bars.

    Returns
    -------
    tuple
        Width in modules with both quiet zones, and `(offset, width)` in
        modules of every bar.
    """
    barcode = Code128(payload)
    barcode.validate()
    barcode.encode()
    barcode.decompose()
    bars: list[tuple[int, int]] = []
    offset = BAR_QUIET_MODULES
    # reportlab writes bars as letters (A = 1 module) and spaces as a to d.
    for char in barcode.decomposed:
        modules = ord(char.lower()) - ord("a") + 1
        if char.isupper():
            bars.append((offset, modules))
        offset += modules
    return offset + BAR_QUIET_MODULES, tuple(bars)
