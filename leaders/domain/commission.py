"""What a leader earns on the goods their neighbours paid for.

Only own sales count: nothing here knows who recruited whom (referral depth
is one, and recruiting is never paid).
"""

from dataclasses import dataclass

from leaders.errors import CommissionBaseNegative, CommissionRateOutOfRange, HoldOutOfRange

WHOLE_BP = 10_000
# The share of sales that WeChat's profit sharing names as its usual ceiling;
# no plan in the trade comes near it.
RATE_BP_MAX = 3_000
HOLD_DAYS_MIN = 1
HOLD_DAYS_MAX = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionRule:
    """The rate and the hold that applied when an order was paid.

    It is copied to the order at payment, so a later change of plan never
    changes what was already earned.

    Parameters
    ----------
    plan_code
        The commission plan the rule was read from.
    rate_bp
        Share of the base in basis points, 0 to 3,000 (1,000 = 10 %).
    hold_days
        Whole days between arrival and release, 1 to 15.

    Raises
    ------
    CommissionRateOutOfRange, HoldOutOfRange
        If a figure is outside its range.
    """

    plan_code: str
    rate_bp: int
    hold_days: int

    def __post_init__(self) -> None:
        require_rate_bp(self.rate_bp)
        if not HOLD_DAYS_MIN <= self.hold_days <= HOLD_DAYS_MAX:
            raise HoldOutOfRange(
                "Commission is held for 1 to 15 days.",
                hold_days=self.hold_days,
            )


def require_rate_bp(rate_bp: int) -> None:
    """Raise `CommissionRateOutOfRange` unless the rate is 0 to 3,000 bp."""
    if not 0 <= rate_bp <= RATE_BP_MAX:
        raise CommissionRateOutOfRange("A commission rate is at most 30 %.", rate_bp=rate_bp)


def commission_fen(base_fen: int, rate_bp: int) -> int:
    """Return the commission on a base, rounded half up to the fen (四舍五入).

    Parameters
    ----------
    base_fen
        Paid goods amount after refunds; delivery fees never belong to it.
    rate_bp
        Rate in basis points.

    Returns
    -------
    int
        Fen, never more than the base. It is taken once for an order and then
        split over its lines (`fulfillment.domain.settlement`), so an order of
        many small lines loses or wins at most half a fen.

    Raises
    ------
    CommissionBaseNegative, CommissionRateOutOfRange
        If a figure is outside its range.
    """
    require_rate_bp(rate_bp)
    if base_fen < 0:
        raise CommissionBaseNegative("Commission needs a base of 0 or more.", base_fen=base_fen)
    return (base_fen * rate_bp + WHOLE_BP // 2) // WHOLE_BP
