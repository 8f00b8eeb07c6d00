"""What a forecast says to suppliers long before the cut-off (提前预警)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fulfillment.domain.purchasing import PurchaseProposal
from orders.domain.forecast import Forecast

# A rise that a supplier should hear of, against the week before.
RISE_PERCENT = 120
# Below so many pieces a rise is no news.
RISE_PIECES = 20


class EarlyWarning(StrEnum):
    """What a buyer should act on before the cut-off, the gravest first."""

    UNSOURCED = "unsourced"
    BELOW_MINIMUM = "below_minimum"
    BELOW_MOQ = "below_moq"
    RISING = "rising"
    SELLS_OUT = "sells_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedSku:
    """One SKU as forecast; `last_week` is None where nothing was sold then."""

    sku_code: str
    forecast: Forecast
    last_week: int | None
    stock_cap: int | None
    min_order_gap_qty: int
    is_sourced: bool


def sku_warnings(sku: ExpectedSku) -> list[EarlyWarning]:
    """Return what to act on, the gravest first.

    A rise is only told when even the low end of the range lies above the week
    before; who is called for nothing does not pick up twice.
    """
    found = []
    expected = sku.forecast
    if not sku.is_sourced and expected.final:
        found.append(EarlyWarning.UNSOURCED)
    if sku.min_order_gap_qty:
        found.append(EarlyWarning.BELOW_MOQ)
    if sku.last_week is not None and _is_rise(expected.low, sku.last_week):
        found.append(EarlyWarning.RISING)
    if sku.stock_cap is not None and expected.sold < sku.stock_cap <= expected.final:
        found.append(EarlyWarning.SELLS_OUT)
    return found


def supplier_warnings(
    expected: PurchaseProposal, last_week: Mapping[str, int], low: Mapping[str, int]
) -> list[EarlyWarning]:
    """Return what to tell a supplier about the whole of its order.

    Parameters
    ----------
    expected
        The order as it would be at the forecast.
    last_week, low
        Pieces by SKU code: sold a week before, and the low end of the range.
    """
    found = []
    if expected.min_order_gap_fen:
        found.append(EarlyWarning.BELOW_MINIMUM)
    codes = [line.sku_code for line in expected.lines]
    before = _summed(last_week, codes)
    if before and _is_rise(_summed(low, codes), before):
        found.append(EarlyWarning.RISING)
    return found


def _is_rise(low: int, before: int) -> bool:
    return low * 100 >= before * RISE_PERCENT and low - before >= RISE_PIECES


def _summed(pieces: Mapping[str, int], codes: Sequence[str]) -> int:
    return sum(pieces.get(code, 0) for code in codes)
