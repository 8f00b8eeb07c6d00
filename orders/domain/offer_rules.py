"""Terms of an offer that can be kept, checked while the campaign is a draft.

Once residents see an offer its terms are fixed, so what contradicts itself has
to be found before.
"""

from dataclasses import dataclass
from datetime import datetime

from orders.errors import OfferTermsInvalid

GROUP_MIN_QTY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLimits:
    """The terms that limit an offer; None is no such limit.

    Parameters
    ----------
    stock_cap, stock_buckets
        Pieces there are, and over how many counters they are spread.
    per_resident_limit
        Pieces one resident may order in the campaign.
    min_group_qty
        Paid pieces below which every line goes back.
    sells_from, sells_until
        The offer's own time slot.
    """

    stock_cap: int | None = None
    stock_buckets: int = 1
    per_resident_limit: int | None = None
    min_group_qty: int | None = None
    sells_from: datetime | None = None
    sells_until: datetime | None = None


def offer_faults(
    limits: OfferLimits, *, opens_at: datetime, orders_close_at: datetime
) -> list[OfferTermsInvalid]:
    """Return everything that is wrong with the terms; `details` names the field of each."""
    return [
        *_count_faults(limits),
        *_stock_faults(limits),
        *_slot_faults(limits, opens_at, orders_close_at),
    ]


def _count_faults(limits: OfferLimits) -> list[OfferTermsInvalid]:
    faults = []
    if limits.stock_cap is not None and limits.stock_cap < 1:
        faults.append(
            OfferTermsInvalid(
                "A stock cap has at least one piece; leave it empty to sell without end.",
                field="stock_cap",
            )
        )
    if limits.per_resident_limit is not None and limits.per_resident_limit < 1:
        faults.append(
            OfferTermsInvalid(
                "A limit has at least one piece; leave it empty for no limit.",
                field="per_resident_limit",
            )
        )
    if limits.min_group_qty is not None and limits.min_group_qty < GROUP_MIN_QTY:
        faults.append(
            OfferTermsInvalid(
                "A group has at least two pieces; leave it empty to sell without a group.",
                field="min_group_qty",
            )
        )
    return faults


def _stock_faults(limits: OfferLimits) -> list[OfferTermsInvalid]:
    faults = []
    cap = limits.stock_cap
    if cap is None and limits.stock_buckets > 1:
        faults.append(
            OfferTermsInvalid(
                "Without a stock cap there is nothing to keep in buckets.", field="stock_buckets"
            )
        )
    if cap is not None and limits.stock_buckets > max(cap, 1):
        faults.append(
            OfferTermsInvalid("There are more buckets than pieces.", field="stock_buckets")
        )
    if cap is not None and limits.min_group_qty is not None and limits.min_group_qty > cap:
        faults.append(
            OfferTermsInvalid(
                "The stock cap is too small for this group to come about.", field="min_group_qty"
            )
        )
    return faults


def _slot_faults(
    limits: OfferLimits, opens_at: datetime, orders_close_at: datetime
) -> list[OfferTermsInvalid]:
    faults = []
    if limits.sells_from is not None and not opens_at <= limits.sells_from < orders_close_at:
        faults.append(
            OfferTermsInvalid(
                "The slot begins while the campaign takes orders.", field="sells_from"
            )
        )
    if limits.sells_until is not None and not opens_at < limits.sells_until <= orders_close_at:
        faults.append(
            OfferTermsInvalid("The slot ends while the campaign takes orders.", field="sells_until")
        )
    return faults
