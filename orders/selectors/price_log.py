"""What goods cost and were sold for, as the price log has it."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from orders.domain.price_rules import LoggedPrice, former_price
from orders.models.catalogue import PriceLog


def prices_in_force(sku_ids: Collection[int], at: datetime) -> dict[int, PriceLog]:
    """The newest row of the log at a moment, by SKU id."""
    rows = (
        PriceLog.objects.filter(sku_id__in=sku_ids, valid_from__lte=at)
        .order_by("sku_id", "-valid_from", "-pk")
        .distinct("sku_id")
    )
    return {row.sku_id: row for row in rows}


def former_prices(
    sku_ids: Collection[int], *, before: datetime, strike_days: int
) -> Mapping[int, LoggedPrice]:
    """The most that may be called a former price before a moment, by SKU id.

    SKUs whose price was never in the log are missing.
    """
    begin = before - timedelta(days=strike_days)
    log: dict[int, list[LoggedPrice]] = {
        row.sku_id: [LoggedPrice(row.valid_from, row.price_fen)]
        for row in prices_in_force(sku_ids, begin).values()
    }
    rows = PriceLog.objects.filter(
        sku_id__in=sku_ids, valid_from__gt=begin, valid_from__lt=before
    ).order_by("valid_from", "pk")
    for row in rows:
        log.setdefault(row.sku_id, []).append(LoggedPrice(row.valid_from, row.price_fen))
    found = {
        sku_id: former_price(held, before=before, strike_days=strike_days)
        for sku_id, held in log.items()
    }
    return {sku_id: price for sku_id, price in found.items() if price is not None}
