"""Which leftovers (余货) may go into a new campaign, and how many of them.

What nobody got lies on the shelf under the day it was delivered for. Before
anything is bought, pieces that are still good cover part of the need, the
oldest first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from leaders.domain.promises import ensure
from orders.domain.storage import StorageClass

# Chilled goods are good for the morning after and not for the one after that.
CHILLED_MAX_AGE_DAYS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftoverBalance:
    """Pieces of one SKU on the shelf from one day.

    Parameters
    ----------
    sku_id, origin_run_id
        What lies there, and the run it is left over from.
    qty
        Pieces, 1 or more.
    age_days
        Days from the delivery it was bought for; below 0 it is not delivered yet.
    is_usable
        Whether it may be sold again on the day asked about.
    """

    sku_id: int
    origin_run_id: int
    qty: int
    age_days: int
    is_usable: bool = True


@dataclass(frozen=True, slots=True)
class LeftoverUse:
    """Pieces of one balance that a campaign takes."""

    balance: LeftoverBalance
    qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """What decides whether leftover goods may be sold again.

    `best_before` is the earliest day printed on their batches, if any is known.
    """

    age_days: int
    storage: StorageClass
    is_catch_weight: bool
    best_before: date | None


def may_be_sold_again(goods: Shelved, *, on: date, max_age_days: int) -> bool:
    """Whether goods from the shelf may go to residents on a day.

    Goods sold by weight were weighed for somebody and are not; chilled goods
    only the day after; nothing past its best-before date or from a day to come.
    """
    oldest = max_age_days
    if goods.storage is StorageClass.CHILL:
        oldest = min(oldest, CHILLED_MAX_AGE_DAYS)
    is_fresh = 0 <= goods.age_days <= oldest
    is_dated_out = goods.best_before is not None and goods.best_before < on
    return is_fresh and not is_dated_out and not goods.is_catch_weight


def leftovers_for(
    needs: Mapping[int, int], balances: Iterable[LeftoverBalance]
) -> list[LeftoverUse]:
    """Return what to take from the shelf for a need per SKU id, oldest first.

    Per SKU the pieces taken add up to the smaller of the need and what is
    usable; of goods of the same age the earlier run goes first.
    """
    open_qty = {sku_id: qty for sku_id, qty in needs.items() if qty > 0}
    uses = []
    for balance in sorted(balances, key=lambda x: (-x.age_days, x.origin_run_id, x.sku_id)):
        if not balance.is_usable:
            continue
        taken = min(balance.qty, open_qty.get(balance.sku_id, 0))
        if taken > 0:
            open_qty[balance.sku_id] -= taken
            uses.append(LeftoverUse(balance, taken))
    ensure(all(qty >= 0 for qty in open_qty.values()), "no more is taken than is needed")
    return uses
