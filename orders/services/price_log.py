"""Writes the price log when a campaign opens."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from leaders.models.accounts import User
from orders.models.campaigns import Campaign, Offer
from orders.models.catalogue import PriceLog
from orders.selectors.price_log import prices_in_force


def campaign_prices_log(
    *,
    campaign: Campaign,
    offers: Sequence[Offer],
    cost_by_sku: Mapping[int, int],
    actor: User | None,
    now: datetime,
) -> int:
    """Write a row for each offer whose price or cost is new; return how many.

    To be called in the transaction that opens the campaign. The rows hold from
    the moment residents can buy.
    """
    valid_from = max(now, campaign.opens_at)
    last = prices_in_force([offer.sku_id for offer in offers], valid_from)
    rows = []
    for offer in offers:
        before = last.get(offer.sku_id)
        cost_fen = cost_by_sku.get(offer.sku_id, before.cost_fen if before else None)
        if before and (before.price_fen, before.cost_fen) == (offer.price_fen, cost_fen):
            continue
        rows.append(
            PriceLog(
                sku_id=offer.sku_id,
                price_fen=offer.price_fen,
                cost_fen=cost_fen,
                reason=f"campaign {campaign.code}",
                actor=actor,
                valid_from=valid_from,
            )
        )
    PriceLog.objects.bulk_create(rows)
    return len(rows)
